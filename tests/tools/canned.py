"""Reads that are answered with what a test gives, and the parts of an action that follow from them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from examples import CASE, CASE_ID, action_of

from sprinklr_tools.action import Action, Answering
from sprinklr_tools.actions.cases.reading import Case
from sprinklr_tools.actions.publishing.accounts import Account
from sprinklr_tools.files import FileFacts
from sprinklr_tools.problems import Missing
from sprinklr_tools.question import Line, Question
from sprinklr_tools.reading import CustomerText, Json, Record

ACCOUNT_ID = "700000105"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Canned:
    """Answers each read with what a test gives for its class, and says of others that nothing is there."""

    now = NOW

    def __init__(self, answers: Mapping[type[Action], Any], campaign: str | None = "7001_12") -> None:
        self._answers = answers
        self.default_campaign = campaign
        self.read: list[Action] = []

    async def __call__(self, action: Answering[Any]) -> Any:
        assert isinstance(action, Action)
        self.read.append(action)
        if type(action) not in self._answers:
            raise Missing("Nothing is there.")
        return self._answers[type(action)]

    async def inspect(self, path: str) -> FileFacts:
        raise AssertionError(f"nobody looks at {path}")


def gathered(action: Action, reader: Canned) -> Any:
    """What the action gathers. No read here waits for anything, so there is no loop to run it in."""
    gathering = action.gather(reader)
    try:
        gathering.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("a read waited")


def asked(tool: str, arguments: Mapping[str, Any], answers: Mapping[type[Action], Any]) -> Question:
    """The question of a call, after its reads."""
    action = action_of(tool, arguments)
    return action.question(gathered(action, Canned(answers)))


def checked(tool: str, **arguments: Any) -> Any:
    """What a call gathers without any read."""
    return gathered(action_of(tool, arguments), Canned({}))


def body_of(tool: str, **arguments: Any) -> Any:
    """What a call sends that reads nothing before."""
    action = action_of(tool, arguments)
    request = action.request(gathered(action, Canned({})))
    assert request is not None
    return request.json


def value_in(question: Question, name: str) -> str:
    """The only line of that name."""
    (line,) = [one for one in question.lines if one.name == name]
    return line.value


def lines_in(question: Question, name: str) -> list[Line]:
    return [one for one in question.lines if one.name == name]


def an_account(kind: str | None, network: str | None = None) -> Account:
    return Account(ACCOUNT_ID, CustomerText("Northwind Cycles"), kind, None, None, network)


def a_case(**members: Json) -> Case:
    return Case.of(Record({"id": CASE_ID, "caseNumber": int(CASE), **members}))
