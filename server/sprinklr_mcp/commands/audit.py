"""`audit`: what was done, refused and agreed to, from the log in the store."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from sprinklr_mcp.calls.finding import UnknownTool, find
from sprinklr_mcp.commands.moments import moment
from sprinklr_mcp.commands.running import as_json, on_simulator, settings_of, with_machine
from sprinklr_mcp.commands.settling import settle_what_was_cut
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.store.audit import EVERYTHING, KINDS, OUTCOMES, AuditRow, Wanted
from sprinklr_tools.action import full_name, tool_name

COLOURS = {"intent": "cyan", "outcome": "green", "refusal": "yellow", "paused": "red", "resumed": "green"}
SHOWN = 50
"""The newest records that a person is shown who names no limit."""
OPERATION = re.compile(r"[0-9a-f]{16}")


@click.command()
@click.option("--tool", metavar="NAME", help="Only what was called by this tool.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only records of this kind.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only writes that ended so.")
@click.option("--operation", metavar="ID", help="Only this one write: its intent and its outcome.")
@click.option(
    "--since", type=moment, metavar="TIME", help="Only from then on: 2026-11-24T18:00Z, or 90m, 2h, 3d ago."
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"The newest so many of them; {SHOWN} where it is left out, with --json all.",
)
@click.option("--verify", is_flag=True, help="Check that the records fit together: finds changes and gaps.")
@as_json
@on_simulator
def audit(
    limit: int | None, verify: bool, as_json: bool, simulated: bool, since: float | None, **named: str | None
) -> None:
    """Show what was done and refused, oldest first. A record is shown if it fits all that is named.

    With --json, each record is one line. --verify looks at every record, and goes with nothing else.
    """
    wanted = Wanted(**named, since=since or 0.0)
    if verify:
        if as_json or limit is not None or wanted != EVERYTHING:
            raise click.UsageError("--verify looks at every record: it goes with none of the other options.")
        with_machine(settings_of(simulated), _verify)
        return
    _refuse_what_nothing_fits(wanted)
    most = limit if limit is not None or as_json else SHOWN
    with_machine(settings_of(simulated), lambda machine: _show(machine, wanted, most, as_json))


def _refuse_what_nothing_fits(wanted: Wanted) -> None:
    """A list that can only be empty would look like an answer."""
    if wanted.operation is not None and not OPERATION.fullmatch(wanted.operation):
        raise click.BadParameter("an id is 16 of the signs 0-9 and a-f.", param_hint="--operation")
    for name in ("tool", "operation", "outcome"):
        if wanted.kind and getattr(wanted, name) is not None and name not in KINDS[wanted.kind]:
            raise click.UsageError(f"--kind {wanted.kind} does not go with --{name}: it has none.")


async def _show(machine: Machine, wanted: Wanted, most: int | None, as_json: bool) -> None:
    await settle_what_was_cut(machine)
    if wanted.tool is not None:
        wanted = replace(wanted, tool=_known(machine, wanted.tool))
    row = None
    async for row in machine.audit.rows(wanted, most):
        told = {"number": row.number, "time": _time(row.time), **row.record}
        click.echo(json.dumps(told) if as_json else in_words(row))
    if row is None and not as_json:
        click.echo("There is no such record.", err=True)


def _known(machine: Machine, name: str) -> str:
    try:
        return tool_name(find(full_name(name), machine.actions))
    except UnknownTool as unknown:
        raise click.BadParameter(str(unknown), param_hint="--tool") from None


async def _verify(machine: Machine) -> None:
    found = await machine.audit.verify()
    if found.first_wrong is not None:
        raise click.ClickException(f"Record {found.first_wrong} was changed, or one before it is missing.")
    click.echo(f"All {found.rows} records fit together.")


def in_words(row: AuditRow) -> str:
    """Return one record as a line for people."""
    kind = str(row.record.get("kind", ""))
    arguments = row.record.get("arguments", {})
    given = " ".join(f"{name}={_noted(value)}" for name, value in arguments.items())
    parts = [
        _time(row.time),
        click.style(f"{kind:<8}", fg=COLOURS.get(kind)),
        str(row.record.get("operation", "")),
        str(row.record.get("tool", "")),
        str(row.record.get("outcome", "")),
        str(row.record.get("code", "")),
        given,
        f"agreed by {row.record['approved']}" if row.record.get("approved") else "",
    ]
    return "  ".join(part for part in parts if part)


def _noted(value: Any) -> str:
    return value if isinstance(value, str) else f"({value['length']} characters)"


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
