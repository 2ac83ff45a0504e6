"""Secrets at rest: sealed with a key that is kept apart from them.

Who reads a sealed value must name what it belongs to; a value moved to another row does not open.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import anyio.to_thread

from sprinklr_mcp.store.keys import KeySource

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Sealer:
    """AES-256-GCM with one key."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._cipher: AESGCM | None = None

    @property
    def described(self) -> str:
        """Where the key is, for `status`."""
        return self._source.described

    async def seal(self, plain: bytes, belongs_to: str) -> bytes:
        """Return the sealed bytes. Raises `StoreUnavailable` where there is no key to be had."""
        return sealed_with(await self._ready(), plain, belongs_to)

    async def open(self, sealed: bytes, belongs_to: str) -> bytes | None:
        """Return what was sealed; None where it does not open with this key for this owner."""
        return opened_with(await self._ready(), sealed, belongs_to)

    async def _ready(self) -> AESGCM:
        # Only this may take long, at first use. What it is for takes less than a change of threads.
        if self._cipher is None:
            self._cipher = await anyio.to_thread.run_sync(cipher_of, self._source)
        return self._cipher


def cipher_of(source: KeySource) -> AESGCM:
    """Return the cipher of a key. May wait, as the source may. Raises `StoreUnavailable`."""
    # Imported at first use: a process that only lists its tools needs no cipher.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(source.load())


def sealed_with(cipher: AESGCM, plain: bytes, belongs_to: str) -> bytes:
    """Return the sealed bytes."""
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, plain, belongs_to.encode())


def opened_with(cipher: AESGCM, sealed: bytes, belongs_to: str) -> bytes | None:
    """Return what was sealed; None where it does not open with this key for this owner."""
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], belongs_to.encode())
    except (InvalidTag, ValueError):
        return None
