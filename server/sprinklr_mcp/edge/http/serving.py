"""Serving over HTTP until the end begins. The protocol is the SDK's; what comes before it is the gate's.

All sessions share one machine: on loopback there is one person. In the end calls under way are answered
first, those that wait at once; whoever still listens then hears the end of the stream.
"""

from __future__ import annotations

import logging
from socket import socket
from typing import Any

import anyio
import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.edge.http.address import Address
from sprinklr_mcp.edge.http.connections import LONGEST_HEAD, Connection
from sprinklr_mcp.edge.http.gate import Gate
from sprinklr_mcp.edge.http.sessions import Sessions
from sprinklr_mcp.edge.refusing import Refusals
from sprinklr_mcp.finishing import DRAIN
from sprinklr_mcp.listening import answering

MOST_SESSIONS = 128
IDLE = 1800.0
"""Seconds until a session is over that nobody uses and nobody listens to."""
KEEP_ALIVE = 60
"""Seconds that a connection stays open for the next request: longer than clients keep one, so that none is
closed under a request on its way."""
LAST_WORDS = 0.3
"""Seconds to write the answers to what had to be cut off."""
log = logging.getLogger(__name__)


async def serve_http(
    server: Server[Any],
    admission: Admission,
    listener: socket,
    address: Address,
    ending: Ending,
    idle: float = IDLE,
) -> None:
    """Serve until the end begins; a session is over after so many idle seconds."""
    sessions = StreamableHTTPSessionManager(server, session_idle_timeout=idle, max_sessions=MOST_SESSIONS)
    inner = Sessions(sessions.handle_request, MOST_SESSIONS)
    gate = Gate(address, inner, Refusals(server, admission))
    async with answering(listener, _config(gate)), sessions.run():
        await ending.wait()
        gate.close()
        admission.close()
        await _drained(gate, admission)


async def _drained(gate: Gate, admission: Admission) -> None:
    with anyio.move_on_after(DRAIN):
        await gate.emptied()
    if not gate.under_way:
        return
    if cut := admission.cut():
        log.error("calls cut off: %d; `audit` tells what is not known", cut)
    else:
        log.warning("answers that their clients did not read: %d; all calls were done", gate.under_way)
    with anyio.move_on_after(LAST_WORDS):
        await gate.emptied()


def _config(gate: Gate) -> uvicorn.Config:
    return uvicorn.Config(
        gate,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        # Its warnings are about requests that are no HTTP, and anybody on the machine can send those.
        log_level=logging.ERROR,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
