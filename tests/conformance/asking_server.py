"""The product's own server over HTTP, with tools that the conformance suite knows by name: `asking.py`."""

from __future__ import annotations

import os

import anyio

from conformance.asking import NAMES, Asking
from sprinklr_mcp.commands.simulator import beside
from sprinklr_mcp.commands.transports import Place, over_http
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.machine import opened
from sprinklr_mcp.settings import Settings


async def serve() -> None:
    ending = Ending()
    with ending.signals_heard():
        async with (
            ending.awaited(),
            beside(Settings.from_environment(os.environ)) as settings,
            opened(settings) as machine,
        ):
            machine.actions.update(dict.fromkeys(NAMES, Asking))
            await over_http(Place.of("127.0.0.1", 0, is_open=True, as_json=True))(machine, ending)


if __name__ == "__main__":
    anyio.run(serve)
