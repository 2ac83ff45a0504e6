"""Reading a case by its internal id, for those who have it and not the number."""

from __future__ import annotations

from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.actions.cases.reading import Case, case_with_id
from sprinklr_tools.arguments import CaseId, Detail
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request, get


class GetCaseById(Action, label="Read case by ID"):
    """Read one case by its internal id of 24 hexadecimal digits, as webhooks and links carry it.

    With the number that people use, take sprinklr_get_case_by_number. Returns the case with both of its
    ids.
    """

    case_id: CaseId
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """A number does not work here."""
        return get("/api/v2/case/{case_id}", path={"case_id": self.case_id})

    def answer(self, payload: Json, facts: Any) -> Case:
        """A deleted case may still be readable."""
        return case_with_id(payload, self.case_id)
