"""Asking a person at the terminal that controls this process: never a pipe, never an argument."""

from __future__ import annotations

import os

import anyio.to_thread

from sprinklr_mcp.approvals.asking import Choice, PersonsAnswer
from sprinklr_mcp.approvals.wording import ShownQuestion

DECLINE = "-"
HOW = f"(Or type {DECLINE} to say no; Enter alone leaves it undecided.)"
INPUT, OUTPUT = ("CONIN$", "CONOUT$") if os.name == "nt" else ("/dev/tty", "/dev/tty")


def has_terminal() -> bool:
    """Tell whether a person can be asked here."""
    try:
        with open(OUTPUT, "w", encoding="utf-8"), open(INPUT, encoding="utf-8"):
            return True
    except OSError:
        return False


class TerminalAsker:
    """The person at the terminal."""

    way = "terminal"
    handle = None

    async def ask(self, question: ShownQuestion, handle: str) -> PersonsAnswer:  # noqa: ARG002
        """Show the question and wait for a line."""
        return await anyio.to_thread.run_sync(_answer, question)


def _answer(question: ShownQuestion) -> PersonsAnswer:
    with open(OUTPUT, "w", encoding="utf-8") as out, open(INPUT, encoding="utf-8") as answers:
        out.write(f"\n{question.text}\n{HOW}\n> ")
        out.flush()
        typed = answers.readline().strip()
    if not typed:
        return PersonsAnswer(Choice.DISMISSED)
    return PersonsAnswer(Choice.DECLINED) if typed == DECLINE else PersonsAnswer(Choice.ANSWERED, typed)
