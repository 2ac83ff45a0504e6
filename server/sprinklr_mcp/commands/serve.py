"""`serve`: the MCP server over stdio. Start-up is paid at every call by some frameworks; hence the care."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager

import click
from pydantic import BaseModel

from sprinklr_mcp.commands.log import log_to_stderr
from sprinklr_mcp.commands.running import explained, settings_given, settings_of
from sprinklr_mcp.edge.descriptors import Wire, wire_taken
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.settings import Settings


@click.command()
@click.option("--simulator", "simulated", is_flag=True, help="Serve against a simulator beside this server.")
@click.option("--read-only", is_flag=True, help="Only tools that read (SPRINKLR_READ_ONLY).")
@click.option("--toolsets", metavar="NAMES", help="Only these groups of tools (SPRINKLR_TOOLSETS).")
@click.option("--allow", metavar="TOOLS", help="Only, or also, these tools (SPRINKLR_ALLOW).")
@click.option("--deny", metavar="TOOLS", help="Never these tools (SPRINKLR_DENY).")
def serve(simulated: bool, read_only: bool, **filters: str | None) -> None:
    """Serve the tools to an MCP client over stdin and stdout.

    With --simulator, a simulated Sprinklr runs beside the server: no account and no login are needed. The
    filters take names separated by commas, and stand in for the variables named beside them.
    """
    ending = Ending()
    with ending.signals_heard():
        wire = wire_taken()
        redactor = Redactor()
        log_to_stderr(redactor)
        given = _variables(read_only, filters)
        # The simulator beside a server has an app of its own.
        settings = settings_given(given) if simulated else settings_of(given=given)
        _serve(settings, simulated, wire, ending, redactor)


def _serve(settings: Settings, simulated: bool, wire: Wire, ending: Ending, redactor: Redactor) -> None:
    with _importing():
        import anyio

        from sprinklr_mcp.commands.settling import settle_what_was_cut
        from sprinklr_mcp.edge.admission import Admission
        from sprinklr_mcp.edge.server import build_server
        from sprinklr_mcp.edge.stdio import serve_stdio
        from sprinklr_mcp.machine import opened

    async def run() -> None:
        # Signals are awaited until the last write has come to its end, which is when `opened` is left.
        async with (
            ending.awaited(),
            _leading_to_sprinklr(settings, simulated) as chosen,
            opened(chosen, redactor, shows_pages=True) as machine,
            anyio.create_task_group() as meanwhile,
        ):
            meanwhile.start_soon(settle_what_was_cut, machine)
            admission = Admission()
            await serve_stdio(build_server(machine, admission), admission, wire, ending)

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


@asynccontextmanager
async def _leading_to_sprinklr(settings: Settings, simulated: bool) -> AsyncGenerator[Settings]:
    """Yield the settings to serve with; where they lead to a simulator, it runs as long as the block."""
    if not simulated:
        yield settings
        return
    from sprinklr_mcp.commands.simulator import beside

    async with beside(settings) as chosen:
        yield chosen


def _variables(read_only: bool, filters: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that the filters stand in for; an operator's read-only is never undone."""
    given = {f"SPRINKLR_{name.upper()}": value for name, value in filters.items() if value is not None}
    return {**given, "SPRINKLR_READ_ONLY": "true"} if read_only else given
