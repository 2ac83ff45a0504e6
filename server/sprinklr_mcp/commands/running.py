"""What the commands share: settings from the environment, a machine, and faults in a person's words."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import anyio
import click

from sprinklr_mcp.account import with_account
from sprinklr_mcp.errors import Fault, for_a_person
from sprinklr_mcp.machine import Machine, opened
from sprinklr_mcp.settings import Settings

Result = TypeVar("Result")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
on_simulator = click.option(
    "--simulator", "simulated", is_flag=True, help="Use the store of `serve --simulator`."
)


def settings_of(simulated: bool = False, given: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process; ends it in words where they, or the account kept, are wrong.

    `given` are variables that stand in for those of the environment.
    """
    settings = settings_given(given)
    if not simulated:
        with explained():
            return with_account(settings)
    from sprinklr_mcp.commands.simulator import of_simulator

    return of_simulator(settings)


def settings_given(given: Mapping[str, str] | None = None) -> Settings:
    """Return what the environment alone sets, and `given` in its stead; ends the process as above."""
    with explained():
        return Settings.from_environment({**os.environ, **(given or {})})
    raise RuntimeError("unreachable: the block returns or raises")


@asynccontextmanager
async def leading_to_sprinklr(settings: Settings, simulated: bool) -> AsyncGenerator[Settings]:
    """Yield the settings to work with; where they lead to a simulator, it runs as long as the block."""
    if not simulated:
        yield settings
        return
    from sprinklr_mcp.commands.simulator import beside

    async with beside(settings) as chosen:
        yield chosen


def with_machine(settings: Settings, work: Callable[[Machine], Awaitable[Result]]) -> Result:
    """Run work on a machine; a fault ends the process with its words and status 1."""

    with explained():
        return work_on_machine(settings, work)
    raise RuntimeError("unreachable: the block returns or raises")


def work_on_machine(settings: Settings, work: Callable[[Machine], Awaitable[Result]]) -> Result:
    """Run work on a machine. Raises `Fault`."""

    async def run() -> Result:
        async with opened(settings) as machine:
            return await work(machine)

    return anyio.run(run)


def run_in_words(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run work to its end; a fault ends the process with its words and status 1."""
    with explained():
        return anyio.run(work)
    raise RuntimeError("unreachable: the block returns or raises")


@contextmanager
def explained() -> Generator[None]:
    """Let a fault end the command with its words and status 1; a person also gets the details."""
    try:
        yield
    except Fault as fault:
        said = f"\nDetails: {fault.note}" if fault.note else ""
        raise click.ClickException(for_a_person(fault.text()) + said) from fault


@contextmanager
def stopped_with(words: str) -> Generator[None]:
    """Tell whoever presses Ctrl-C in the block what they leave behind."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        click.echo(f"\nStopped. {words}", err=True)
        raise SystemExit(1) from None


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
