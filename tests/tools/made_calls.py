"""Calls that nobody wrote down: made from a tool's input schema, or from an example with a few changes.

Values mix what is right, what is nearly right and what an attacker would try.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from examples import EXAMPLES, Example, schema_of
from hypothesis import strategies as st

Values = st.SearchStrategy[Any]

WORDS = ("parcel", "Assigned", "20418877", "66f1a2b3c4d5e6f708192a3b", "TWITTER", "Käse & Brot", "注文")
HOSTILE_TEXTS = (
    "",
    " ",
    "..",
    "../",
    "a/../../b",
    "a..b",
    "%2e%2e%2f",
    "..;/x",
    "a?b=c#d",
    "a\\..\\b",
    "/api/v2/campaign/..",
    "a\x00b",
    "one\ntwo",
    "20418877\n",
    "x\r\nKey: other",
    "\x1b]0;title\x07",
    "\ud800",
    "half \udfff a character",
    "\u202e7788140",
    "\u200f20418877",
    "٢٠٤١٨٨٧٧",
    "２０４１",
    "a" * 10_000,
    "9" * 10_000,
    "-1",
    "1e9",
    "NaN",
    "null",
    "#20418877",
    "{case_number}",
    '{"a": ["b"]}',
    '["20418877"]',
    '["\\ud800"]',
    "[" * 900 + "]" * 900,
    "[" * 100_000,
    "' OR 1=1 --",
)
ENDINGS = ("/..", "/x", "//", "?x=1", "#x", "%2f..", ";x", "\\x", " ", "\n", "\x00", "\ud800", "\u202e")
OTHER_TYPES = (None, True, False, 0, -1, 20418877, 10**30, 10**4_200, 1.5, float("nan"), float("inf"))
OTHER_SHAPES = ([], {}, [None], [[]], {"$ne": 1}, {"": ""}, {"\ud800": 1}, ["\ud800"], [{"a": [1]}])
MOMENTS = (
    "2026-01-05T00:00:00+00:00",
    "2026-01-05",
    "2026-01-05T00:00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "1767225600",
    1767225600,
    10**18,
)
NAMES_OF_NOTHING = (
    "case",
    "caseNumber",
    "__class__",
    "model_config",
    "",
    "..",
    "a\nb",
    "\ud800",
    "x" * 10_000,
)


@dataclass(frozen=True)
class Call:
    """The arguments of a call, and which of them are not an example's; None where none is one's."""

    example: Example
    changed: frozenset[str] | None

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.example.arguments)


@cache
def calls_of(tool: str) -> st.SearchStrategy[Call]:
    """Calls of one tool."""
    schema = schema_of(tool)
    return made(tool, schema) | changed(tool, schema)


def made(tool: str, schema: Mapping[str, Any]) -> st.SearchStrategy[Call]:
    """Calls made from the schema alone; what is needed is there or not."""
    values = {name: value_of(told, samples_of(tool, name)) for name, told in schema["properties"].items()}
    needed = {name: values.pop(name) for name in schema.get("required", [])}
    whole = st.fixed_dictionaries(needed, optional=values)
    partial = st.fixed_dictionaries({}, optional={**needed, **values})
    extra = st.dictionaries(st.sampled_from(NAMES_OF_NOTHING), anything(), max_size=1)
    together = st.tuples(whole | partial, st.just({}) | extra)
    return together.map(lambda parts: Call(Example({**parts[0], **parts[1]}), None))


@st.composite
def changed(draw: st.DrawFn, tool: str, schema: Mapping[str, Any]) -> Call:
    """Calls of an example with one or two arguments changed or added."""
    example = draw(st.sampled_from(EXAMPLES[tool]))
    names = st.sampled_from([*schema["properties"], draw(st.sampled_from(NAMES_OF_NOTHING))])
    others = {
        name: draw(value_of(schema["properties"].get(name, {}), samples_of(tool, name)))
        for name in draw(st.lists(names, min_size=1, max_size=2, unique=True))
    }
    return Call(Example({**example.arguments, **others}, example.words), frozenset(others))


def samples_of(tool: str, name: str) -> list[Any]:
    """What the tool's examples give for an argument."""
    return [one.arguments[name] for one in EXAMPLES[tool] if name in one.arguments]


def value_of(schema: Mapping[str, Any], samples: list[Any]) -> Values:
    """Values of an argument: of its examples, nearly of them, of its type, or of another type."""
    nearly = [sample + ending for sample in samples if isinstance(sample, str) for ending in ENDINGS]
    known = [st.sampled_from(some) for some in (samples, nearly, nearly) if some]
    return st.one_of(*known, typed(schema), anything())


def typed(schema: Mapping[str, Any]) -> Values:
    """Values of the type that a schema tells, and JSON texts of lists and objects."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "date-time":
        return st.sampled_from(MOMENTS)
    kind = schema.get("type")
    if kind == "string":
        return texts()
    if kind == "boolean":
        return st.sampled_from((True, False, "true", "False", "yes", 1))
    if kind == "array":
        return or_as_text(st.lists(typed(schema.get("items", {})), max_size=3))
    return or_as_text(objects(schema)) if kind == "object" else anything()


def objects(schema: Mapping[str, Any]) -> Values:
    """Objects with the members that a schema tells, or with any name where it tells none."""
    if "properties" in schema:
        return st.fixed_dictionaries({}, optional={n: typed(s) for n, s in schema["properties"].items()})
    return st.dictionaries(texts(), typed(schema.get("additionalProperties", {})), max_size=2)


def or_as_text(values: Values) -> Values:
    """Values, sometimes as JSON text: several models send lists and objects like that."""
    return values | values.map(lambda value: json.dumps(value, default=str))


def texts() -> Values:
    """Plain words and hostile texts."""
    return st.sampled_from(WORDS) | st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=12)


def anything() -> Values:
    """A value of any type."""
    return st.sampled_from(OTHER_TYPES) | st.sampled_from(OTHER_SHAPES) | texts()
