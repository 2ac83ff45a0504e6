"""Our entry in a client's list of servers: how it starts us, how it is known as ours, and no secret in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from pydantic import SecretStr

from sprinklr_mcp.settings import Settings

NAME = "sprinklr"
"""What the entry is called unless the person says otherwise."""
ALLOWED_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every client takes for a name; some put it before the names of tools."""
SECRETS = ("SPRINKLR_API_KEY", "SPRINKLR_API_SECRET")
OURS = re.compile(r"(?:.*[/\\])?sprinklr[-_]mcp(?:\.exe|==.*|@.*)?", re.DOTALL)
"""Our command by any path, also as what `uvx` or another program is told to run."""


def entry_for(
    command: str, flags: Sequence[str], environment: Mapping[str, str], fixed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an entry that starts our server; without variables, it has no `env`."""
    entry = {**fixed, "command": command, "args": ["serve", *flags]}
    return {**entry, "env": dict(environment)} if environment else entry


def settings_to_keep(environment: Mapping[str, str], besides: Collection[str] = ()) -> dict[str, str]:
    """Return the settings of this terminal that the server needs too, and that may be read by others.

    A client that a person starts from a desktop knows none of them; with another data folder or another
    environment, `login` would log in for nobody. Secrets are left out, and what the server finds `besides`.
    """
    fields = [field for field in Settings.model_fields.values() if field.alias]
    plain = [str(field.alias) for field in fields if not _is_secret(field.annotation)]
    return {name: environment[name] for name in plain if environment.get(name) and name not in besides}


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or SecretStr in getattr(annotation, "__args__", ())


def is_ours(entry: Any) -> bool:
    """Whether an entry starts this server, by whatever path or program."""
    if not isinstance(entry, Mapping):
        return False
    given = cast(Mapping[str, Any], entry)
    arguments = given.get("args")
    words = [given.get("command"), *(cast(list[Any], arguments) if isinstance(arguments, list) else [])]
    return any(isinstance(word, str) and OURS.fullmatch(word) for word in words)


def renewed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return our entry as it should be now; what the person has put into the old one stays."""
    merged = {**old, **new}
    environment = {**_variables(old), **_variables(new)}
    return {**merged, "env": environment} if environment else merged


def _variables(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    found = entry.get("env")
    return cast(Mapping[str, Any], found) if isinstance(found, Mapping) else {}
