"""`actions`: what can be called, and with which arguments."""

from __future__ import annotations

from typing import Any

import click

from sprinklr_mcp.calls.finding import UnknownTool, find
from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.commands.running import as_json, explained, settings_of, show_json
from sprinklr_tools.action import Action, description, full_name
from sprinklr_tools.catalogue import all_actions

COLOURS = {"read": "green", "write": "yellow", "danger": "red"}


@click.command()
@click.argument("name", required=False)
@as_json
def actions(name: str | None, as_json: bool) -> None:
    """List the actions, or show one with its arguments."""
    known = all_actions()
    found = {one: action for one, action in known.items() if action.listed}
    if name is not None:
        try:
            found = {full_name(name): find(full_name(name), known)}
        except UnknownTool as unknown:
            raise click.ClickException(f"{unknown} `sprinklr-mcp actions` lists them all.") from None
    with explained():
        policy = Policy(settings_of(), known)
    rows = [_row(one, action, policy) for one, action in found.items()]
    if as_json:
        show_json(rows)
    elif name is not None:
        _show_one(rows[0])
    else:
        for row in rows:
            click.echo(f"{row['name']:<34} {_risk(row):<16} {row['title']}{_off(row)}")


def _row(name: str, action: type[Action], policy: Policy) -> dict[str, Any]:
    return {
        "name": name,
        "title": action.label,
        "risk": action.risk.value,
        "off": policy.hidden_by(action),
        "description": description(action),
        "arguments": input_schema(action),
    }


def _risk(row: dict[str, Any]) -> str:
    return click.style(row["risk"], fg=COLOURS[row["risk"]])


def _off(row: dict[str, Any]) -> str:
    return f" (off: {row['off']})" if row["off"] else ""


def _show_one(row: dict[str, Any]) -> None:
    click.echo(f"{click.style(row['name'], bold=True)} · {row['title']} · {_risk(row)}{_off(row)}\n")
    click.echo(click.wrap_text(row["description"], 90) + "\n")
    needed = row["arguments"].get("required", [])
    for name, schema in row["arguments"]["properties"].items():
        mark = "needed" if name in needed else ""
        click.echo(
            f"  {name:<24}{schema.get('type', ''):<10}{mark:<8}{schema.get('description', '')}".rstrip()
        )
