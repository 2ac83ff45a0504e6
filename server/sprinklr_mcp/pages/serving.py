"""Serving a page on this machine alone: a port, and who may ask there.

A page's address holds a secret; whoever does not know it learns nothing, not even that there is a page.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import uvicorn
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sprinklr_mcp.errors import Fault
from sprinklr_mcp.listening import answering, listening
from sprinklr_mcp.pages.host import Page
from sprinklr_mcp.pages.looks import look_anew, message

LARGEST_FORM = 65_536
"""In bytes."""
FORM = "application/x-www-form-urlencoded"


@asynccontextmanager
async def served(page: Page, secret: str) -> AsyncGenerator[str]:
    """Serve a page on a free port within the block, and yield its address. Raises `OSError`."""
    with listening("127.0.0.1", 0) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        async with answering(listener, answered_by(_Door(page, place, f"/{secret}"))):
            yield f"http://{place}/{secret}"


def answered_by(application: ASGIApp) -> uvicorn.Config:
    """Return how a page is served: to one person, so to few at a time."""
    return uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        limit_concurrency=8,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class _Door:
    """Lets through to the page whoever knows its address, and answers only from the page itself."""

    def __init__(self, page: Page, place: str, path: str) -> None:
        self._page = page
        self._place = place
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            response = await self._response(Request(scope, receive))
        except Fault as fault:
            response = message(503, "Not possible now", f"{fault.message} Load this page again in a moment.")
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if request.headers.getlist("host") != [self._place]:
            return message(421, "Nothing here", "This address is reached under another name.")
        if not hmac.compare_digest(request.url.path.encode(), self._path.encode()):
            return message(404, "Nothing here", "There is no such page, or it is over.")
        if request.method == "GET":
            return await self._page.shown()
        if request.method != "POST":
            return message(405, "Nothing here", "This page is only looked at and answered.")
        if not _is_own(request.headers, f"http://{self._place}"):
            return message(403, "Not accepted", "An answer counts only if it is given on the page itself.")
        form = await _form(request)
        if form is None:
            return message(400, "Not accepted", "That is not what the page's form sends.")
        return await self._page.answered(form) or look_anew(self._path)


def _is_own(headers: Headers, origin: str) -> bool:
    """Tell whether a form of this very page sent the request.

    Under the policy `no-referrer` browsers send the origin "null"; then they must say that it was the same.
    """
    origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    return sites in ([], ["same-origin"]) and (
        origins == [origin] or (origins == ["null"] and sites == ["same-origin"])
    )


async def _form(request: Request) -> Mapping[str, str] | None:
    """Return the fields of a form, or None for anything else, or anything large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return None
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return None
