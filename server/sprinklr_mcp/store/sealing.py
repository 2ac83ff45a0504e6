"""Secrets at rest: sealed with a key that is kept apart from them.

Who reads a sealed value must name what it belongs to; a value moved to another row does not open.
"""

from __future__ import annotations

import os

import anyio.to_thread

from sprinklr_mcp.store.keys import KeySource

NONCE = 12


class Sealer:
    """AES-256-GCM with one key."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._key: bytes | None = None

    @property
    def described(self) -> str:
        """Where the key is, for `status`."""
        return self._source.described

    async def seal(self, plain: bytes, belongs_to: str) -> bytes:
        """Return the sealed bytes. Raises `StoreUnavailable` where there is no key to be had."""
        return await anyio.to_thread.run_sync(self._seal, plain, belongs_to)

    async def open(self, sealed: bytes, belongs_to: str) -> bytes | None:
        """Return what was sealed; None where it does not open with this key for this owner."""
        return await anyio.to_thread.run_sync(self._open, sealed, belongs_to)

    def _seal(self, plain: bytes, belongs_to: str) -> bytes:
        # Imported at first use: a process that only lists its tools needs no cipher.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self._load()).encrypt(nonce, plain, belongs_to.encode())

    def _open(self, sealed: bytes, belongs_to: str) -> bytes | None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(self._load()).decrypt(sealed[:NONCE], sealed[NONCE:], belongs_to.encode())
        except (InvalidTag, ValueError):
            return None

    def _load(self) -> bytes:
        if self._key is None:
            self._key = self._source.load()
        return self._key
