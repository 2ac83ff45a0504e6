"""`approve`: a person's answer in a terminal. Takes no id and no value, so that nothing can be handed in."""

from __future__ import annotations

import click

from sprinklr_mcp.approvals.asking import Choice, PersonsAnswer
from sprinklr_mcp.approvals.terminal import TerminalAsker, has_terminal
from sprinklr_mcp.approvals.wording import ShownQuestion
from sprinklr_mcp.commands.running import on_simulator, settings_of, with_machine
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.store.approvals import Approval, Status


@click.command()
@on_simulator
def approve(simulated: bool) -> None:
    """Answer what waits for a person's agreement, one after the other."""
    settings = settings_of(simulated)
    if "terminal" not in settings.approval_ways:
        raise click.ClickException("SPRINKLR_APPROVAL_WAYS does not allow agreeing in a terminal.")
    if not has_terminal():
        raise click.ClickException("There is no terminal to ask at; run this in one, by hand.")
    with_machine(settings, _answer_all)


async def _answer_all(machine: Machine) -> None:
    waiting = await machine.approvals.waiting()
    if not waiting:
        click.echo(f"Nothing waits for an answer in {machine.settings.data_folder}.")
    for number, approval in enumerate(waiting, 1):
        content = await machine.approvals.content(approval)
        if content is None:
            continue
        question = ShownQuestion.from_bytes(content)
        click.echo(click.style(f"\n{number} of {len(waiting)} · {approval.tool}", bold=True))
        await machine.approvals.show_again(approval.handle)
        answer = await TerminalAsker().ask(question, approval.handle)
        click.echo(await _decided(machine, approval, question, answer))


async def _decided(
    machine: Machine, approval: Approval, question: ShownQuestion, answer: PersonsAnswer
) -> str:
    if answer.choice is Choice.DISMISSED:
        return "Left undecided."
    agreed = answer.choice is Choice.ANSWERED and question.matches(answer.typed)
    if answer.choice is Choice.ANSWERED and not agreed:
        return f"That is not the {question.retype_name}; left undecided."
    status = Status.APPROVED if agreed else Status.DECLINED
    if not await machine.approvals.decide(approval.handle, status, "terminal"):
        return "Too late: it no longer waits. Nothing was changed."
    if not agreed:
        return "Declined. Nothing will be sent."
    seconds = round(machine.settings.approval_deadline)
    time_left = f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"
    return f"Agreed. It is sent when the assistant calls again, within {time_left}."
