"""Faults of requests that have no result to tell them in become errors of the protocol, in our words."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import mcp_types as types
from mcp import MCPError

from sprinklr_mcp.edge.unforeseen import unforeseen_as_fault
from sprinklr_mcp.errors import Code, Fault

CALLERS = (Code.INVALID_REQUEST, Code.NOT_FOUND, Code.TOOL_OFF)
"""What the client itself can put right, by asking for something else."""
ONE_PAGE = "There is one page only, and it has no cursor. Ask again without one."


@contextmanager
def told_as_errors(what: str) -> Generator[None]:
    """Turn a `Fault` of the block into an error with the same words; `what` is for the log."""
    try:
        with unforeseen_as_fault(what):
            yield
    except Fault as fault:
        raise error_of(fault) from None


def error_of(fault: Fault) -> MCPError:
    """Return the protocol's error for a fault, with the catalogue's code in its data."""
    code = types.INVALID_PARAMS if fault.code in CALLERS else types.INTERNAL_ERROR
    return MCPError(code, fault.text(), fault.structured())


def refuse_cursor(params: types.PaginatedRequestParams | None) -> None:
    """Refuse a place in a list that has no pages."""
    if params is not None and params.cursor is not None:
        raise MCPError(types.INVALID_PARAMS, ONE_PAGE)
