"""How long a call takes as a client sees it: ours beside the bare server's, call by call in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping

from mcp import Client, StdioServerParameters

from sides import Deed, Pair, Side

WARMING = 15
"""Calls that do not count: imports at first use, connections."""
DEEDS = ("read", "write")


async def measured(pair: Pair, times: int) -> dict[str, tuple[float, float]]:
    """Return for `read` and `write` the median seconds of a call, ours and the bare server's."""
    async with Client(_started(pair.ours)) as ours, Client(_started(pair.bare)) as bare:
        clients = {pair.ours.name: (ours, pair.ours), pair.bare.name: (bare, pair.bare)}
        taken: dict[str, dict[str, list[float]]] = {deed: {name: [] for name in clients} for deed in DEEDS}
        for turn in range(WARMING + times):
            for deed in DEEDS:
                for name in sorted(clients, reverse=turn % 2 == 0):
                    client, side = clients[name]
                    seconds = await _timed(client, getattr(side, deed))
                    if turn >= WARMING:
                        taken[deed][name].append(seconds)
    return {deed: _medians(taken[deed], pair) for deed in DEEDS}


def _medians(taken: Mapping[str, list[float]], pair: Pair) -> tuple[float, float]:
    return statistics.median(taken[pair.ours.name]), statistics.median(taken[pair.bare.name])


def _started(side: Side) -> StdioServerParameters:
    return StdioServerParameters(command=side.command[0], args=side.command[1:], env=side.environment)


async def _timed(client: Client, deed: Deed) -> float:
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    result = await client.call_tool(deed.tool, dict(deed.arguments))
    took = time.perf_counter() - began
    if result.is_error:
        raise RuntimeError(f"{deed.tool}: {result.content}")
    return took
