"""What a resource is: the address under which a client may read what one tool reads.

The action says it of itself; the address names the action's arguments. Does no I/O and knows no MCP.
"""

from __future__ import annotations

from dataclasses import dataclass

MEDIA_TYPE = "text/plain"


@dataclass(frozen=True)
class Resource:
    """An address with arguments in braces, as RFC 6570 writes it, and what is there, in a person's words."""

    uri: str
    title: str
