"""A simulated Sprinklr on a port, and the server as a client would start it: a process, over stdio."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx2
from mcp import Client, StdioServerParameters

from sprinklr_simulator.serving import Announcement, running
from sprinklr_simulator.settings import SimulatorSettings

COMMAND = str(Path(sys.executable).with_name("sprinklr-mcp"))
NO_LIMIT = 1_000_000


@dataclass
class Rig:
    """Both sides: a client to call tools with, and Sprinklr to ask what reached it."""

    client: Client
    sprinklr: httpx2.AsyncClient
    announced: Announcement

    async def requests(self) -> list[dict[str, Any]]:
        """Return every call of the API that reached Sprinklr."""
        reply = await self.sprinklr.get("/_simulator/requests")
        return [one for one in reply.raise_for_status().json()["requests"] if "/api/" in one["path"]]

    async def access_token(self) -> str:
        """Return a token for calls past the server; it ends the server's own."""
        known = self.announced
        prefix = "" if known.environment == "prod" else f"/{known.environment}"
        form = {
            "client_id": known.api_key,
            "client_secret": known.api_secret,
            "grant_type": "client_credentials",
        }
        reply = await self.sprinklr.post(f"{prefix}/oauth/token", data=form)
        return reply.raise_for_status().json()["access_token"]


@asynccontextmanager
async def rig() -> AsyncGenerator[Rig]:
    """Start both sides, logged in, with every tool on and limits out of the way."""
    settings = SimulatorSettings(calls_per_second=NO_LIMIT, calls_per_hour=NO_LIMIT)
    with tempfile.TemporaryDirectory() as home:
        async with running(settings) as announced:
            environment = _environment(announced, home)
            await anyio.run_process([COMMAND, "login", "--grant", "client-credentials"], env=environment)
            server = StdioServerParameters(command=COMMAND, args=["serve"], env=environment)
            async with (
                Client(server) as client,
                httpx2.AsyncClient(base_url=announced.base_url, timeout=30) as sprinklr,
            ):
                yield Rig(client, sprinklr, announced)


def _environment(announced: Announcement, home: str) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
    return {
        **others,
        "SPRINKLR_BASE_URL": announced.base_url,
        "SPRINKLR_ENVIRONMENT": announced.environment,
        "SPRINKLR_API_KEY": announced.api_key,
        "SPRINKLR_API_SECRET": announced.api_secret,
        "SPRINKLR_MCP_HOME": home,
        "SPRINKLR_TOOLSETS": "all",
        "SPRINKLR_CALLS_PER_SECOND": "1000",
        "SPRINKLR_CALLS_PER_HOUR": str(NO_LIMIT),
    }
