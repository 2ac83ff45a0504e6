"""Runs the LangChain example with a scripted model, in LangChain's environment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import agent
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import Field
from script import next_step


class ScriptedModel(BaseChatModel):
    """A chat model of LangChain's that says what the script says."""

    offered: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        return ScriptedModel(offered=[tool.name for tool in tools if isinstance(tool, BaseTool)])

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        spoken = sum(isinstance(message, HumanMessage) for message in messages)
        heard = [message.text for message in messages if isinstance(message, ToolMessage)]
        step = next_step(self.offered, spoken, heard)
        if isinstance(step, str):
            said = AIMessage(step)
        else:
            call = ToolCall(name=step.tool, args=step.arguments, id=f"call-{len(heard)}")
            said = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=said)])


print(asyncio.run(agent.run(ScriptedModel())))
