"""What stands in the clients' own entries: whether their program is there, and where their settings lead.

What a client hands on of its own environment does not show from here. Rules over tools may differ from client
to client; what decides which account and which login a server uses should not.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import anyio.to_thread

from sprinklr_mcp.account import with_account
from sprinklr_mcp.clients import installing
from sprinklr_mcp.clients.catalogue import CLIENTS
from sprinklr_mcp.clients.entries import NAME
from sprinklr_mcp.clients.places import Places
from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning
from sprinklr_mcp.errors import Fault, StoreUnavailable
from sprinklr_mcp.settings import PREFIX, Settings

LEADING = ("api_key", "environment", "redirect_uri", "base_url", "workspace", "home", "keyring")
"""The settings that, with the secret, decide which account and which login a server uses."""


@dataclass(frozen=True)
class Entry:
    """One entry of ours at a client: its title with the entry's name, its file, and what stands in it."""

    title: str
    file: Path
    again: str
    """The command that enters the server there anew."""
    plain: Mapping[str, Any]

    @property
    def variables(self) -> dict[str, str]:
        """Our settings in it, without what the client fills in itself, such as `${input:key}`."""
        given = self.plain.get("env")
        pairs = cast(Mapping[str, Any], given).items() if isinstance(given, Mapping) else ()
        return {
            name: value
            for name, value in pairs
            if name.startswith(PREFIX) and isinstance(value, str) and "${" not in value
        }

    @property
    def simulated(self) -> bool:
        """Whether its server works with a simulator, and so with no account."""
        arguments = self.plain.get("args")
        return isinstance(arguments, list) and "--simulator" in arguments


async def startable(subject: Subject) -> list[Finding]:
    """Tell of each entry whose program is not there, or whose settings no server starts with."""
    entries = _entries(subject)
    return [finding for entry in entries for finding in (*_program(entry, subject), *_wrong(entry))]


async def settings(subject: Subject) -> list[Finding]:
    """Whether the settings in each entry lead where those of this terminal do."""
    entries = [entry for entry in _entries(subject) if not entry.simulated and not _wrong(entry)]
    findings = [finding for entry in entries for finding in await _settings(entry, subject)]
    return findings or ok("none leads elsewhere than this terminal" if entries else "there is none")


def _entries(subject: Subject) -> list[Entry]:
    places = Places.of(subject.environment, sys.platform)
    seen = [installing.looked_at(client, places) for client in CLIENTS.values()]
    return [
        Entry(f"{one.client.title} ({name})", one.file, _again(one.client.name, name), plain)
        for one in seen
        for name, plain in one.entries.items()
    ]


def _again(client: str, name: str) -> str:
    return f"sprinklr-mcp install {client}" + ("" if name == NAME else f" --name {name}")


def _program(entry: Entry, subject: Subject) -> list[Finding]:
    command = entry.plain.get("command")
    if not isinstance(command, str):
        return []
    if os.path.isabs(command):
        if os.access(command, os.X_OK) and os.path.isfile(command):
            return []
        return failed(
            f"{entry.title} starts {command}, and there is no such program",
            f"Run `{entry.again}`, which names the one that is here.",
        )
    if shutil.which(command, path=subject.environment.get("PATH")) is not None:
        return []
    return warning(
        f"{entry.title} starts {command}, which this terminal does not find on its PATH",
        f"If the client does not find it either, run `{entry.again}`.",
    )


def _wrong(entry: Entry) -> list[Finding]:
    try:
        Settings.from_environment(entry.variables)
    except Fault as fault:
        return failed(
            f"the server that {entry.title} starts ends at once. {fault.message}",
            f'Put that right in the "env" of the entry, in {entry.file}.',
        )
    return []


async def _settings(entry: Entry, subject: Subject) -> list[Finding]:
    theirs = Settings.from_environment(entry.variables)
    differing = await anyio.to_thread.run_sync(_differing, theirs, subject.settings)
    pinned = [name for name in differing if name in theirs.model_fields_set]
    absent = [name for name in differing if name in subject.given.model_fields_set - theirs.model_fields_set]
    findings: list[Finding] = []
    if pinned:
        findings += warning(
            f"{entry.title} sets {_named(pinned)} to something else than holds here",
            f'If what holds here is right, take it out of the "env" of the entry, in {entry.file}, and run '
            f"`{entry.again}`.",
        )
    if absent:
        findings += warning(
            f"{entry.title} does not set {_named(absent)}, which this terminal sets",
            f"Unless the client hands it on: run `{entry.again}`, which enters it, or unset it here.",
        )
    return findings


def _differing(theirs: Settings, ours: Settings) -> list[str]:
    """Name the settings that differ between what a server would use and what holds here.

    A key that one side does not know does not differ: a client may hand it on. May wait for a keyring.
    """
    try:
        one = _leading(with_account(theirs))
    except StoreUnavailable:
        one = _leading(theirs)  # Whose data folder it is, differs; what is wrong in it is told there.
    other = _leading(ours)
    differing = [name for name in LEADING if one[name] != other[name]]
    if one["api_key"] is None:
        differing = [name for name in differing if name != "api_key"]
    secret = theirs.api_secret
    same = secret is None or secret.get_secret_value() == ours.credentials()[1]
    return differing if same else [*differing, "api_secret"]


def _leading(settings: Settings) -> dict[str, Any]:
    return {**{name: getattr(settings, name) for name in LEADING}, "home": settings.data_folder}


def _named(fields: list[str]) -> str:
    return ", ".join(str(Settings.model_fields[name].alias) for name in fields)
