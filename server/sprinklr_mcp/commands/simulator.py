"""`simulator`: a simulated Sprinklr on a port; and the one that `serve --simulator` runs beside itself."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Literal

import anyio
import click
from pydantic import SecretStr

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.machine import opened
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.private_files import make_private_folder
from sprinklr_mcp.tokens.login import log_in_as_client
from sprinklr_simulator.serving import Announcement, announce, running
from sprinklr_simulator.settings import SimulatorSettings
from sprinklr_simulator.store.database import StateError

CAMPAIGN = "7001_12"
"""The campaign for replies in the simulator's own data."""


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="The port on 127.0.0.1.",
)
@click.option("--environment", default="prod2", show_default=True, help="The environment in its addresses.")
@click.option("--redirect-uri", default=SimulatorSettings.redirect_uri, show_default=True)
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Other data.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Keep its state in this file.")
@click.option("--expires-in", default=SimulatorSettings.expires_in, show_default=True, help="In seconds.")
@click.option("--calls-per-second", default=SimulatorSettings.calls_per_second, show_default=True)
@click.option("--calls-per-hour", default=SimulatorSettings.calls_per_hour, show_default=True)
@click.option("--over-rate", type=click.Choice(["403", "429"]), default="403", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for programs.")
def simulator(
    port: int,
    environment: str,
    redirect_uri: str,
    data: Path | None,
    state: Path | None,
    expires_in: int,
    calls_per_second: int,
    calls_per_hour: int,
    over_rate: Literal["403", "429"],
    as_json: bool,
) -> None:
    """Run a simulated Sprinklr on this machine, until interrupted.

    It follows the published API: login pages, data, limits and errors. Everybody's password is
    "simulator".
    """
    settings = SimulatorSettings(
        state_file=state,
        data_file=data,
        environment=environment,
        redirect_uri=redirect_uri,
        expires_in=expires_in,
        calls_per_second=calls_per_second,
        calls_per_hour=calls_per_hour,
        over_rate=over_rate,
        port=port,
    )

    async def run() -> None:
        with _stop() as told_to_stop:
            async with running(settings) as announcement:
                click.echo(_one_line(announcement) if as_json else _for_people(announcement))
                await told_to_stop()

    try:
        with suppress(KeyboardInterrupt):
            anyio.run(run)
    except StateError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(
            f"The simulator cannot listen on port {port}: {error.strerror}."
        ) from error
    click.echo("\nThe simulator has stopped.", err=True)


@contextmanager
def _stop() -> Generator[Callable[[], Awaitable[object]]]:
    """Yield what waits for Ctrl-C or for a polite end: in both cases a state that nobody keeps is removed."""
    if os.name == "nt":
        yield anyio.sleep_forever
        return
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        yield lambda: anext(signals)


@asynccontextmanager
async def beside(settings: Settings) -> AsyncGenerator[Settings]:
    """Run a simulator in this process, logged in to, and yield the settings that lead to it.

    All state is in a folder of its own, shared by every process that does the same.
    """
    own = settings.with_simulator_home()
    _make_folder(own.data_folder)
    state = own.data_folder / "sprinklr.sqlite3"
    with _state_in_words(state):
        async with running(SimulatorSettings(state_file=state)) as announcement:
            chosen = pointed_at(announcement, own)
            async with opened(chosen) as machine:
                if (await machine.token_store.read()).pair is None:
                    await log_in_as_client(machine)
            yield chosen


def _make_folder(folder: Path) -> None:
    try:
        make_private_folder(folder)
    except OSError as error:
        raise StoreUnavailable(
            "The folder for the data of the simulator beside this server cannot be made.",
            "Ask the person to check where it would be, its owner and permissions.",
            note=str(error),
        ) from error


@contextmanager
def _state_in_words(file: Path) -> Generator[None]:
    try:
        yield
    except StateError as error:
        raise StoreUnavailable(
            "The data of the simulator beside this server cannot be used.",
            f"Ask the person to delete {file}: the simulator then starts anew.",
            note=str(error),
        ) from error


def of_simulator(settings: Settings) -> Settings:
    """Return settings that lead to the store of that simulator, whether or not it runs now."""
    return pointed_at(announce(SimulatorSettings(), 0), settings.with_simulator_home())


def pointed_at(announcement: Announcement, settings: Settings) -> Settings:
    """Return settings that lead to a simulator; what leads to the real Sprinklr does not apply there."""
    return settings.model_copy(
        update={
            "base_url": announcement.base_url,
            "environment": announcement.environment,
            "api_key": SecretStr(announcement.api_key),
            "api_secret": SecretStr(announcement.api_secret),
            "redirect_uri": announcement.redirect_uri,
            "workspace": None,
            "proxy": None,
            "ca_file": None,
            "default_campaign": settings.default_campaign or CAMPAIGN,
        }
    )


def _one_line(announcement: Announcement) -> str:
    return json.dumps(dataclasses.asdict(announcement))


def _for_people(announcement: Announcement) -> str:
    values = {
        "SPRINKLR_BASE_URL": announcement.base_url,
        "SPRINKLR_ENVIRONMENT": announcement.environment,
        "SPRINKLR_API_KEY": announcement.api_key,
        "SPRINKLR_API_SECRET": announcement.api_secret,
        "SPRINKLR_REDIRECT_URI": announcement.redirect_uri,
        "SPRINKLR_DEFAULT_CAMPAIGN": CAMPAIGN,
    }
    exports = [f"  export {name}={value}" for name, value in values.items()]
    return "\n".join(
        [
            f"A simulated Sprinklr is running at {announcement.base_url}. Stop it with Ctrl-C.",
            "Use it from another terminal:",
            "",
            *exports,
            "  sprinklr-mcp login        # grace.okafor@example.com, password: simulator",
            "",
        ]
    )
