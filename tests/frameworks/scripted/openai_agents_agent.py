"""Runs the OpenAI Agents example with a scripted model, in that framework's environment."""

from __future__ import annotations

import asyncio
from typing import Any

import agent
from agents.items import TResponseOutputItem
from agents.testing import ModelCall, ModelStep, ScriptedModel, assistant_message, function_call
from script import next_step

MOST_TURNS = 8


def scripted(call: ModelCall) -> list[TResponseOutputItem]:
    """Say what the script says."""
    conversation: list[dict[str, Any]] = call.input
    spoken = sum(item.get("role") == "user" for item in conversation)
    heard = [str(item["output"]) for item in conversation if item.get("type") == "function_call_output"]
    step = next_step([tool.name for tool in call.tools], spoken, heard)
    if isinstance(step, str):
        return [assistant_message(step)]
    return [function_call(step.tool, step.arguments, call_id=f"call-{len(heard)}")]


print(asyncio.run(agent.run(ScriptedModel([ModelStep.respond(scripted)] * MOST_TURNS))))
