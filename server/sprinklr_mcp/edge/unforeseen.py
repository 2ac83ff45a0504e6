"""What nobody foresaw becomes a fault in our words: the one place at the edge that catches everything.

The SDK would put an exception's own text on the wire, and it may hold anything.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

from mcp import MCPError

from sprinklr_mcp.approvals.asking import AnotherRound
from sprinklr_mcp.calls.finding import UnknownTool
from sprinklr_mcp.errors import Code, Fault, Sent

FORESEEN = (AnotherRound, Fault, MCPError, UnknownTool)
log = logging.getLogger(__name__)


@contextmanager
def unforeseen_as_fault(what: str) -> Generator[None]:
    """Raise a `Fault` in the place of what nobody foresaw; the log says what it was, and in `what`."""
    try:
        yield
    except FORESEEN:
        raise
    except Exception:
        log.exception("%s failed inside this server", what)
        raise Fault(
            Code.UPSTREAM_BAD_RESPONSE,
            "The call failed inside this server, in a way that nobody foresaw.",
            "Do not repeat a write before you have read what it would have changed. The person finds details "
            "in the server's log.",
            sent=Sent.UNKNOWN,
        ) from None
