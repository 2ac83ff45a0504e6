"""The simulator on a port, within a running event loop. Knows the server, and nothing of Sprinklr."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from .application import create_application
from .delays import Delays
from .delivery import CuttableProtocol
from .settings import SimulatorSettings

GRACE_SECONDS = 1
# Longer than clients keep an idle connection, so that none is closed under a request on its way.
KEEP_ALIVE_SECONDS = 600


@dataclass(frozen=True)
class Announcement:
    """Where a simulator is, and what an app needs to use it."""

    base_url: str
    environment: str
    api_key: str
    api_secret: str
    redirect_uri: str


class Server(uvicorn.Server):
    """A server that leaves signals to the process it runs in, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.listening.set()


@asynccontextmanager
async def running(settings: SimulatorSettings) -> AsyncGenerator[Announcement]:
    """Serve a simulator as long as the block runs."""
    delays = Delays()
    with listening_socket(settings) as listener:
        server = Server(server_config(create_application(settings, delays)))
        serving = asyncio.create_task(server.serve([listener]))
        # A server that could not start says why instead of keeping everybody waiting.
        serving.add_done_callback(lambda _: server.listening.set())
        await server.listening.wait()
        if serving.done():
            serving.result()
        try:
            yield announce(settings, listener.getsockname()[1])
        finally:
            delays.close()
            server.should_exit = True
            await serving


def server_config(application: Starlette) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        application,
        http=CuttableProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def listening_socket(settings: SimulatorSettings) -> socket.socket:
    """A socket bound to the settings' port, or to a free one."""
    # asyncio sends small packets at once only on sockets that say they are TCP; others wait 40 ms each.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # On Windows the same option would let two servers share a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def announce(settings: SimulatorSettings, port: int) -> Announcement:
    """Say where the simulator listens."""
    return Announcement(
        base_url=f"http://{settings.host}:{port}",
        environment=settings.environment,
        api_key=settings.api_key,
        api_secret=settings.api_secret,
        redirect_uri=settings.redirect_uri,
    )
