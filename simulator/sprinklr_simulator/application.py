"""The simulator as an ASGI application. Knows the parts, and nothing of how it is served."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount

from .control import control_routes
from .delays import Delays
from .delivery import Edge
from .settings import SimulatorSettings
from .simulator import Simulator


def create_application(settings: SimulatorSettings, delays: Delays | None = None) -> Starlette:
    """Open the state and build the application; the state is closed with the application's lifespan.

    Whoever has `delays` can have the answers that are held back sent at once.
    """
    simulator = Simulator(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            simulator.close()

    delays = delays or Delays()
    routes = [*control_routes(simulator, delays), Mount("/", app=Edge(simulator, delays))]
    return Starlette(routes=routes, lifespan=lifespan)
