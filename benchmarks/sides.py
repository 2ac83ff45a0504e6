"""The two servers that are compared, and what stands before both: a simulated Sprinklr, or its echo.

Both sides are processes as a client starts them, use one login, and reach the same port.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio

from sprinklr_mcp.machine import opened
from sprinklr_mcp.settings import Settings

HERE = Path(__file__).resolve().parent
COMMAND = str(Path(sys.executable).with_name("sprinklr-mcp"))
UNLIMITED = ("--calls-per-second", "1000000", "--calls-per-hour", "1000000")
CASE = "96832"
NOTE = {"case_number": CASE, "text": "Called back; the parcel is on its way."}


@dataclass(frozen=True)
class Deed:
    """What a side is asked to do, in its own words."""

    tool: str
    arguments: dict[str, str]


@dataclass(frozen=True)
class Side:
    """One of the two servers: how it is started, and how it is asked to read and to write."""

    name: str
    command: list[str]
    environment: dict[str, str]
    read: Deed
    write: Deed


@dataclass(frozen=True)
class Pair:
    """Our server and the bare one, before one upstream."""

    ours: Side
    bare: Side


@dataclass(frozen=True)
class Upstreams:
    """Both servers before an upstream that answers at once, and before one that answers after 100 ms."""

    at_once: Pair
    later: Pair


@contextmanager
def upstreams() -> Generator[Upstreams]:
    """Start Sprinklr and its echo, log in, and say how the sides are started."""
    with (
        tempfile.TemporaryDirectory() as home,
        _printing([COMMAND, "simulator", "--json", *UNLIMITED]) as line,
    ):
        told = json.loads(line)
        environment = _environment(told, home)
        subprocess.run(
            [COMMAND, "login", "--grant", "client-credentials"],
            env=environment,
            check=True,
            capture_output=True,
        )
        token = anyio.run(_access_token, environment)
        echo = [sys.executable, str(HERE / "echoing_peer.py"), told["base_url"]]
        with _printing(echo) as ports:
            at_once, later = (
                _pair({**environment, "SPRINKLR_BASE_URL": f"http://127.0.0.1:{port}"}, token)
                for port in ports.split()
            )
            yield Upstreams(at_once, later)


def _environment(told: dict[str, str], home: str) -> dict[str, str]:
    """Return the variables of our server. Byte code may be written: both sides are measured with theirs."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SPRINKLR_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return {
        **others,
        "SPRINKLR_BASE_URL": told["base_url"],
        "SPRINKLR_ENVIRONMENT": told["environment"],
        "SPRINKLR_API_KEY": told["api_key"],
        "SPRINKLR_API_SECRET": told["api_secret"],
        "SPRINKLR_MCP_HOME": home,
        "SPRINKLR_CALLS_PER_SECOND": "1000",
        "SPRINKLR_CALLS_PER_HOUR": "1000000",
    }


async def _access_token(environment: dict[str, str]) -> str:
    async with opened(Settings.from_environment(environment)) as machine:
        pair = (await machine.token_store.read()).pair
    if pair is None:
        raise RuntimeError("the login left no token")
    return pair.access_token


def _pair(environment: dict[str, str], token: str) -> Pair:
    case = {"case_number": CASE}
    ours = Side(
        "ours",
        [COMMAND, "serve"],
        environment,
        Deed("sprinklr_get_case_by_number", case),
        Deed("sprinklr_add_comment", NOTE),
    )
    bare = Side(
        "bare",
        [sys.executable, str(HERE / "bare_server.py")],
        {
            **environment,
            "BARE_URL": f"{environment['SPRINKLR_BASE_URL']}/{environment['SPRINKLR_ENVIRONMENT']}",
            "BARE_KEY": environment["SPRINKLR_API_KEY"],
            "BARE_TOKEN": token,
        },
        Deed("get_case_by_number", case),
        Deed("add_comment", NOTE),
    )
    return Pair(ours, bare)


@contextmanager
def _printing(command: list[str]) -> Generator[str]:
    """Run a process during the block, and yield the first line that it prints."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.wait()
