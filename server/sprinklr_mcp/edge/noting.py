"""Notes for `doctor` what the client at the other end can do. No call waits for it, or fails by it."""

from __future__ import annotations

from typing import Any

from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.edge.elicitation import shows_forms
from sprinklr_mcp.finishing import Finisher
from sprinklr_mcp.store.last_client import LastClient, SeenClient

LONGEST = 80


class ClientNotes:
    """The notes of one server; a client that was noted last is not noted again."""

    def __init__(self, last_client: LastClient, finisher: Finisher) -> None:
        self._last_client = last_client
        self._finisher = finisher
        self._noted: SeenClient | None = None

    def take(self, context: Any) -> None:
        """Note the client of a call, some time."""
        seen = _seen(context)
        if seen != self._noted:
            self._noted = seen
            # Where the store cannot be written, nobody is told: it is only a note.
            self._finisher.begin(lambda: self._last_client.note(seen))


def _seen(context: Any) -> SeenClient:
    """Return what the client told of itself; it may have told anything, or nothing."""
    told = getattr(context.session.client_params, "client_info", None)
    return SeenClient(
        name=on_one_line(getattr(told, "name", ""), LONGEST) or "a client without a name",
        version=on_one_line(getattr(told, "version", ""), LONGEST),
        protocol=str(context.protocol_version),
        shows_forms=shows_forms(context),
    )
