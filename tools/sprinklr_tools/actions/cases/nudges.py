"""Hints for the agent on a case. Sprinklr publishes no call for them, and none is guessed."""

from __future__ import annotations

from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.actions.unpublished import Raw
from sprinklr_tools.arguments import CaseNumber
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request, unpublished


class ListCaseNudges(Action, label="Fetch nudges for case"):
    """List the hints ("nudges") that Sprinklr shows an agent on one case.

    Sprinklr publishes no call for it: this works where the operator configured one, and else says what is
    missing. Returns what that call answers.
    """

    case_number: CaseNumber

    def request(self, facts: Any) -> Request:
        """The operator's setting says which call."""
        return unpublished(case_number=self.case_number)

    def answer(self, payload: Json, facts: Any) -> Raw:
        """The shape is not published."""
        return Raw.of(payload)
