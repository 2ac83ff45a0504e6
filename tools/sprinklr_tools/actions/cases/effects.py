"""What a macro changes, as far as the list of macros tells it. Facts: the article on the bootstrap lists."""

from __future__ import annotations

from sprinklr_tools.question import Line
from sprinklr_tools.reading import CustomerText, Json, Record, as_identifier, as_label, is_safe

VERBS = {"set": "sets", "merge": "adds", "remove": "removes"}


def effects_of(macro: Record) -> tuple[str, ...]:
    """Say each change in one line; a line that holds anything but plain labels is people's words."""
    details, actions = macro.record("idVsCustomPropertyDetails"), macro.record("actions")
    return (
        *(_property(name, details.record(name)) for name in details.names()),
        *(_said("does", name, actions.raw(name)) for name in actions.names()),
    )


def lines_of(effects: tuple[str, ...]) -> tuple[Line, ...]:
    """Put the changes into a question, also that none is known."""
    # A rule or a kind of change that the list leaves out may still act, so nothing is promised.
    return tuple(Line("Change", one) for one in effects or ("what it changes is not told",))


def _property(name: str, change: Record) -> str:
    kind = change.identifier("actionType") or "changes"
    return _said(VERBS.get(kind, kind), name, change.raw("values"))


def _said(verb: str, name: str, values: Json) -> str:
    shown = [_value(one) for one in (values if isinstance(values, list) else [values]) if one is not None]
    text = " ".join(part for part in (verb, f"{name}:" if shown else name, ", ".join(shown)) if part)
    plain = all(is_safe(one) for one in (verb, *shown))
    return text if plain else CustomerText(text)


def _value(value: Json) -> str:
    """Return a value in words; one of no simple kind is not plain."""
    return as_label(value) or as_identifier(value) or CustomerText(str(value))
