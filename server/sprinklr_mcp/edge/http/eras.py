"""Which era of the protocol a request over HTTP belongs to: the older has sessions, the newer has none."""

from __future__ import annotations

from mcp.shared.inbound import MCP_PROTOCOL_VERSION_HEADER
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers


def is_modern(headers: Headers) -> bool:
    """Tell whether the request is of the newer era; one that names no version is of the older."""
    version = headers.get(MCP_PROTOCOL_VERSION_HEADER)
    return version is not None and version not in HANDSHAKE_PROTOCOL_VERSIONS
