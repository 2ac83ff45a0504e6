"""Telling the client how far an upload is. The upload goes on when the client has stopped listening."""

from __future__ import annotations

import contextlib
from typing import Any

import anyio

from sprinklr_mcp.uploads.form import Progress


def progress_of(context: Any) -> Progress:
    """Return what reports to the client of this call, if it asked for reports."""

    async def report(sent: int, total: int) -> None:
        with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await context.session.report_progress(float(sent), float(total), "Uploading, in bytes.")

    return report
