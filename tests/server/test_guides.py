"""What the guides tell a reader to type works: every block of commands, and every entry for a client.

A reader is somebody at a real terminal with a shell of their own; their Sprinklr is the simulator.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from client_files import MOVED
from installation import COMMAND, Installation, Sprinklr, free_port, running_sprinklr
from markdown_it import MarkdownIt
from mcp import Client, StdioServerParameters
from terminals import Terminal, in_a_terminal

ROOT = Path(__file__).resolve().parents[2]
GUIDES = [
    "docs/approvals.md",
    "docs/assumptions.md",
    "docs/checking-assumptions.md",
    "docs/choosing-tools.md",
    "docs/clients.md",
    "docs/connect.md",
    "docs/http.md",
    "docs/security.md",
]
REGISTERED = f"http://127.0.0.1:{free_port()}/callback"
ENDS = "\x1fended with status "
NEWCOMERS = ["docs/connect.md"]
"""The guides of a reader who has nothing but the way to their Sprinklr."""
TYPED: Mapping[str, str] = {
    "To agree, type the case number.": "96832",
    "API key: ": "simulator-key",
    "API secret (nothing shows while you type): ": "simulator-secret",
    "Environment: ": "prod2",
    "Callback address, as registered: ": REGISTERED,
    "Is this the account that is meant? [y/n]: ": "y",
    "Enter this server at": "y",
}
"""What a reader types where one of these texts is shown."""
ASKS = ("> ", ": ")
"""How a question ends."""
HERE = str(Path(COMMAND).parent)


@dataclass(frozen=True)
class Block:
    """One block of a guide."""

    guide: str
    line: int
    language: str
    text: str


def blocks_of(guide: str, *languages: str) -> list[Block]:
    tokens = MarkdownIt().parse((ROOT / guide).read_text(encoding="utf-8"))
    blocks = [
        Block(guide, token.map[0] + 1 if token.map else 0, token.info, token.content)
        for token in tokens
        if token.type in ("fence", "code_block")
    ]
    return [block for block in blocks if not languages or block.language in languages]


class Shell:
    """A reader's shell, which keeps what they set from one block to the next."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self._terminal = terminal
        self._folder = folder

    def run(self, block: Block) -> str:
        """Run a block as if it was pasted, answer what it asks, and return what was shown."""
        file = self._folder / f"{Path(block.guide).stem}-{block.line}.sh"
        file.write_text(block.text)
        self._terminal.type(
            f"failed=0; trap 'failed=1' ERR; . {shlex.quote(str(file))}; printf '{ENDS}%s\\n' \"$failed\""
        )
        self._terminal.read_until("$failed")
        shown = ""
        while ENDS not in shown:
            shown += self._terminal.read_until(ENDS, *TYPED)
            answer = next((answer for text, answer in TYPED.items() if shown.endswith(text)), None)
            if answer is not None:
                shown += "" if shown.endswith(ASKS) else self._terminal.read_until(*ASKS)
                self._terminal.type(answer)
        assert self._terminal.read_until("\n") == "0\n", f"{block.guide}, line {block.line}: {shown}"
        return shown


@pytest.fixture(scope="module")
def shared_sprinklr() -> Generator[Sprinklr]:
    """A Sprinklr whose app has an address of this machine, as the guide advises."""
    with running_sprinklr("--redirect-uri", REGISTERED) as sprinklr:
        yield sprinklr


def reader_of(guide: str, install: Callable[..., Installation], sprinklr: Sprinklr) -> Installation:
    """Whoever follows a guide: logged in, but where it is about getting there."""
    if guide in NEWCOMERS:
        return Installation(install().home, {"SPRINKLR_BASE_URL": sprinklr.announced["base_url"]})
    reader = install()
    reader.log_in()
    return reader


@pytest.mark.timeout(180)  # One guide is some twenty commands.
@pytest.mark.parametrize("guide", GUIDES)
def test_every_block_of_commands_works(
    guide: str, install: Callable[..., Installation], sprinklr: Sprinklr, tmp_path: Path
) -> None:
    environment = {
        **reader_of(guide, install, sprinklr).environment,
        **dict.fromkeys(MOVED, ""),
        "HOME": str(tmp_path),
        "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}",
        "BROWSER": f"{sys.executable} {Path(__file__).with_name('browser.py')} %s",
        "NO_COLOR": "1",
        "PS1": "",
    }
    shell = ["/bin/bash", "--norc", "--noediting", "-i"]
    with in_a_terminal(shell, environment, patience=60) as terminal:
        reader = Shell(terminal, tmp_path)
        for block in blocks_of(guide, "sh"):
            reader.run(block)


@pytest.mark.anyio
@pytest.mark.parametrize("guide", GUIDES)
async def test_every_entry_for_a_client_starts_a_server(
    guide: str, install: Callable[..., Installation]
) -> None:
    for block in blocks_of(guide, "json"):
        for entry in json.loads(block.text)["mcpServers"].values():
            assert entry["command"] == "sprinklr-mcp"
            environment = {**install().environment, **entry.get("env", {})}
            server = StdioServerParameters(command=COMMAND, args=entry["args"], env=environment)
            async with Client(server) as client:
                assert (await client.list_tools()).tools


def test_a_guide_holds_no_block_that_nothing_runs() -> None:
    unknown = [
        block for guide in GUIDES for block in blocks_of(guide) if block.language not in ("sh", "json")
    ]
    assert unknown == []
