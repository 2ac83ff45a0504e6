"""Runs the Pydantic AI example with a scripted model, in Pydantic AI's environment."""

from __future__ import annotations

import asyncio

import agent
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel
from script import next_step


def scripted(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    """Say what the script says."""
    parts = [part for message in messages for part in message.parts]
    spoken = sum(isinstance(part, UserPromptPart) for part in parts)
    heard = [
        part.model_response_str() if isinstance(part, ToolReturnPart) else part.model_response()
        for part in parts
        if isinstance(part, ToolReturnPart | RetryPromptPart)
    ]
    step = next_step([tool.name for tool in info.function_tools], spoken, heard)
    if isinstance(step, str):
        return ModelResponse([TextPart(step)])
    return ModelResponse([ToolCallPart(step.tool, dict(step.arguments))])


print(asyncio.run(agent.run(FunctionModel(scripted))))
