"""A Pydantic AI agent that reads a Sprinklr case and asks to delete it; a person at this terminal agrees.

    pip install -r requirements.txt
    export OPENAI_API_KEY=…
    python agent.py --simulator

What stands after `agent.py` goes to `sprinklr-mcp serve`; with `--simulator` no Sprinklr account is needed.
"""

import asyncio
import os
import sys
import warnings
from typing import Any

from fastmcp.client.elicitation import ElicitRequestParams, ElicitResult
from fastmcp.client.transports import StdioTransport
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.models import Model

MODEL = "openai:gpt-5"  # or any other that Pydantic AI knows
TASK = "What is Sprinklr case 96832 about? If it is only a test, delete it."

SERVER = StdioTransport(
    command="sprinklr-mcp",
    args=["serve", *sys.argv[1:]],
    # The server inherits next to nothing. It gets its own settings, and not the key of the model.
    env={name: value for name, value in os.environ.items() if name.startswith("SPRINKLR_")},
    keep_alive=False,  # so that it ends with the conversation
)


async def ask_the_person(question: str, _: Any, __: ElicitRequestParams, ___: Any) -> ElicitResult[Any]:
    """Show the server's question and take what the person types: never a program's answer, or the model's."""
    print(f"\n{question}\n(Enter alone says no.)")
    # In a thread, so that the connection stays alive while the person thinks.
    typed = await asyncio.to_thread(input, "> ")
    if not typed.strip():
        return ElicitResult(action="decline")
    return ElicitResult(action="accept", content={"typed": typed})


async def run(model: str | Model) -> str:
    """Let an agent with that model do the task, and return its answer."""
    # It says that the handler will never be called, which is so for other servers: this one is asked again.
    warnings.filterwarnings("ignore", "`elicitation_handler` will never be called", UserWarning)
    sprinklr = MCPToolset[None](
        SERVER,
        elicitation_handler=ask_the_person,
        # A no is an answer. By default it counts as a failure to try again, and the second one ends the run.
        tool_error_behavior="failed",
        # The server says itself how its tools are to be used.
        include_instructions=True,
        # The default of 5 s is short for the first start on a slow machine.
        init_timeout=30,
    )
    agent = Agent(model, toolsets=[sprinklr])
    answer = await agent.run(TASK)
    return answer.output


if __name__ == "__main__":
    print(asyncio.run(run(MODEL)))
