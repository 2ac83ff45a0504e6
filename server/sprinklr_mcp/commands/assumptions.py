"""`assumptions`: what is assumed about Sprinklr, checked on the tenant of this login by reads alone."""

from __future__ import annotations

import logging
from typing import Any

import click

from sprinklr_mcp.commands.running import as_json, leading_to_sprinklr, run_in_words, settings_of, show_json
from sprinklr_mcp.machine import opened
from sprinklr_mcp.probing import Probed, probed
from sprinklr_mcp.settings import Settings
from sprinklr_tools.assumptions.catalogue import all_probes

WORDS = {True: ("holds", "green"), False: ("does not hold", "red"), None: ("not tried", "yellow")}


@click.command()
@as_json
@click.option("--simulator", "simulated", is_flag=True, help="Check a simulator beside this command.")
def assumptions(as_json: bool, simulated: bool) -> None:
    """Check what is assumed about Sprinklr, as far as reads can: some two dozen, and nothing is changed.

    Status 1 where something assumed does not hold, or nothing could be tried. Shows nothing of cases and
    people.
    """
    settings = settings_of()
    # Refusals are what most of these reads are for, and each is told below.
    logging.getLogger("sprinklr_mcp").setLevel(logging.ERROR)

    async def run() -> list[Probed]:
        async with leading_to_sprinklr(settings, simulated) as chosen:
            return await _checked(chosen, quiet=as_json)

    found = run_in_words(run)
    if as_json:
        show_json([_record(one) for one in found])
    tried = [one.outcome.holds for one in found if one.outcome.holds is not None]
    raise SystemExit(not (tried and all(tried)))


async def _checked(settings: Settings, *, quiet: bool) -> list[Probed]:
    found: list[Probed] = []
    async with opened(settings) as machine:
        async for one in probed(all_probes(), machine.sources, settings.read_deadline):
            found.append(one)
            if not quiet:
                _show(one)
    return found


def _show(one: Probed) -> None:
    words, colour = WORDS[one.outcome.holds]
    click.echo(f"{one.probe.number:<5}{click.style(f'{words:<15}', fg=colour)}{one.probe.assumed}")
    click.echo(f"{'':20}{one.outcome.found}")
    if one.outcome.holds is False:
        click.echo(f"{'':20}{one.probe.otherwise}")


def _record(one: Probed) -> dict[str, Any]:
    return {
        "assumption": one.probe.number,
        "assumed": one.probe.assumed,
        "holds": one.outcome.holds,
        "found": one.outcome.found,
        "otherwise": one.probe.otherwise,
    }
