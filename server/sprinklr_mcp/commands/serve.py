"""`serve`: the MCP server, over stdio or HTTP.

Start-up is paid at every call by some frameworks; hence the care.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click
from pydantic import BaseModel

from sprinklr_mcp.commands.log import log_to_stderr
from sprinklr_mcp.commands.running import explained, leading_to_sprinklr, settings_given, settings_of
from sprinklr_mcp.commands.transports import LOOPBACK, Place, Transport, over_http, over_stdio
from sprinklr_mcp.edge.descriptors import wire_taken
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.setting_values import LOOPBACK as OWN_NAMES
from sprinklr_mcp.settings import Settings

OPEN_TO_ALL = (
    "--open is for a simulator. Without the secret in the address, anybody on this machine would act in "
    "Sprinklr as you."
)


@click.command()
@click.option("--simulator", "simulated", is_flag=True, help="Serve against a simulator beside this server.")
@click.option("--read-only", is_flag=True, help="Only tools that read (SPRINKLR_READ_ONLY).")
@click.option("--toolsets", metavar="NAMES", help="Only these groups of tools (SPRINKLR_TOOLSETS).")
@click.option("--allow", metavar="TOOLS", help="Only, or also, these tools (SPRINKLR_ALLOW).")
@click.option("--deny", metavar="TOOLS", help="Never these tools (SPRINKLR_DENY).")
@click.option("--http", "over_network", is_flag=True, help="Serve over HTTP, on this machine alone.")
@click.option("--host", metavar="ADDRESS", help="With --http: where to listen.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="With --http: the port.  [default: a free one]")
@click.option("--open", "is_open", is_flag=True, help="With --http, at a simulator: no secret in the path.")
@click.option("--json", "as_json", is_flag=True, help="With --http: tell the address as JSON, on stdout.")
@click.option("--bundle", type=click.Path(path_type=Path), hidden=True, help="Started from this bundle.")
def serve(
    simulated: bool,
    read_only: bool,
    over_network: bool,
    host: str | None,
    port: int | None,
    is_open: bool,
    as_json: bool,
    bundle: Path | None,
    **filters: str | None,
) -> None:
    """Serve the tools to an MCP client over stdin and stdout, or with --http to clients on this machine.

    With --simulator, a simulated Sprinklr runs beside the server: no account and no login are needed. The
    filters take names separated by commas, and stand in for the variables named beside them.
    """
    if not over_network and (is_open or as_json or host is not None or port is not None):
        raise click.UsageError("--host, --port, --open and --json go with --http.")
    with explained():
        address = LOOPBACK if host is None else host
        place = Place.of(address, port or 0, is_open, as_json) if over_network else None
    ending = Ending()
    with ending.signals_heard():
        transport = partial(over_http, place) if place else partial(over_stdio, wire_taken())
        redactor = Redactor()
        log_to_stderr(redactor)
        given = _variables(read_only, filters)
        # The simulator beside a server has an app of its own.
        settings = settings_given(given) if simulated else settings_of(given=given)
        if is_open and not simulated and _leads_to_an_account(settings):
            raise click.UsageError(OPEN_TO_ALL)
        started = settings.model_copy(update={"bundle": bundle})
        _serve(started, simulated, transport, ending, redactor)


def _leads_to_an_account(settings: Settings) -> bool:
    """Tell whether an app is set, at a Sprinklr that is not on this machine."""
    return settings.api_key is not None and urlsplit(settings.base_url).hostname not in OWN_NAMES


def _serve(
    settings: Settings, simulated: bool, transport: Transport, ending: Ending, redactor: Redactor
) -> None:
    with _importing():
        import anyio

        from sprinklr_mcp.commands.settling import settle_what_was_cut
        from sprinklr_mcp.machine import opened

        serve_clients = transport()

    async def run() -> None:
        # Signals are awaited until the last write has come to its end, which is when `opened` is left.
        async with (
            ending.awaited(),
            leading_to_sprinklr(settings, simulated) as chosen,
            opened(chosen, redactor, shows_pages=True) as machine,
            anyio.create_task_group() as meanwhile,
        ):
            meanwhile.start_soon(settle_what_was_cut, machine)
            await serve_clients(machine, ending)

    with explained():
        anyio.run(run)


@contextmanager
def _importing() -> Generator[None]:
    """Import in the block without what only costs time then.

    Importing makes a great many objects and no garbage. Of the models of both eras of the protocol, a server
    uses a few; each is built at its first use, under a lock of pydantic's.
    """
    gc.disable()
    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
        gc.enable()
        gc.freeze()


def _variables(read_only: bool, filters: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that the filters stand in for; an operator's read-only is never undone."""
    given = {f"SPRINKLR_{name.upper()}": value for name, value in filters.items() if value is not None}
    return {**given, "SPRINKLR_READ_ONLY": "true"} if read_only else given
