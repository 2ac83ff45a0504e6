"""A LangChain agent that reads a Sprinklr case and asks to delete it; a person at this terminal agrees.

    pip install -r requirements.txt
    export OPENAI_API_KEY=…
    python agent.py --simulator

What stands after `agent.py` goes to `sprinklr-mcp serve`; with `--simulator` no Sprinklr account is needed.
"""

import asyncio
import os
import sys
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_mcp_adapters.callbacks import CallbackContext, Callbacks
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.sessions import StdioConnection
from langchain_mcp_adapters.tools import load_mcp_tools
from mcp.types import ElicitRequestParams, ElicitResult

MODEL = "openai:gpt-5"  # or any other that LangChain's init_chat_model knows
TASK = "What is Sprinklr case 96832 about? If it is only a test, delete it."

SERVER: StdioConnection = {
    "transport": "stdio",
    "command": "sprinklr-mcp",
    "args": ["serve", *sys.argv[1:]],
    # The server inherits next to nothing. It gets its own settings, and not the key of the model.
    "env": {name: value for name, value in os.environ.items() if name.startswith("SPRINKLR_")},
}


async def ask_the_person(_: Any, question: ElicitRequestParams, __: CallbackContext) -> ElicitResult:
    """Show the server's question and take what the person types: never a program's answer, or the model's."""
    print(f"\n{question.message}\n(Enter alone says no.)")
    # In a thread, so that the connection stays alive while the person thinks.
    typed = await asyncio.to_thread(input, "> ")
    if not typed.strip():
        return ElicitResult(action="decline")
    return ElicitResult(action="accept", content={"typed": typed})


async def run(model: str | BaseChatModel) -> str:
    """Let an agent with that model do the task, and return its answer."""
    client = MultiServerMCPClient({"sprinklr": SERVER}, callbacks=Callbacks(on_elicitation=ask_the_person))
    # One server for the whole conversation; client.get_tools() would start one for every call.
    async with client.session("sprinklr", auto_initialize=False) as session:
        hello = await session.initialize()
        agent = create_agent(model, await load_mcp_tools(session), system_prompt=hello.instructions)
        answer = await agent.ainvoke({"messages": [{"role": "user", "content": TASK}]})
    return answer["messages"][-1].text


if __name__ == "__main__":
    print(asyncio.run(run(MODEL)))
