"""Custom properties: what a tenant adds to cases, profiles and messages.

A property is a field name to a list of texts, even for numbers and dates. A name is `_c_` with 24
hexadecimal digits, the digits alone, or one of Sprinklr's own such as `spr_uc_status`.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from sprinklr_tools.problems import Unclear
from sprinklr_tools.reading import Json, as_identifier, as_label, is_safe

Value = TypeVar("Value")
Properties = dict[str, tuple[str, ...]]
STATUS, PRIORITY, TYPE, TAG = "spr_uc_status", "spr_uc_priority", "spr_uc_type", "spr_uc_tag"
NAMED = {"status": STATUS, "priority": PRIORITY, "case_type": TYPE}
"""The properties that have an argument of their own, by its name."""


def properties_in(value: Json) -> Properties | None:
    """Read properties; a text that is no plain label is set apart as people's words."""
    if not isinstance(value, dict):
        return None
    return {
        name: tuple(label for item in items if (label := as_label(item)))
        for name, items in value.items()
        if isinstance(items, list) and is_safe(as_identifier(name))
    }


def as_json(fields: dict[str, list[str]] | None) -> dict[str, Json]:
    """Return custom fields as a body takes them."""
    return {name: list(values) for name, values in (fields or {}).items()}


def check_once(fields: dict[str, list[str]] | None, **others: str | None) -> None:
    """Refuse a property that is given by an argument of its own and among the custom fields too."""
    for argument, value in others.items():
        if value is not None and NAMED[argument] in (fields or {}):
            raise Unclear(
                f"{argument} and custom_fields give {NAMED[argument]} twice.", "Give it in one of them."
            )


def field_names(value: dict[str, Value]) -> dict[str, Value]:
    """Let only names pass that are names of fields. Raises `ValueError`."""
    for name in value:
        if not name.replace("_", "").isalnum() or not name.isascii() or len(name) > 64:
            raise ValueError(
                "a field name holds letters, digits and underscores, such as _c_64f1cdb57dd05e1c829ddc01"
            )
    return value


CustomFields = Annotated[
    dict[str, list[str]],
    Field(description="Internal field name to texts.", max_length=50),
    AfterValidator(field_names),
]
