"""`call`: one action from the terminal, through the same pipeline as an assistant's call."""

from __future__ import annotations

import json
from typing import Any, cast

import click

from sprinklr_mcp.approvals.terminal import TerminalAsker, has_terminal
from sprinklr_mcp.calls.finding import UnknownTool
from sprinklr_mcp.calls.rendering import Rendered
from sprinklr_mcp.commands.running import as_json, leading_to_sprinklr, run_in_words, settings_of, show_json
from sprinklr_mcp.errors import Fault
from sprinklr_mcp.machine import opened
from sprinklr_mcp.settings import Settings
from sprinklr_tools.action import full_name


@click.command()
@click.argument("name")
@click.argument("arguments", default="{}")
@as_json
@click.option("--simulator", "simulated", is_flag=True, help="Run it on a simulator beside this command.")
def call(name: str, arguments: str, as_json: bool, simulated: bool) -> None:
    """Run one action; ARGUMENTS is a JSON object. A dangerous one asks at this terminal first."""
    given = _object(arguments)
    full = full_name(name)
    settings = settings_of()

    async def run() -> Rendered:
        async with leading_to_sprinklr(settings, simulated) as chosen:
            return await _run(chosen, full, given)

    async def run_or_explain() -> Rendered | Fault:
        try:
            return await run()
        except Fault as fault:
            if not as_json:
                raise
            return fault

    _show(run_in_words(run_or_explain), as_json)


async def _run(settings: Settings, name: str, arguments: dict[str, Any]) -> Rendered:
    asker = TerminalAsker() if has_terminal() else None
    async with opened(settings) as machine:
        try:
            return await machine.pipeline.call(name, arguments, asker)
        except UnknownTool as unknown:
            raise click.ClickException(str(unknown)) from None


def _show(outcome: Rendered | Fault, as_json: bool) -> None:
    if isinstance(outcome, Fault):
        show_json(outcome.structured())
        raise SystemExit(1)
    if as_json:
        show_json(outcome.structured)
        return
    click.echo(json.dumps(outcome.structured["facts"], ensure_ascii=False, indent=2))
    for path, text in outcome.structured.get("customer_text", {}).items():
        click.echo(f"\n{click.style(path, bold=True)}\n{text}")


def _object(text: str) -> dict[str, Any]:
    try:
        value: Any = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="ARGUMENTS") from None
    if not isinstance(value, dict):
        raise click.BadParameter("not a JSON object", param_hint="ARGUMENTS")
    return cast(dict[str, Any], value)
