"""Places at a client: the client and its server stay for a whole file, the people change with the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mcp_types as types
from installation import Person
from mcp import Client


class Seat(Person):
    """A place at the client: people change, the client stays."""

    sitting: Person

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        return await self.sitting(context, params)


@dataclass
class Desk:
    """One client of one server."""

    client: Client
    seat: Seat

    async def call(self, person: Person, tool: str, arguments: dict[str, Any]) -> types.CallToolResult:
        self.seat.sitting = person
        return await self.client.call_tool(tool, arguments)
