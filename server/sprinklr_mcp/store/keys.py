"""Where the key is that seals what the store holds: a file beside it, or the system's own keyring.

Knows nothing of what is sealed. Everything here may wait for a disk or for the person who unlocks a keyring:
it is called in a worker thread.
"""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any, Protocol

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.private_files import create_private_file, make_private_folder, refuse_unless_private

KEY = 32
SERVICE = "sprinklr-mcp"
TRUSTED = ("macOS", "Windows", "SecretService", "libsecret", "kwallet")
"""The modules of `keyring.backends` that hand a key to the system. Others use a plain file, or nothing."""


class KeySource(Protocol):
    """Whoever keeps the key."""

    @property
    def described(self) -> str:
        """Where the key is, for a person."""
        ...

    def load(self) -> bytes:
        """Return the key of 32 bytes, made at first use. Raises `StoreUnavailable`."""
        ...


class KeyFile:
    """A file that its owner alone can read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where the file is, or would be."""
        return self._path

    @property
    def described(self) -> str:
        """Where the key is, for a person."""
        return f"a file of this user ({self._path})"

    def load(self) -> bytes:
        """Return the key, made at first use by one of the processes. Raises `StoreUnavailable`."""
        try:
            make_private_folder(self._path.parent)
            create_private_file(self._path, base64.b64encode(secrets.token_bytes(KEY)))
            refuse_unless_private(self._path)
            return _decoded(self._path.read_bytes(), self._path.name, str(self._path))
        except OSError as error:
            raise StoreUnavailable(
                "The key that seals stored secrets cannot be read or created.",
                "Ask the person to look at the file that `sprinklr-mcp doctor` names: its folder, owner and "
                "mode, and the disk's space.",
                note=f"{self._path}: {error}",
            ) from error


class Keyring:
    """The system's own keyring. A key that lay in a file before moves into it."""

    def __init__(self, file: KeyFile) -> None:
        self._file = file

    @property
    def described(self) -> str:
        """Where the key is, for a person."""
        return "the system's keyring"

    def load(self) -> bytes:
        """Return the key, made at first use. Raises `StoreUnavailable`, also for a keyring that is none."""
        # Imported at first use: most never ask for it.
        import keyring
        from keyring.errors import KeyringError

        _refuse_unless_trusted(keyring.get_keyring())
        try:
            return self._moved(keyring)
        except KeyringError as error:
            raise StoreUnavailable(
                "The system's keyring does not give out the key that seals stored secrets.",
                "Ask the person to unlock it, or do without SPRINKLR_MCP_KEYRING.",
                note=f"{type(error).__name__}: {error}",
            ) from error

    def _moved(self, keyring: Any) -> bytes:
        """Return the key of the keyring; without one, put the file's there.

        The file is how several processes agree on one key: only it can be created by one of them alone. Who
        comes while another moves it, and finds no file any more, finds the key at a second look.
        """
        account = str(self._file.path)
        found = keyring.get_password(SERVICE, account)
        if found is None:
            key = base64.b64encode(self._file.load()).decode()
            found = keyring.get_password(SERVICE, account)
            if found is None:
                keyring.set_password(SERVICE, account, key)
                found = keyring.get_password(SERVICE, account) or ""
        key = _decoded(found.encode(), "The key in the system's keyring")
        self._file.path.unlink(missing_ok=True)
        return key


def key_source(settings: Settings) -> KeySource:
    """Return where the key of this data folder is, by the operator's choice."""
    file = KeyFile(settings.data_folder / "store.key")
    return Keyring(file) if settings.keyring else file


def _decoded(encoded: bytes, name: str, note: str = "") -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY:
        raise StoreUnavailable(
            f"{name} is damaged, so what it sealed cannot be read.",
            "Ask the person to delete it and log in again; where `sprinklr-mcp setup` was run, by that.",
            note=note,
        )
    return key


def _refuse_unless_trusted(backend: Any) -> None:
    """Raises `StoreUnavailable` where the key would be kept in a plain file, or nowhere at all.

    Where several keyrings are there, `keyring` tries them in turn, so all of them must do.
    """
    for one in getattr(backend, "backends", [backend]):
        package, _, module = type(one).__module__.rpartition(".")
        if package != "keyring.backends" or module not in TRUSTED:
            raise StoreUnavailable(
                f"There is no keyring of the system's here, only {type(one).__module__}.",
                "Ask the person to set one up, or do without SPRINKLR_MCP_KEYRING.",
            )
