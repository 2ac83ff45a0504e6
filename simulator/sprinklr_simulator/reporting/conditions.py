"""The filters of reports. Knows values, not what they mean."""

from collections.abc import Mapping
from typing import Final

from ..filtering import COMPARISONS, Comparison, as_texts
from ..json_values import JsonObject, JsonValue, text_of


def begins(found: list[str], wanted: list[str]) -> bool:
    """Whether a value begins with one of the words."""
    starts = tuple(word.casefold() for word in wanted)
    return any(word.casefold().startswith(starts) for word in found)


def meets(condition: JsonObject, value: JsonValue) -> bool:
    """Whether a value meets a filter."""
    return CONDITIONS[text_of(condition["filterType"])](as_texts(value), as_texts(condition.get("values")))


TAKEN_OVER: Final = ("IN", "NIN", "EQUALS", "CONTAINS", "EXISTS", "GT", "GTE", "LT", "LTE", "BETWEEN")
CONDITIONS: Final[Mapping[str, Comparison]] = {
    **{name: COMPARISONS[name] for name in TAKEN_OVER},
    "STARTS_WITH": begins,
}
