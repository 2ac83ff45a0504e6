"""`serve`: the MCP server over stdio. Start-up is paid at every call by some frameworks; hence the care."""

from __future__ import annotations

import gc
from collections.abc import Mapping

import click

from sprinklr_mcp.commands.running import explained, log_to_stderr, settings_of
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
    log_to_stderr()
    settings = settings_of(given=_variables(read_only, filters))
    # Importing makes a great many objects and no garbage: collecting in between only costs time.
    gc.disable()
    import anyio

    from sprinklr_mcp.edge.server import build_server
    from sprinklr_mcp.edge.stdio import serve_stdio
    from sprinklr_mcp.machine import opened

    gc.enable()
    gc.freeze()

    async def run(chosen: Settings) -> None:
        async with opened(chosen) as machine:
            await serve_stdio(build_server(machine))

    async def run_beside_simulator() -> None:
        from sprinklr_mcp.commands.simulator import beside

        async with beside(settings) as chosen:
            await run(chosen)

    with explained():
        anyio.run(run_beside_simulator) if simulated else anyio.run(run, settings)


def _variables(read_only: bool, filters: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that the filters stand in for; an operator's read-only is never undone."""
    given = {f"SPRINKLR_{name.upper()}": value for name, value in filters.items() if value is not None}
    return {**given, "SPRINKLR_READ_ONLY": "true"} if read_only else given
