"""What the commands share: settings from the environment, a machine, and faults in a person's words."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio
import click

from sprinklr_mcp.errors import Fault
from sprinklr_mcp.machine import Machine, opened
from sprinklr_mcp.settings import Settings

Result = TypeVar("Result")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
on_simulator = click.option(
    "--simulator", "simulated", is_flag=True, help="Use the store of `serve --simulator`."
)


def settings_of(simulated: bool = False) -> Settings:
    """Return the settings of this process; ends it in words where they are wrong."""
    try:
        settings = Settings.from_environment(os.environ)
    except Fault as fault:
        raise in_words(fault) from fault
    return settings.with_simulator_home() if simulated else settings


def with_machine(settings: Settings, work: Callable[[Machine], Awaitable[Result]]) -> Result:
    """Run work on a machine; a fault ends the process with its words and status 1."""

    async def run() -> Result:
        async with opened(settings) as machine:
            return await work(machine)

    return run_in_words(run)


def run_in_words(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run work to its end; a fault ends the process with its words and status 1."""
    try:
        return anyio.run(work)
    except Fault as fault:
        raise in_words(fault) from fault


def in_words(fault: Fault) -> click.ClickException:
    """Return a fault as the end of a command; a person at a terminal also gets Sprinklr's own words."""
    said = f"\nSprinklr said: {fault.note}" if fault.note else ""
    return click.ClickException(fault.text() + said)


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def log_to_stderr() -> None:
    """Send our own warnings to stderr; stdout may be the protocol's."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
