"""Refusing a call as it comes in, before the work that thousands of calls make dear.

Knows neither stdio nor HTTP: the answer is one line of JSON, which goes back the way the call came.
"""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp_types import PROTOCOL_VERSION_META_KEY, SERVER_INFO_META_KEY

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.messages import encoded
from sprinklr_mcp.edge.protocol_errors import error_of
from sprinklr_mcp.edge.server import failure

ADMITTED = ("tools/call", "resources/read", "prompts/get", "completion/complete")
"""What waits for a lane. Lists do not: they are short, and there is nothing to wait for."""
LARGEST_WAITING = 256 * 1024
"""Bytes of a call that may wait its turn; no tool's arguments are that large."""


class Refusals:
    """Tells which calls are too many, and what is answered to them in each era of the protocol."""

    def __init__(self, server: Server[Any], admission: Admission) -> None:
        self._admission = admission
        busy = admission.busy()
        told = failure(busy)
        self._results = {modern: _result(told, server if modern else None) for modern in (True, False)}
        self._error = error_of(busy).error

    def is_too_many(self, request: types.JSONRPCRequest, size: int) -> bool:
        """Tell whether a call of that many bytes is refused.

        A large one does not wait: the queue together must not fill the memory.
        """
        if request.method not in ADMITTED:
            return False
        return self._admission.full or (size > LARGEST_WAITING and self._admission.occupied)

    def answer(self, request: types.JSONRPCRequest) -> bytes:
        """Return the line that answers a call that is refused; only a tool's has a result to tell it in."""
        if request.method != "tools/call":
            return encoded(types.JSONRPCError(jsonrpc="2.0", id=request.id, error=self._error))
        meta = (request.params or {}).get("_meta")
        result = self._results[isinstance(meta, dict) and PROTOCOL_VERSION_META_KEY in meta]
        return f'{{"jsonrpc":"2.0","id":{json.dumps(request.id)},"result":{result}}}\n'.encode()


def _result(result: types.CallToolResult, server: Server[Any] | None) -> str:
    """Return a result's JSON; with the server, as the newer era of the protocol has it."""
    members = result.model_dump(by_alias=True, mode="json", exclude_none=True)
    if server is None:
        del members["resultType"]
    else:
        members["_meta"] = {SERVER_INFO_META_KEY: server.server_info_stamp}
    return json.dumps(members, separators=(",", ":"))
