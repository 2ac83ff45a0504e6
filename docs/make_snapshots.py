"""Writes what a client is shown, one file per tool and prompt, below tests/snapshots: `make snapshots`.

Asks a server process over stdio, with every toolset on, as a client would. A test fails when a file no longer
says what the server says; the diff of the files is what a change means to every model.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters

FOLDER = Path(__file__).resolve().parent.parent / "tests/snapshots"
COMMAND = [sys.executable, "-c", "from sprinklr_mcp.command_line import main; main()", "serve"]


async def snapshots() -> dict[str, str]:
    """Return each file's name and what it should hold. Needs neither network nor account."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
    with tempfile.TemporaryDirectory() as home:
        chosen = {"SPRINKLR_MCP_HOME": home, "SPRINKLR_TOOLSETS": "all"}
        server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env={**others, **chosen})
        async with Client(server, read_timeout_seconds=30) as client:
            tools = (await client.list_tools()).tools
            prompts = (await client.list_prompts()).prompts
    shown = {f"{tool.name}.json": _written(tool) for tool in tools}
    return shown | {f"prompts/{prompt.name}.json": _written(prompt) for prompt in prompts}


def _written(one: Any) -> str:
    """Return everything that a list says of one tool or prompt, under the protocol's own names."""
    told = one.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every file, and remove those of what is no more."""
    wanted = anyio.run(snapshots)
    (FOLDER / "prompts").mkdir(parents=True, exist_ok=True)
    for path in FOLDER.rglob("*.json"):
        if path.relative_to(FOLDER).as_posix() not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
