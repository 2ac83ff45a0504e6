"""The simulator as an ASGI application. Knows the parts, and nothing of how it is served."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount

from .control import control_routes
from .delivery import Edge
from .settings import SimulatorSettings
from .simulator import Simulator


def create_application(settings: SimulatorSettings, closing: asyncio.Event | None = None) -> Starlette:
    """Open the state and build the application; the state is closed with the application's lifespan.

    Delayed answers are sent at once when `closing` is set.
    """
    simulator = Simulator(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            simulator.close()

    edge = Edge(simulator, closing or asyncio.Event())
    return Starlette(routes=[*control_routes(simulator), Mount("/", app=edge)], lifespan=lifespan)
