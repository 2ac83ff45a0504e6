"""An OpenAI agent that reads a Sprinklr case and asks to delete it; a person agrees, in another window.

    pip install -r requirements.txt
    export OPENAI_API_KEY=…
    python agent.py --simulator

What stands after `agent.py` goes to `sprinklr-mcp serve`; with `--simulator` no Sprinklr account is needed.

The OpenAI Agents SDK cannot put an MCP server's question to a person. So the server asks them itself: on a
page in their browser where there is one, or when they run `sprinklr-mcp approve` in a terminal of their own
(with `--simulator` as here). Until then nothing is sent; the same call, made again, is carried out.
"""

import asyncio
import os
import sys

from agents import Agent, Model, Runner, RunResult, ToolCallOutputItem, TResponseInputItem
from agents.mcp import MCPServerStdio

MODEL = "gpt-5"
TASK = "What is Sprinklr case 96832 about? If it is only a test, delete it."
ANSWERED = "I have answered. Make the same call again."
WAITS = "CONFIRMATION_REQUIRED"  # the server's word for: a person has not answered yet
HANDED_ON = ("SPRINKLR_", "BROWSER", "DISPLAY", "WAYLAND_DISPLAY")


def sprinklr() -> MCPServerStdio:
    """The server, which runs as long as the block that it is entered in."""
    return MCPServerStdio(
        {
            "command": "sprinklr-mcp",
            "args": ["serve", *sys.argv[1:]],
            # The server inherits next to nothing. It gets its own settings and what leads to a browser, and
            # not the key of the model.
            "env": {name: value for name, value in os.environ.items() if name.startswith(HANDED_ON)},
        },
        # The default of 5 s is too short for a write, which may take 60 s.
        client_session_timeout_seconds=90,
    )


async def run(model: str | Model) -> str:
    """Let an agent with that model do the task, and return its answer."""
    async with sprinklr() as server:
        agent = Agent(name="Support", model=model, mcp_servers=[server])
        conversation: list[TResponseInputItem] = [{"role": "user", "content": TASK}]
        result = await Runner.run(agent, conversation)
        while waits_for_a_person(result):
            print(f"\n{result.final_output}\n\nAnswer in your browser, or with `sprinklr-mcp approve`.")
            # In a thread, so that the connection stays alive while the person thinks.
            await asyncio.to_thread(input, "Press Enter when you have answered, either way. ")
            conversation = [*result.to_input_list(), {"role": "user", "content": ANSWERED}]
            result = await Runner.run(agent, conversation)
    return result.final_output


def waits_for_a_person(result: RunResult) -> bool:
    """Tell whether the last thing that a tool said is that a person has to answer first."""
    said = [item.output for item in result.new_items if isinstance(item, ToolCallOutputItem)]
    return bool(said) and WAITS in str(said[-1])


if __name__ == "__main__":
    print(asyncio.run(run(MODEL)))
