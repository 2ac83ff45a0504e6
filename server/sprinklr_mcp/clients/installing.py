"""Enters this server at a client, takes it out again, and sees where it is entered. Says nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sprinklr_mcp.clients.catalogue import CLIENTS, Client
from sprinklr_mcp.clients.entries import is_ours, renewed
from sprinklr_mcp.clients.files import Change, backups, change, read
from sprinklr_mcp.clients.places import Places
from sprinklr_mcp.clients.refusing import Refused, Unchangeable, Unreadable


@dataclass(frozen=True)
class Found:
    """A client as it is on this machine."""

    client: Client
    file: Path
    here: bool
    """Whether anything speaks for the client being on this machine."""
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The entries of this server, by name."""
    unreadable: str = ""
    """Why that could not be seen."""


def install(client: Client, file: Path, name: str, entry: Mapping[str, Any]) -> Change:
    """Enter the server, or renew its entry. Raises `Refused`, and has then changed nothing."""

    def edit(content: bytes | None) -> bytes | None:
        old = client.format.entries(content, client.servers).get(name)
        if old is not None and not is_ours(old):
            raise Refused(
                f'{file} has an entry "{name}" that starts another server.', "Choose a name with --name."
            )
        now = renewed(old, entry) if old is not None else entry
        if now == old:
            return content
        return client.format.with_entry(content, client.servers, name, now)

    with _in_words(client, file):
        return change(file, edit)


def uninstall(client: Client, file: Path, name: str) -> Change:
    """Take our entry out. Raises `Refused`, and has then changed nothing.

    A file in which nothing else has happened since it was entered becomes again what it was, to the byte; one
    that did not exist is gone.
    """

    def edit(content: bytes | None) -> bytes | None:
        old = client.format.entries(content, client.servers).get(name)
        if old is None:
            return content
        if not is_ours(old):
            raise Refused(f'The entry "{name}" in {file} starts another server.', "Name ours with --name.")
        for state in (*_earlier(file), None):
            if _became(client, state, name, old) == content:
                return state
        return client.format.without_entry(content, client.servers, name)

    with _in_words(client, file):
        return change(file, edit)


def looked_at(client: Client, places: Places) -> Found:
    """See how a client is on this machine. Raises nothing: what cannot be read is told."""
    file = client.file(places)
    folder_of_its_own = file.parent != places.home and os.path.isdir(file.parent)
    here = os.path.exists(file) or folder_of_its_own or shutil.which(client.program) is not None
    try:
        with _in_words(client, file):
            entries = client.format.entries(read(file), client.servers)
    except Refused as refusal:
        return Found(client, file, here, unreadable=refusal.message)
    return Found(client, file, here, {name: entry for name, entry in entries.items() if is_ours(entry)})


def all_looked_at(places: Places) -> list[Found]:
    """See how every client is on this machine, in the order of the catalogue."""
    return [looked_at(client, places) for client in CLIENTS.values()]


def _earlier(file: Path) -> Generator[bytes]:
    for backup in backups(file):
        content = read(backup)
        if content is not None:
            yield content


def _became(client: Client, state: bytes | None, name: str, entry: Mapping[str, Any]) -> bytes | None:
    """Return what an earlier state, without the entry, becomes by it; None where it had it or is no such."""
    try:
        if name in client.format.entries(state, client.servers):
            return None
        return client.format.with_entry(state, client.servers, name, entry)
    except (Unreadable, Unchangeable):
        return None


@contextmanager
def _in_words(client: Client, file: Path) -> Generator[None]:
    try:
        yield
    except Unreadable as error:
        raise Refused(
            f"{file} cannot be read as {client.format.title}: line {error.line}, column {error.column}: "
            f"{error.reason}.",
            "Put that right and run this again.",
        ) from error
    except Unchangeable as error:
        raise Refused(
            f"{file} is left to you: {error}.", "Enter the server by hand: `--print` shows how."
        ) from error
