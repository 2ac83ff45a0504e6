"""What an action is: one class that says everything about one tool.

Fields are the input schema, the docstring is the description for the model, `answer` names the shape
shown to the model and `risk` decides who must agree. From the class come schema, annotations, request,
dry run, question, command-line call and documentation. Does no I/O and knows no MCP.
"""

from __future__ import annotations

import inspect
import re
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from sprinklr_tools.answers import Names
from sprinklr_tools.files import FileFacts
from sprinklr_tools.question import Question
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request
from sprinklr_tools.resource import Resource

Answer = TypeVar("Answer", covariant=True)

PREFIX = "sprinklr_"


class Risk(StrEnum):
    """Who must agree before an action runs."""

    READ = "read"
    """Changes nothing; also a search by POST."""
    WRITE = "write"
    """Internal, and can be put right: create, update, comment, assign, close."""
    DANGER = "danger"
    """Cannot be undone, reaches customers or the public, or mints a credential: a person is asked."""


class Answering(Protocol[Answer]):
    """An action whose answer has a known shape."""

    def answer(self, payload: Json, facts: Any) -> Answer:
        """Return the shape made of what Sprinklr answered."""
        ...


class Reader(Protocol):
    """What an action may use while it gathers facts: other reads, files, and the operator's defaults."""

    @property
    def default_campaign(self) -> str | None:
        """The campaign that a reply belongs to when the call names none."""
        ...

    @property
    def now(self) -> datetime:
        """The present time, with its zone."""
        ...

    async def __call__(self, action: Answering[Answer]) -> Answer:
        """Run another action that only reads, and return what it answers.

        Raises `Problem` for what the read finds, and the server's own faults for what stops it.
        """
        ...

    async def inspect(self, path: str) -> FileFacts:
        """Look at a file that is to be uploaded, and return what it is.

        Raises the server's own faults where the operator's rules do not let it be uploaded.
        """
        ...


class Action(BaseModel):
    """The base of every action; CONTRIBUTING, "Add an action", shows one."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    label: ClassVar[str] = ""
    """Sprinklr's own name of the action, shown as the tool's title."""
    risk: ClassVar[Risk] = Risk.READ
    repeatable: ClassVar[bool] = True
    """Whether sending the same request twice does no harm."""
    listed: ClassVar[bool] = True
    """Whether it is a tool of its own; one that is not is only read by others."""
    optional: ClassVar[bool] = False
    """Whether it is not in the default list; a toolset or an allow-list must name it."""
    lasting: ClassVar[bool] = False
    """Whether its answer changes so rarely that a read may show what came within the last day."""
    provable: ClassVar[bool] = False
    """Whether the read of `settle` can prove that it happened; then the server makes that read itself."""
    hourly: ClassVar[int | None] = None
    """How many an hour are enough where the operator does not say otherwise; None: no bound."""
    part_of: ClassVar[type[Action] | None] = None
    """The listed action for which it makes a call: the operator's own path for that one holds here too."""
    resource: ClassVar[Resource | None] = None
    """Where a client may read what this action reads, without a call of the tool."""

    def __init_subclass__(
        cls,
        *,
        label: str,
        risk: Risk = Risk.READ,
        repeatable: bool | None = None,
        listed: bool = True,
        optional: bool = False,
        lasting: bool = False,
        provable: bool = False,
        hourly: int | None = None,
        part_of: type[Action] | None = None,
        resource: Resource | None = None,
        **options: Any,
    ) -> None:
        """Take the class keywords; reads may be repeated, writes not unless they say so.

        Raises `TypeError` for a resource that would write: clients read those as they like.
        """
        super().__init_subclass__(**options)
        if resource is not None and risk is not Risk.READ:
            raise TypeError(f"{cls.__name__} writes and cannot be a resource")
        cls.label, cls.risk, cls.listed = label, risk, listed
        cls.optional, cls.lasting, cls.part_of = optional, lasting, part_of
        cls.provable, cls.hourly, cls.resource = provable, hourly, resource
        cls.repeatable = risk is Risk.READ if repeatable is None else repeatable

    async def gather(self, read: Reader) -> Any:
        """Read what must be known before the request is built; documented reads only.

        Raises `Problem` where the facts forbid the call.
        """
        return None

    def request(self, facts: Any) -> Request | None:
        """Build the one request. Without one, what was gathered is the answer."""
        return None

    def question(self, facts: Any) -> Question:
        """Say what a person is asked; every DANGER action has one."""
        raise NotImplementedError(f"{type(self).__name__} is dangerous and asks nothing")

    def settle(self) -> Action | None:
        """Return the read that tells whether a write of unknown outcome happened."""
        return None

    def proven_by(self, found: Any) -> bool:
        """Tell whether the answer of `settle`'s read proves that it happened; None: it found nothing.

        Then `answer` is given no payload.
        """
        return False

    def answer(self, payload: Json, facts: Any) -> Any:
        """Make the answer's shape, a dataclass, of what Sprinklr sent; `payload` is without envelope.

        Raises `Problem` where a success says in truth that nothing was done.
        """
        return facts

    def page_at(self, cursor: str | None) -> Self | None:
        """Return this call for the page that a cursor leads to; None where it leads nowhere."""
        return self.model_copy(update={"cursor": cursor}) if cursor else None

    def shown(self, answer: Any) -> Any:
        """Return what of the answer is shown at once, where Sprinklr sends a long list whole.

        Another action that reads this one gets the whole answer.
        """
        return answer

    def names(self, answer: Any) -> Names | None:
        """Return the names of ids that an answer tells, so that others can show them beside the ids."""
        return None


def tool_name(action: type[Action]) -> str:
    """Return the tool's name: `sprinklr_` and the snake case of the class."""
    return PREFIX + re.sub(r"(?<!^)(?=[A-Z])", "_", action.__name__).lower()


def full_name(name: str) -> str:
    """Return a tool's whole name; people leave out what all names begin with."""
    return name if name.startswith(PREFIX) else PREFIX + name


def toolset(action: type[Action]) -> str:
    """Return the name of the group an action belongs to: the package that its module stands in."""
    return action.__module__.split(".")[-2]


def description(action: type[Action]) -> str:
    """Return the text for the model, on one line."""
    return " ".join((inspect.getdoc(action) or "").split())
