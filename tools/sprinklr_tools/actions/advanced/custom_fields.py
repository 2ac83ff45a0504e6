"""What a custom field may hold. Facts: Sprinklr's custom-field article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.answers import Names, Page, page_of
from sprinklr_tools.arguments import Cursor, FieldName
from sprinklr_tools.problems import Missing
from sprinklr_tools.properties import STATUS
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, get

PAGE = 200


@dataclass(frozen=True)
class Option:
    """One value of a list; `key` is what calls take, `label` what people see."""

    key: str | None
    label: str | None


@dataclass(frozen=True)
class CustomField:
    """One field."""

    field_name: str | None
    label: CustomerText | str | None
    kind: str | None
    used_on: tuple[str, ...]
    enabled: bool
    options: tuple[Option, ...]
    page: Page | None = None


class GetCustomField(Action, label="Get custom field", optional=True, lasting=True):
    """Read one custom field by its name, such as spr_uc_status: its label, its kind and its values.

    For statuses, queues and macros at a glance, use sprinklr_list_case_values. Returns keys, which other
    calls take, and labels, which people see.
    """

    field_name: FieldName
    cursor: Cursor | None = None

    def request(self, facts: Any) -> Request:
        """The path takes the name."""
        return get("/api/v2/custom-field/{field_name}", path={"field_name": self.field_name})

    def answer(self, payload: Json, facts: Any) -> CustomField:
        """Keys go over the wire, labels are for people."""
        record = Record.of(payload)
        if record.identifier("fieldName") is None:
            raise Missing(
                f"There is no custom field {self.field_name}.", "Check its name with an administrator."
            )
        values = record.records("values")
        return CustomField(
            field_name=record.identifier("fieldName"),
            label=record.label("label"),
            kind=record.label("type"),
            used_on=tuple(record.labels("assetTypes")),
            enabled=record.raw("enabled") is not False,
            options=tuple(Option(one.label("key"), one.label("label")) for one in values),
        )

    def shown(self, answer: CustomField) -> CustomField:
        """A list may have thousands of options."""
        options, page = page_of(answer.options, self.cursor, PAGE, self.page_at)
        return replace(answer, options=options, page=page if answer.options else None)

    def names(self, answer: CustomField) -> Names | None:
        """The status that people see on a case is such a field; calls take its keys."""
        if answer.field_name != STATUS:
            return None
        return Names("status", {one.key: one.key for one in answer.options if one.key})
