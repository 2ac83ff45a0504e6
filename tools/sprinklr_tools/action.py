"""What an action is: one class that says everything about one tool.

Fields are the input schema, the docstring is the description for the model, the type parameters are
the facts it reads first and the shape it answers with. From the class come schema, annotations,
request, dry run, question, command-line call and documentation. Does no I/O and knows no MCP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from sprinklr_tools.question import Question
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request

FactsT = TypeVar("FactsT")
ResultT = TypeVar("ResultT")
ResultOut = TypeVar("ResultOut", covariant=True)

PREFIX = "sprinklr_"
DETAIL: Mapping[str, bool] = {"detail": True}


class Risk(StrEnum):
    """Who must agree before an action runs."""

    READ = "read"
    """Changes nothing; also a search by POST."""
    WRITE = "write"
    """Internal, and can be put right: create, update, comment, assign, close."""
    DANGER = "danger"
    """Cannot be undone, reaches customers or the public, or mints a credential: a person is asked."""


class Answering(Protocol[ResultOut]):
    """An action whose answer has a known shape."""

    def answer(self, payload: Json) -> ResultOut:
        """Return the shape made of what Sprinklr answered, without the envelope."""
        ...


class Reader(Protocol):
    """What an action may use while it gathers facts: other reads, and the operator's defaults."""

    default_campaign: str | None
    now: datetime

    async def __call__(self, action: Answering[ResultOut]) -> ResultOut:
        """Run another action that only reads, and return what it answers.

        Raises `Problem` for what the read finds, and the server's own faults for what stops it.
        """
        ...


class Action(BaseModel, Generic[FactsT, ResultT]):
    """The base of every action; see CONTRIBUTING, "Add an action"."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    label: ClassVar[str]
    risk: ClassVar[Risk]
    repeatable: ClassVar[bool]
    listed: ClassVar[bool]

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        label: str = "",
        risk: Risk = Risk.READ,
        repeatable: bool | None = None,
        listed: bool = True,
        **options: Any,
    ) -> None:
        """Take the class keywords: Sprinklr's name of the action, its risk, and what may be repeated.

        `repeatable` says whether sending the same request twice does no harm; reads are, writes are
        not unless they say so. An action that is not `listed` is only read by others.
        """
        super().__pydantic_init_subclass__(**options)
        cls.label, cls.risk, cls.listed = label, risk, listed
        cls.repeatable = risk is Risk.READ if repeatable is None else repeatable

    async def gather(self, read: Reader) -> FactsT:
        """Read what must be known before the request is built; documented reads only."""
        raise NotImplementedError

    def request(self, facts: FactsT) -> Request | None:
        """Build the one request. Without one, what was gathered is the answer."""
        return None

    def question(self, facts: FactsT) -> Question:
        """Say what a person is asked; every DANGER action has one."""
        raise NotImplementedError

    def settle(self) -> Action[Any, Any] | None:
        """Return the read that tells whether a write of unknown outcome happened."""
        return None

    def answer(self, payload: Json) -> ResultT:
        """Make the answer's shape of what Sprinklr sent, without the envelope."""
        raise NotImplementedError


class SimpleAction(Action[None, ResultT], Generic[ResultT]):
    """placeholder"""


def tool_name(action: type[Action[Any, Any]]) -> str:
    """Return the tool's name: `sprinklr_` and the snake case of the class."""
    return PREFIX + re.sub(r"(?<!^)(?=[A-Z])", "_", action.__name__).lower()


def only_in_detail(default: Any = None) -> Any:
    """Mark a member of an answer that is shown only when `detail` is asked for."""
    return field(default=default, metadata=DETAIL)
