"""Custom entities: records of a tenant's own making. Facts: Sprinklr's custom-entity articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    FiniteFloat,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from sprinklr_tools.action import Action, Risk
from sprinklr_tools.arguments import EntityId, Line, Name
from sprinklr_tools.problems import Unreadable
from sprinklr_tools.properties import field_names
from sprinklr_tools.reading import CustomerText, Json, Record, told
from sprinklr_tools.request import Request, post, present


def _in_words(value: Any, kinds: ValidatorFunctionWrapHandler) -> Any:
    """Say once what a value may be, instead of what it is not of each kind."""
    try:
        return kinds(value)
    except ValidationError:
        raise ValueError("give a text of one line, a number, true or false") from None


EntityValue = Annotated[
    Line | int | FiniteFloat | bool,
    WrapValidator(_in_words),
    WithJsonSchema({"description": "A text, a number, true or false."}),
]


@dataclass(frozen=True)
class Entity:
    """One record; `id` is what reading it wants."""

    id: str | None
    entity_id: str | None
    entity_type: str | None
    name: CustomerText | None
    values: Json


class CreateCustomEntity(Action, label="Create custom entity", risk=Risk.WRITE):
    """Create one record of a custom entity type that the tenant has defined, such as _c_loyalty_member.

    Not for cases or profiles, which have tools of their own. What a second record with the same
    entity_id does is not published. Returns the record.
    """

    entity_type: Annotated[str, Field(pattern=r"^_c_[A-Za-z0-9_]{1,60}$", description="Begins with _c_.")]
    values: Annotated[
        dict[str, EntityValue],
        Field(description="Field name to value.", max_length=100),
        AfterValidator(field_names),
    ]
    name: Name | None = None
    entity_id: Annotated[EntityId | None, Field(description="Your own id for it.")] = None

    def request(self, facts: Any) -> Request:
        """Sprinklr must have switched the feature on."""
        body: dict[str, Json] = {
            "type": self.entity_type,
            "values": dict(self.values),
            "name": self.name,
            "entityId": self.entity_id,
        }
        return post("/api/v2/custom-entity/entity", present(body))

    def answer(self, payload: Json, facts: Any) -> Entity:
        """The record as it was stored."""
        record = Record.of(payload)
        if record.identifier("id", "entityId") is None:
            raise Unreadable
        return Entity(
            id=record.identifier("id"),
            entity_id=record.identifier("entityId"),
            entity_type=record.identifier("type"),
            name=record.text("name"),
            values=told(record.raw("values")),
        )
