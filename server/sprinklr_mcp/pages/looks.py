"""What every page looks like, and the headers that keep it what it is. Knows no page's content.

There is no script anywhere; every value is escaped by the template library.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made from a template and its values."""
    style = _style()
    html = _environment().get_template(template).render(style=Markup(style), **values)  # noqa: S704
    return HTMLResponse(html, status, _headers(style))


def message(status: int, title: str, text: str, refresh: int | None = None) -> HTMLResponse:
    """Return a page that only says something; `refresh` in seconds, where it may soon say something else."""
    return page("message.html", status, title=title, text=text, refresh=refresh)


def look_anew(path: str) -> HTMLResponse:
    """Send the browser to the page again, so that reloading it sends no answer a second time."""
    response = message(303, "One moment", "The answer was taken.")
    response.headers["Location"] = path
    return response


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


def _headers(style: str) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
