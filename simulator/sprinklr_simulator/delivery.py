"""Answers on their way to the socket, and what can go wrong there. Knows no Sprinklr."""

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .answers import Answer
from .arrivals import read_arrival
from .delays import Delays
from .simulator import Outcome, Simulator

TRANSPORT = "transport"


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 that hands each request its connection, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Put the connection where the requests on it find it."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self.app_state: dict[str, Any] = {**self.app_state, TRANSPORT: transport}


class Edge:
    """The application that stands at every address that is not the simulator's own."""

    def __init__(self, simulator: Simulator, delays: Delays) -> None:
        self._simulator = simulator
        self._delays = delays

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        arrival = await read_arrival(Request(scope, receive))
        outcome = await run_in_threadpool(self._simulator.handle, arrival)
        fault = outcome.fault
        if fault is not None and fault.kind == "delay":
            await self._delays.wait(fault.seconds)
        if fault is not None and fault.kind in ("drop_before", "drop_after"):
            await cut(scope, receive)
        elif fault is not None and fault.kind == "truncate":
            await send_half(outcome, send)
            await cut(scope, receive)
        else:
            await response_of(outcome.answer)(scope, receive, send)


def response_of(answer: Answer) -> Response:
    """The answer as Starlette sends it."""
    response = Response(answer.body, answer.status, dict(answer.headers))
    if answer.body:
        response.headers["Content-Type"] = answer.content_type
    return response


async def send_half(outcome: Outcome, send: Send) -> None:
    """Promise the whole answer and send half of it."""
    response = response_of(outcome.answer)
    body = outcome.answer.body
    await send(
        {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def cut(scope: Scope, receive: Receive) -> None:
    """Close the connection, after what was sent, and wait until it is closed."""
    transport = scope["state"][TRANSPORT]
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
