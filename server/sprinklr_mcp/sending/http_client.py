"""HTTP to Sprinklr: the one module that knows the HTTP library.

Every request goes to the one configured origin: redirections are not followed, and proxies and
certificates come from our settings alone. Says of each failure whether anything can have left.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import anyio
import httpx2

from sprinklr_mcp import __version__
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import Settings

LARGEST_BODY = 8 * 1024 * 1024
BEGINNING = 4096
"""Bytes that are kept of a larger one."""
FIRST_WORDS = 2000
"""Bytes of a body that are looked at to tell what kind of refusal it is."""
CONNECT = 5.0
KEPT_OPEN = 5.0
"""Seconds an idle connection is kept; a gateway that closes it first would leave a write's fate unknown."""
BEFORE_ANYTHING_LEFT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)


class Obstacle(StrEnum):
    """What stood in the way, as far as somebody can do something about it."""

    NAME = "name"
    """Nobody knows the name of the host."""
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    OTHER = "other"


class TransportFailure(Exception):
    """The exchange failed. `left` tells whether any part of the request can have left."""

    def __init__(self, reason: str, *, left: bool, obstacle: Obstacle = Obstacle.OTHER) -> None:
        super().__init__(reason)
        self.left = left
        self.obstacle = obstacle


@dataclass(frozen=True)
class Reply:
    """A status, its headers by lower-case name, and the body as far as it came.

    A body is `whole` unless it ended early or was larger than we take.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True

    @property
    def beginning(self) -> str:
        """The first words of the body, which tell refusals apart."""
        return self.body[:FIRST_WORDS].decode("utf-8", "replace")


class HttpClient:
    """A pool of connections to Sprinklr; opened at first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: httpx2.AsyncClient | None = None
        # The library logs whole addresses at INFO and headers at DEBUG.
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def exchange(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterable[bytes] | None,
        deadline: float,
    ) -> Reply:
        """Send one request and read its answer, all within `deadline` seconds.

        `target` is path and query. Content that comes in blocks is not held; its headers say how long it
        is. Raises `TransportFailure`, or `Fault` CONFIGURATION, or what the content itself raises.
        """
        departure = _Departure()
        try:
            with anyio.fail_after(deadline):
                client = self._opened()
                request = client.build_request(
                    method,
                    target,
                    headers=dict(headers),
                    content=content,
                    extensions={"trace": departure},
                )
                reply = await client.send(request, stream=True)
                try:
                    return await _read(reply)
                finally:
                    await reply.aclose()
        except BEFORE_ANYTHING_LEFT as error:
            raise TransportFailure(type(error).__name__, left=False, obstacle=_obstacle(error)) from error
        except TimeoutError as error:
            raise TransportFailure("no whole answer in time", left=departure.begun) from error
        except (httpx2.TransportError, httpx2.InvalidURL, OSError) as error:
            raise TransportFailure(type(error).__name__, left=departure.begun) from error

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            settings = self._settings
            self._client = httpx2.AsyncClient(
                base_url=settings.base_url,
                follow_redirects=False,
                trust_env=False,
                proxy=settings.proxy.get_secret_value() if settings.proxy else None,
                verify=_trust(settings),
                timeout=httpx2.Timeout(None, connect=CONNECT, pool=CONNECT),
                limits=httpx2.Limits(max_connections=32, keepalive_expiry=KEPT_OPEN),
                headers={"User-Agent": f"sprinklr-mcp/{__version__}"},
            )
        return self._client


class _Departure:
    """Whether a request has begun to leave, as the library's own trace tells."""

    begun = False

    async def __call__(self, event: str, _details: object) -> None:
        """Take one event of the trace; its details hold headers, and are not looked at."""
        self.begun |= event.endswith("send_request_headers.started")


OBSTACLES = {
    httpx2.ProxyError: Obstacle.PROXY,
    ssl.SSLCertVerificationError: Obstacle.CERTIFICATE,
    socket.gaierror: Obstacle.NAME,
}


def _obstacle(error: BaseException | None) -> Obstacle:
    """Return what the libraries below met, which the library wraps."""
    while error is not None:
        for kind, obstacle in OBSTACLES.items():
            if isinstance(error, kind):
                return obstacle
        error = error.__cause__ or error.__context__
    return Obstacle.OTHER


def _trust(settings: Settings) -> ssl.SSLContext | bool:
    """Return the certificates to trust: the system's, and the operator's own file where one is set.

    Raises `Fault` CONFIGURATION for a file that holds none.
    """
    if settings.ca_file is None:
        return True
    context = httpx2.create_ssl_context(trust_env=False)
    try:
        context.load_verify_locations(settings.ca_file)
    except OSError as error:
        raise Fault(
            Code.CONFIGURATION,
            "The file that SPRINKLR_CA_FILE names cannot be read as certificates.",
            "Ask the person to name a PEM file there.",
            note=str(error),
        ) from error
    return context


async def _read(reply: httpx2.Response) -> Reply:
    """Read the body up to the limit. A body that breaks off is kept as far as it came.

    Of one that is too large only the beginning is kept, so that many of them do not fill the memory.
    """
    headers = {name.lower(): value for name, value in reply.headers.items()}
    body, whole = bytearray(), True
    try:
        async for part in reply.aiter_bytes():
            if len(body) + len(part) > LARGEST_BODY:
                whole = False
                body += part[:BEGINNING]
                del body[BEGINNING:]
                break
            body += part
    except (httpx2.TransportError, httpx2.DecodingError):
        whole = False
    return Reply(reply.status_code, headers, bytes(body), whole)
