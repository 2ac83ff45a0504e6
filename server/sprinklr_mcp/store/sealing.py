"""Secrets at rest: sealed with a key that lies beside the store, readable by its owner alone.

Who reads a sealed value must name what it belongs to; a value moved to another row does not open.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import anyio.to_thread

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.store.database import create_private_file, make_private_folder, refuse_unless_private

NONCE = 12
KEY = 32


class Sealer:
    """AES-256-GCM with the key of one file."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file
        self._key: bytes | None = None

    @property
    def described(self) -> str:
        """Where the key is, for `status`."""
        return f"a file of this user ({self._key_file})"

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
            try:
                self._key = self._read_or_create()
            except OSError as error:
                raise StoreUnavailable(
                    "The key that seals stored secrets cannot be read or created.",
                    "Ask the person to look at the folder that `sprinklr-mcp status` names.",
                    note=f"{self._key_file}: {error}",
                ) from error
        return self._key

    def _read_or_create(self) -> bytes:
        make_private_folder(self._key_file.parent)
        create_private_file(self._key_file, base64.b64encode(secrets.token_bytes(KEY)))
        refuse_unless_private(self._key_file)
        try:
            key = base64.b64decode(self._key_file.read_bytes(), validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY:
            raise StoreUnavailable(
                f"{self._key_file.name} is damaged, so what it sealed cannot be read.",
                "Ask the person to delete that file and to log in again.",
            )
        return key
