"""`audit`: what was done, refused and agreed to, from the log in the store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from sprinklr_mcp.commands.running import as_json, on_simulator, settings_of, show_json, with_machine
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.store.audit import AuditRow

COLOURS = {"intent": "cyan", "outcome": "green", "refusal": "yellow", "paused": "red", "resumed": "green"}


@click.command()
@click.option("--last", default=50, show_default=True, help="How many of the newest records to show.")
@click.option("--verify", is_flag=True, help="Check that the records fit together: finds changes and gaps.")
@as_json
@on_simulator
def audit(last: int, verify: bool, as_json: bool, simulated: bool) -> None:
    """Show what was done and refused, oldest first."""
    settings = settings_of(simulated)
    if verify:
        with_machine(settings, _verify)
        return
    rows = with_machine(settings, lambda machine: machine.audit.newest(last))
    if as_json:
        show_json([{"number": row.number, "time": _time(row.time), **row.record} for row in rows])
    else:
        for row in rows:
            click.echo(in_words(row))


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
