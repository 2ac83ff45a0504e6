"""Macros, and the other values that a tenant defines for its cases.

Facts: Sprinklr's articles on the bootstrap lists and on macros.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.advanced.custom_fields import GetCustomField
from sprinklr_tools.actions.cases.effects import effects_of, lines_of
from sprinklr_tools.actions.cases.reading import Case, GetCaseByNumber, lines_about
from sprinklr_tools.answers import Names, Page, only_in_detail, page_of
from sprinklr_tools.arguments import CaseNumber, Cursor, MacroId
from sprinklr_tools.problems import Conflicting, Missing
from sprinklr_tools.properties import STATUS
from sprinklr_tools.question import Question, lines
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, get, post

PAGE = 100
QUEUES, MACROS = "UNIVERSAL_CASE_QUEUES", "MACROS"


@dataclass(frozen=True)
class Value:
    """One value that a tenant defined; `name` is what people see."""

    id: str | None
    name: CustomerText | str | None
    needs_manual_actions: bool | None = None
    effects: tuple[str, ...] | None = only_in_detail()
    """What a macro changes."""


@dataclass(frozen=True)
class CaseValues:
    """The values of one kind."""

    kind: str
    values: tuple[Value, ...]
    page: Page | None = None


class ListCaseValues(Action, label="List case values", optional=True, lasting=True):
    """List what cases in this tenant can be set to: its statuses, its queues, or its macros, with ids.

    Use it before sprinklr_update_case, sprinklr_assign_case or sprinklr_apply_macro. Returns ids and
    names.
    """

    kind: Annotated[Literal["statuses", "queues", "macros"], Field(description="Which list.")]
    cursor: Cursor | None = None

    async def gather(self, read: Reader) -> CaseValues | None:
        """Statuses are the options of a custom field; there is no list of them of their own."""
        if self.kind != "statuses":
            return None
        field = await read(GetCustomField(field_name=STATUS))
        return CaseValues(self.kind, tuple(Value(one.key, one.label) for one in field.options))

    def request(self, facts: CaseValues | None) -> Request | None:
        """One list a call."""
        if facts is not None:
            return None
        return get("/api/v1/bootstrap/resources", types=QUEUES if self.kind == "queues" else MACROS)

    def answer(self, payload: Json, facts: CaseValues | None) -> CaseValues:
        """Macros come as the user's own and shared ones; deleted ones are left out."""
        if facts is not None:
            return facts
        if self.kind == "queues":
            return CaseValues(self.kind, tuple(_value(one) for one in Record.of(payload).records(QUEUES)))
        macros = Record.of(payload).record(MACROS)
        listed = [*macros.records("USER"), *macros.records("SHARED")]
        return CaseValues(self.kind, tuple(_macro(one) for one in listed if not one.flag("deleted")))

    def shown(self, answer: CaseValues) -> CaseValues:
        """A tenant may have hundreds of macros."""
        return CaseValues(answer.kind, *page_of(answer.values, self.cursor, PAGE, self.page_at))

    def names(self, answer: CaseValues) -> Names | None:
        """Cases name their queues by id."""
        if self.kind != "queues":
            return None
        return Names("queue", {one.id: one.name for one in answer.values if one.id and one.name})


def _value(record: Record) -> Value:
    return Value(record.identifier("id", "queueId"), record.label("name"))


def _macro(record: Record) -> Value:
    manual = True if needs_manual_actions(record) else None
    return Value(record.identifier("id"), record.label("name"), manual, effects_of(record))


def needs_manual_actions(macro: Record) -> bool:
    """Tell whether a macro wants values that the call has no published way to send."""
    manual = macro.record("manualActionData")
    return bool(manual.raw("mandatoryKeys") or manual.raw("actions"))


@dataclass(frozen=True)
class MacroApplied:
    """Which macro was applied to which case; read the case to see what it did."""

    case_number: str
    macro_id: str
    applied: bool = True


class ApplyMacro(Action, label="Apply macro", risk=Risk.DANGER, optional=True):
    """Apply one of the tenant's macros to one case; a macro may also write to the customer.

    A person is asked first and types the case number. Get ids from sprinklr_list_case_values. Macros
    that need values filled in are refused. Read the case afterwards.
    """

    case_number: CaseNumber
    macro_id: MacroId

    async def gather(self, read: Reader) -> tuple[Case, Value]:
        """Read the case and the macro: both must be seen by a person."""
        case = await read(GetCaseByNumber(case_number=self.case_number))
        macros = (await read(ListCaseValues(kind="macros"))).values
        macro = next((one for one in macros if one.id == self.macro_id), None)
        if macro is None:
            raise Missing("There is no such macro.", "List macros with sprinklr_list_case_values.")
        if macro.needs_manual_actions:
            raise Conflicting(
                "This macro needs values filled in by a person, which the API has no way to send.",
                "Ask the person to apply it in Sprinklr.",
            )
        return case, macro

    def request(self, facts: Any) -> Request:
        """The case goes by its number here."""
        body: dict[str, Json] = {
            "assetClass": "UNIVERSAL_CASE",
            "entityKeys": [self.case_number],
            "macroIds": [self.macro_id],
        }
        return post("/api/v2/macro/apply", body)

    def question(self, facts: tuple[Case, Value]) -> Question:
        """Show the macro with what it changes, and the case; the number is typed."""
        case, macro = facts
        name = CustomerText(str(macro.name)) if macro.name else "unknown"
        return Question(
            headline=f"Apply a macro to case {self.case_number}? It may also write to the customer.",
            lines=(
                *lines(("Macro", name), ("Macro id", macro.id)),
                *lines_of(macro.effects or ()),
                *lines_about(case),
            ),
            retype=self.case_number,
            retype_name="case number",
        )

    def settle(self) -> GetCaseByNumber:
        """The case shows what a macro changed."""
        return GetCaseByNumber(case_number=self.case_number)

    def answer(self, payload: Json, facts: Any) -> MacroApplied:
        """Success says nothing about the effect."""
        return MacroApplied(self.case_number, self.macro_id)
