"""The tool that the conformance suite calls by names of its own. Our pipeline asks before it runs.

What the suite types is never what is asked for, so nothing is ever sent.
"""

from __future__ import annotations

from sprinklr_tools.action import Action, Risk
from sprinklr_tools.question import Line, Question
from sprinklr_tools.request import Request, post

NAMES = (
    "test_input_required_result_elicitation",
    "test_input_required_result_request_state",
    "test_input_required_result_tampered_state",
)


class Asking(Action, label="Ask", risk=Risk.DANGER):
    """Ask a person, and then delete a case that does not exist."""

    def request(self, facts: None) -> Request:
        return post("/api/v2/case/case-numbers/delete", ["1"])

    def question(self, facts: None) -> Question:
        lines = (Line("Case", "1"),)
        return Question(headline="Do it?", lines=lines, retype="1", retype_name="case number")
