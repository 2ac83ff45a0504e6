"""Understanding a case and handing it on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sprinklr_tools.actions.cases.changing import AssignCase, UpdateCase
from sprinklr_tools.actions.cases.commenting import AddComment
from sprinklr_tools.actions.cases.conversation import GetCaseConversation
from sprinklr_tools.actions.cases.macros import ListCaseValues
from sprinklr_tools.actions.cases.reading import GetCaseByNumber
from sprinklr_tools.actions.search.cases import SearchCases
from sprinklr_tools.arguments import Line, Name
from sprinklr_tools.prompt import Prompt, Step
from sprinklr_tools.prompts.arguments import CaseNumber

READS = (GetCaseConversation, GetCaseByNumber)
READ = Step("Read the case with {tool} before you conclude anything.", READS)


class TriageCase(Prompt, label="Triage a case", reads=READS):
    """Find out what a case is about, how urgent it is and what to do next."""

    case_number: CaseNumber

    def goal(self) -> str:
        """One case."""
        return f"Triage Sprinklr case {self.case_number}."

    def steps(self) -> tuple[Step, ...]:
        """A judgement first, a change only when it is agreed."""
        return (
            READ,
            Step("See with {tool} whether the customer has other open cases.", (SearchCases,)),
            Step(
                "Tell me briefly: what the customer wants, how urgent it is and why, what was promised, who "
                "should take it, and the next step."
            ),
            Step("When I agree, set status, priority or owner with {tool}.", (UpdateCase,)),
        )


class SummariseConversation(Prompt, label="Summarise a conversation", reads=(GetCaseConversation,)):
    """Sum up what was said in a case, for somebody who has not read it."""

    case_number: CaseNumber

    def goal(self) -> str:
        """One case."""
        return f"Summarise the conversation of Sprinklr case {self.case_number} for somebody new to it."

    def steps(self) -> tuple[Step, ...]:
        """The whole of it, not only the newest page."""
        return (
            Step("Read it with {tool}; follow its calls for older messages to the beginning.", self.reads),
            Step(
                "In ten lines at most: who the customer is, what they want, what was tried and promised, "
                "with dates, and what is still open."
            ),
        )


class HandOverCase(Prompt, label="Hand over a case", reads=READS):
    """Write the note with which a colleague can go on with a case, and hand it over once you agree."""

    case_number: CaseNumber
    queue: Annotated[Name | None, Field(description="The queue it goes to, by its name.")] = None
    status: Annotated[Line | None, Field(description="The status it is left in.")] = None

    def goal(self) -> str:
        """One case."""
        return f"Prepare the hand-over of Sprinklr case {self.case_number} to a colleague."

    def steps(self) -> tuple[Step, ...]:
        """The note first; what changes the case comes after it."""
        return (
            READ,
            Step(
                "Write a note of eight lines at most: what the customer wants, what was done and promised, "
                "what is open, what to do next and by when. Show it to me."
            ),
            Step("When I agree, add it to the case with {tool}.", (AddComment,)),
            *self._moving(),
        )

    def _moving(self) -> tuple[Step, ...]:
        queue = Step(f'Find the id of the queue "{self.queue}" with {{tool}}.', (ListCaseValues,))
        assign = Step(
            f'When I agree, put the case into the queue "{self.queue}" with {{tool}}; ask me for the '
            "queue's id if you have not read it.",
            (AssignCase, UpdateCase),
        )
        status = Step(f'When I agree, set its status to "{self.status}" with {{tool}}.', (UpdateCase,))
        return (*((queue, assign) if self.queue else ()), *((status,) if self.status else ()))
