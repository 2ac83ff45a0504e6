"""How `serve` reaches its clients: over stdin and stdout, or over HTTP on this machine.

A transport imports what it needs when it is made; `serve` sees to when that is.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from socket import socket

import click

from sprinklr_mcp.edge.descriptors import Wire
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.machine import Machine

LOOPBACK = "127.0.0.1"
Serve = Callable[[Machine, Ending], Awaitable[None]]
Transport = Callable[[], Serve]


@dataclass(frozen=True)
class Place:
    """Where to listen: an address of this machine's own; port 0 is a free one."""

    host: str
    port: int
    is_open: bool
    as_json: bool

    @classmethod
    def of(cls, host: str, port: int, is_open: bool, as_json: bool) -> Place:
        """Raises `Fault` CONFIGURATION for an address that others can reach."""
        number = LOOPBACK if host == "localhost" else host
        if not _is_loopback(number):
            raise Fault(
                Code.CONFIGURATION,
                f"{host!r} is no address of this machine alone, and this server does not know who calls.",
                "Use 127.0.0.1 or ::1. Serving many people over a network is not built yet.",
            )
        return cls(number, port, is_open, as_json)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def over_stdio(wire: Wire) -> Serve:
    """Serve the one client that started this process."""
    from sprinklr_mcp.edge.admission import Admission
    from sprinklr_mcp.edge.server import build_server
    from sprinklr_mcp.edge.stdio import serve_stdio

    async def serve(machine: Machine, ending: Ending) -> None:
        admission = Admission()
        await serve_stdio(build_server(machine, admission), admission, wire, ending)

    return serve


def over_http(place: Place) -> Serve:
    """Serve whoever on this machine knows the address."""
    from sprinklr_mcp.edge.admission import Admission
    from sprinklr_mcp.edge.http.address import Address
    from sprinklr_mcp.edge.http.serving import serve_http
    from sprinklr_mcp.edge.server import build_server

    async def serve(machine: Machine, ending: Ending) -> None:
        secret = "" if place.is_open else secrets.token_urlsafe(32)
        machine.redactor.learn(secret or None)
        admission = Admission()
        server = build_server(machine, admission)
        with _port(place) as listener:
            address = Address(place.host, listener.getsockname()[1], secret)
            _announce(address.url, place)
            await serve_http(server, admission, listener, address, ending)

    return serve


@contextmanager
def _port(place: Place) -> Generator[socket]:
    from sprinklr_mcp.listening import listening

    with ExitStack() as stack:
        try:
            listener = stack.enter_context(listening(place.host, place.port))
        except OSError as error:
            raise Fault(
                Code.CONFIGURATION,
                f"The server cannot listen on {place.host}, port {place.port}: {error.strerror}.",
                "Choose another port, or leave --port out for a free one.",
            ) from error
        yield listener


def _announce(url: str, place: Place) -> None:
    """Tell the address, which holds the secret: once, and not through the log."""
    if place.as_json:
        click.echo(json.dumps({"url": url}))
        sys.stdout.flush()
        return
    who = "Anybody on this machine can use it." if place.is_open else "Whoever knows this address can use it."
    click.echo(f"Serving MCP at {url}\n{who} Stop it with Ctrl-C.", err=True)
