"""`serve`: the MCP server over stdio. Start-up is paid at every call by some frameworks; hence the care."""

from __future__ import annotations

import gc

import click

from sprinklr_mcp.commands.running import explained, log_to_stderr, settings_of
from sprinklr_mcp.settings import Settings


@click.command()
@click.option("--simulator", "simulated", is_flag=True, help="Serve against a simulator beside this server.")
def serve(simulated: bool) -> None:
    """Serve the tools to an MCP client over stdin and stdout.

    With --simulator, a simulated Sprinklr runs beside the server: no account and no login are needed.
    """
    log_to_stderr()
    settings = settings_of()
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
