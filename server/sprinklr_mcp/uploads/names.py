"""Names that are never uploaded, whatever the file holds. Knows no file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sprinklr_mcp.uploads.refusing import refused

SECRETS = frozenset(
    (
        *("pem", "key", "p12", "pfx", "p7b", "p7c", "p8", "der", "crt", "cer", "csr", "jks", "keystore"),
        *("gpg", "pgp", "asc", "ppk", "kdb", "kdbx", "sqlite", "sqlite3", "db"),
        *("env", "netrc", "htpasswd", "ovpn", "rdp", "tfstate", "token"),
    )
)
"""The endings of keys, certificates and stores."""
SECRET_NAME = re.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519)(?:[._-].*)?|credentials?|secrets?|passwords?|passwd|shadow", re.I
)


def check_names(parts: Sequence[str]) -> None:
    """Refuse hidden files and folders, and the names of keys. Raises `Fault` FORBIDDEN."""
    if any(part.startswith(".") for part in parts):
        raise refused("it is hidden, or lies in a hidden folder")
    stem, _, ending = parts[-1].rpartition(".")
    endings = {one.lower() for one in (*stem.split(".")[1:], ending)}
    if endings & SECRETS or SECRET_NAME.fullmatch(stem or ending):
        raise refused("its name is that of a key, a certificate or a store of secrets")
