"""`pause` and `resume`: a person stops every write of every process on this store, at once."""

from __future__ import annotations

import click

from sprinklr_mcp.commands.running import on_simulator, settings_of, with_machine
from sprinklr_mcp.machine import Machine


@click.command()
@on_simulator
def pause(simulated: bool) -> None:
    """Stop every tool that changes something, at once. Reading goes on."""

    async def work(machine: Machine) -> None:
        await machine.operations.pause()
        click.echo(f"Paused. Let writes go on with: {machine.settings.command('resume')}")

    with_machine(settings_of(simulated), work)


@click.command()
@on_simulator
def resume(simulated: bool) -> None:
    """Let the tools that change something go on."""

    async def work(machine: Machine) -> None:
        await machine.operations.resume()
        click.echo("Writes go on.")

    with_machine(settings_of(simulated), work)
