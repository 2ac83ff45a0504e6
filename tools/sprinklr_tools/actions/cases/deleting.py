"""Deleting a case, by its number or its id. Facts: Sprinklr's articles on deleting cases.

Nothing in the API brings one back, though Sprinklr only marks it: a deleted case still reads, as `deleted`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.by_id import GetCaseById
from sprinklr_tools.actions.cases.reading import Case, GetCaseByNumber, lines_about
from sprinklr_tools.arguments import CaseId, CaseNumber
from sprinklr_tools.problems import Conflicting, Missing, Unreadable
from sprinklr_tools.question import Question
from sprinklr_tools.reading import Json, is_safe
from sprinklr_tools.request import Request, post


@dataclass(frozen=True)
class Deleted:
    """What was deleted."""

    case_number: str
    deleted: bool = True


class DeleteCaseByNumber(
    Action, label="Delete case by case number", risk=Risk.DANGER, provable=True, hourly=10
):
    """Delete one case, named by its number, for good. A person is asked first and types the number.

    Only for cases that should not exist, such as tests and duplicates; to close a finished one, use
    sprinklr_update_case. Returns the number.
    """

    case_number: CaseNumber

    async def gather(self, read: Reader) -> Case:
        """Read what would be deleted: a person must see it first."""
        case = await read(GetCaseByNumber(case_number=self.case_number))
        if case.case_number != self.case_number:
            raise Unreadable(f"Sprinklr answered with something else than case {self.case_number}.")
        if case.deleted:
            raise Conflicting(f"Case {self.case_number} is already deleted.", "There is nothing left to do.")
        return case

    def request(self, facts: Case) -> Request:
        """The body is a bare list of numbers as texts; ours never holds more than one."""
        return post("/api/v2/case/case-numbers/delete", [self.case_number])

    def question(self, facts: Case) -> Question:
        """Show the case; the number is typed."""
        return Question(
            headline=f"Delete case {self.case_number} for good? This cannot be undone.",
            lines=lines_about(facts),
            retype=self.case_number,
            retype_name="case number",
        )

    def settle(self) -> GetCaseByNumber:
        """A deleted case reads as `deleted`."""
        return GetCaseByNumber(case_number=self.case_number)

    def proven_by(self, found: Case | None) -> bool:
        """It was there when it was asked about."""
        return found is None or bool(found.deleted)

    def answer(self, payload: Json, facts: Case) -> Deleted:
        """Success has no body."""
        return Deleted(self.case_number)


class DeleteCaseById(Action, label="Delete case by case ID", risk=Risk.DANGER, provable=True, hourly=10):
    """Delete one case, named by its internal id, for good. A person is asked first and types its number.

    With the number, use sprinklr_delete_case_by_number. A finished case is closed, with
    sprinklr_update_case, not deleted. Returns the number.
    """

    case_id: CaseId

    async def gather(self, read: Reader) -> Case:
        """Read what would be deleted: a person must see it first."""
        case = await read(GetCaseById(case_id=self.case_id))
        if case.deleted:
            raise Conflicting("This case is already deleted.", "There is nothing left to do.")
        if not is_safe(case.case_number):
            raise Missing("The case came without its number, so nobody can be asked about it.")
        return case

    def request(self, facts: Case) -> Request:
        """The body is a bare list of ids; ours never holds more than one."""
        return post("/api/v2/case/delete", [self.case_id])

    def question(self, facts: Case) -> Question:
        """Show the case; the number is typed."""
        return Question(
            headline=f"Delete case {facts.case_number} for good? This cannot be undone.",
            lines=lines_about(facts),
            retype=str(facts.case_number),
            retype_name="case number",
        )

    def settle(self) -> GetCaseById:
        """A deleted case reads as `deleted`."""
        return GetCaseById(case_id=self.case_id)

    def proven_by(self, found: Case | None) -> bool:
        """It was there when it was asked about."""
        return found is None or bool(found.deleted)

    def answer(self, payload: Json, facts: Case) -> Deleted:
        """Success has no body."""
        return Deleted(str(facts.case_number))
