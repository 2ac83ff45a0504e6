"""The app's key and secret, for the calls of one process. Knows nothing of where they are kept."""

from __future__ import annotations

import anyio.to_thread

from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.settings import Settings


class Credentials:
    """Key and secret, opened at the first call that is to be sent: who sends none need not wait."""

    def __init__(self, settings: Settings, redactor: Redactor) -> None:
        self._settings = settings
        self._redactor = redactor
        self._opened: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return "Credentials(***)"

    async def opened(self) -> tuple[str, str]:
        """Return key and secret. May wait for a keyring.

        Raises `Fault` CONFIGURATION for one that is missing, `StoreUnavailable` for one that does not open.
        """
        if self._opened is None:
            key, secret = await anyio.to_thread.run_sync(self._settings.credentials)
            self._redactor.learn(key, secret)
            self._opened = key, secret
        return self._opened
