"""What stands in the clients' own entries: whether their program is there, and where their settings lead.

What a client hands on of its own environment does not show from here. Rules over tools may differ from client
to client; what decides which account and which login a server uses should not.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import anyio.to_thread

from sprinklr_mcp.account import with_account
from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.clients.entries import NAME
from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning
from sprinklr_mcp.errors import Fault, StoreUnavailable
from sprinklr_mcp.settings import PREFIX, Settings, variable_of

FILLED_IN = re.compile(r"\$\{|\$[A-Za-z_]|%\w+%")
"""What a client fills in when it starts a server: `${input:key}`, `$NAME`, `%NAME%`."""
FLAGS = ("--simulator", "--read-only")
"""What an entry may say after `serve`, and `install` enters again."""
HERE = "the program that is here"
LEADING = ("api_key", "environment", "redirect_uri", "base_url", "workspace", "home", "keyring")
"""The settings that, with the secret, decide which account and which login a server uses."""


@dataclass(frozen=True)
class Entry:
    """One entry of ours at a client: its title with the entry's name, its file, and what stands in it."""

    title: str
    file: Path
    install: str
    """The command that enters the server there, without the flags that the entry has."""
    plain: Mapping[str, Any]

    @property
    def variables(self) -> dict[str, str]:
        """Our settings in it, without what the client fills in itself."""
        return {name: value for name, value in self._given.items() if not FILLED_IN.search(value)}

    @property
    def filled_in(self) -> list[str]:
        """The settings in it that the client fills in itself."""
        return [name for name, value in self._given.items() if FILLED_IN.search(value)]

    @property
    def simulated(self) -> bool:
        """Whether its server works with a simulator, and so with no account."""
        return "--simulator" in self._arguments

    def renewing(self, what: str) -> str:
        """Say how the entry comes to name `what` that holds here, and keeps everything else."""
        words, flags = self._arguments, [one for one in self._arguments if one in FLAGS]
        if words == ["serve", *flags]:
            return f"run `{' '.join([self.install, *flags])}`, which enters {what}"
        # `install` would leave out the other arguments, and a rule may stand in them.
        return f"enter {what} by hand, in {self.file}"

    @property
    def _given(self) -> dict[str, str]:
        given = self.plain.get("env")
        pairs = cast(Mapping[str, Any], given).items() if isinstance(given, Mapping) else ()
        return {name: value for name, value in pairs if name.startswith(PREFIX) and isinstance(value, str)}

    @property
    def _arguments(self) -> list[Any]:
        arguments = self.plain.get("args")
        return cast(list[Any], arguments) if isinstance(arguments, list) else []


def startable(subject: Subject) -> list[Finding]:
    """Tell of each entry whose program is not there, or whose settings no server starts with."""
    entries = _entries(subject)
    return [finding for entry in entries for finding in (*_program(entry, subject), *_wrong(entry))]


async def settings(subject: Subject) -> list[Finding]:
    """Whether the settings in each entry lead where those of this terminal do."""
    entries = [entry for entry in _entries(subject) if not entry.simulated and not _wrong(entry)]
    findings = [finding for entry in entries for finding in await _settings(entry, subject)]
    return findings or ok("none leads elsewhere than this terminal" if entries else "there is none")


def _entries(subject: Subject) -> list[Entry]:
    return [
        Entry(f"{one.client.title} ({name})", one.file, _install(one.client.name, name), plain)
        for one in subject.clients
        for name, plain in one.entries.items()
    ]


def _install(client: str, name: str) -> str:
    return f"sprinklr-mcp install {client}" + ("" if name == NAME else f" --name {name}")


def _program(entry: Entry, subject: Subject) -> list[Finding]:
    command = entry.plain.get("command")
    if not isinstance(command, str) or FILLED_IN.search(command):
        return []
    if os.path.isabs(command):
        if _is_program(command):
            return []
        return failed(
            f"{entry.title} starts {on_one_line(command, 200)}, and there is no such program",
            _sentence(entry.renewing(HERE)),
        )
    if shutil.which(command, path=subject.environment.get("PATH")) is not None:
        return []
    return warning(
        f"{entry.title} starts {on_one_line(command, 200)}, which this terminal does not find on its PATH",
        f"If the client does not find it either, {entry.renewing(HERE)}.",
    )


def _is_program(path: str) -> bool:
    try:
        return os.access(path, os.X_OK) and os.path.isfile(path)
    except ValueError:
        # No file can have such a name.
        return False


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


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
    given = subject.given.model_fields_set - theirs.model_fields_set
    absent = [name for name in differing if name in given and variable_of(name) not in entry.filled_in]
    findings: list[Finding] = []
    if pinned:
        findings += warning(
            f"{entry.title} sets {_named(pinned)} to something else than holds here",
            f'If what holds here is right, take it out of the "env" of the entry, in {entry.file}, and '
            f"{entry.renewing('what this terminal sets')}.",
        )
    if absent:
        findings += warning(
            f"{entry.title} does not set {_named(absent)}, which this terminal sets",
            f"Unless the client hands it on: {entry.renewing('it')}; or unset it here.",
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
    return ", ".join(map(variable_of, fields))
