"""What the value of a setting may be: types for the fields of `Settings`, each with its check.

Knows no setting by name. A check raises `ValueError`, whose text never holds the value.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

LOOPBACK = ("127.0.0.1", "::1", "localhost")
WAYS = ("form", "page", "terminal")
PROXIES = ("http", "https")
PRINTABLE = re.compile(r"[!-~]+")
BUDGET = re.compile(r"([a-z_]{1,64})\s*=\s*([0-9]{1,7})")


def split_address(value: str) -> SplitResult:
    """Split an address whose port is one. Raises `ValueError`, which never holds the value."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("that is no address") from None
    return parts


def _words(value: Any) -> Any:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _budgets(value: Any) -> Any:
    """Take `tool=number` apart; which tools there are is not known here."""
    if not isinstance(value, str):
        return value
    found = [BUDGET.fullmatch(part.strip()) for part in value.split(",") if part.strip()]
    budgets = {one[1]: int(one[2]) for one in found if one}
    if len(budgets) != len(found) or not found:
        raise ValueError("give each tool once, as tool=number, such as publish_message=50")
    return tuple(budgets.items())


def _only_what_fits_a_header(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not PRINTABLE.fullmatch(value.get_secret_value()):
        raise ValueError("it holds a space, a line end or a letter that no key has")
    return value


def _only_an_address(value: str | None) -> str | None:
    if value is not None and not (PRINTABLE.fullmatch(value) and split_address(value).hostname):
        raise ValueError("give a whole address, such as http://127.0.0.1:8721/callback")
    return value


def _only_a_proxy(value: SecretStr | None) -> SecretStr | None:
    parts = split_address(value.get_secret_value()) if value is not None else None
    if parts is not None and (parts.scheme not in PROXIES or not parts.hostname):
        raise ValueError("give scheme, host and port, such as http://proxy.example.com:3128")
    return value


def _only_a_whole_path(value: Path | None) -> Path | None:
    """Take `~` as a shell would, and nothing that depends on the working directory."""
    if value is None:
        return None
    whole = Path(os.path.expanduser(value))
    if not whole.is_absolute():
        raise ValueError("give a whole path, from the root on")
    return whole


def _only_whole_paths(value: tuple[str, ...]) -> tuple[str, ...]:
    """Take `~` as a shell would; what lies there is looked at when the server starts."""
    whole = tuple(os.path.expanduser(one) for one in value)
    if not all(os.path.isabs(one) and ".." not in Path(one).parts for one in whole):
        raise ValueError("give whole paths, from the root on, without '..'")
    return whole


def _only_a_safe_origin(value: str) -> str:
    parts = split_address(value)
    if parts.username or parts.query or parts.fragment or parts.path not in ("", "/") or not parts.hostname:
        raise ValueError("give scheme, host and port alone")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("use https; plain http reaches only this machine itself")
    return value.rstrip("/")


def _only_known_ways(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not set(value) <= set(WAYS):
        raise ValueError(f"choose from {', '.join(WAYS)}")
    return value


Key = Annotated[SecretStr | None, AfterValidator(_only_what_fits_a_header)]
Address = Annotated[str | None, AfterValidator(_only_an_address)]
Origin = Annotated[str, AfterValidator(_only_a_safe_origin)]
ProxyAddress = Annotated[SecretStr | None, AfterValidator(_only_a_proxy)]
WholePath = Annotated[Path | None, AfterValidator(_only_a_whole_path)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
WholePaths = Annotated[Words, AfterValidator(_only_whole_paths)]
Ways = Annotated[Words, AfterValidator(_only_known_ways)]
Budgets = Annotated[tuple[tuple[str, int], ...], BeforeValidator(_budgets)]
