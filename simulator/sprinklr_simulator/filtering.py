"""The filters and sorts of a search, on any objects. Knows operators, not what is searched."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from .json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of, value_at, write_json

Comparison = Callable[[list[str], list[str]], bool]


def matches(condition: JsonObject, row: JsonObject) -> bool:
    """Whether an object meets a filter."""
    operator = text_of(condition.get("type"))
    if operator in GROUPS:
        inner = (matches(object_of(part), row) for part in list_of(condition.get("filters")))
        return GROUPS[operator](inner)
    found = as_texts(values_at(row, text_of(condition.get("key"))))
    wanted = as_texts(condition.get("values"))
    return COMPARISONS[operator](found, wanted)


def values_at(value: JsonValue, path: str) -> JsonValue:
    """What stands under a dotted path; through a list, what stands there in each of its parts."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        return [values_at(part, path) for part in value]
    found = object_of(value).get(name)
    return values_at(found, rest) if rest else found


def as_texts(value: JsonValue) -> list[str]:
    """A value as the words that it is compared by: of a list each, of nothing none."""
    if value is None:
        return []
    if isinstance(value, list):
        return [word for part in value for word in as_texts(part)]
    return [value if isinstance(value, str) else write_json(value)]


def sorted_rows(rows: list[JsonObject], sorts: JsonValue) -> list[JsonObject]:
    """The objects in the order that is asked for; the first sort counts most."""
    for sort in reversed(list_of(sorts)):
        key, order = text_of(value_at(sort, "key")), value_at(sort, "order")
        rows = sorted(rows, key=lambda row: sort_value(row, key), reverse=order != "ASC")
    return rows


def sort_value(row: JsonObject, key: str) -> tuple[bool, float, str]:
    """What an object is sorted by: nothing before numbers before words."""
    value = value_at(row, key)
    number = value if isinstance(value, int | float) else 0
    return value is not None, number, " ".join(as_texts(value))


def within_times(row: JsonObject, limits: JsonObject) -> bool:
    """Whether an object lies in a time filter, ends included."""
    time = integer_of(value_at(row, text_of(limits.get("key"))))
    return integer_of(limits.get("since")) <= time <= integer_of(limits.get("until", 2**62))


def contains(found: list[str], wanted: list[str]) -> bool:
    """Whether one of the words stands somewhere in the text, whatever the case of its letters."""
    text = " ".join(found).lower()
    return any(word.lower() in text for word in wanted)


def shares(found: list[str], wanted: list[str]) -> bool:
    """Whether one of the values is there."""
    return any(word in wanted for word in found)


def exists(found: list[str], wanted: list[str]) -> bool:
    """Whether there is a value at all, or none if that is asked."""
    return bool(found) == ("false" not in wanted)


def between(found: list[str], wanted: list[str]) -> bool:
    """Whether a number lies between two others, ends included."""
    if not found or len(wanted) < 2:
        return False
    return integer_of(wanted[0]) <= integer_of(found[0]) <= integer_of(wanted[1])


def none_of(parts: Iterable[bool]) -> bool:
    """Whether nothing is true."""
    return not any(parts)


def compared(decide: Callable[[int, int], bool]) -> Comparison:
    """A comparison of numbers; what isn't there is never greater or less."""

    def compare(found: list[str], wanted: list[str]) -> bool:
        return bool(found and wanted) and decide(integer_of(found[0]), integer_of(wanted[0]))

    return compare


GROUPS: Final[Mapping[str, Callable[[Iterable[bool]], bool]]] = {
    "AND": all,
    "OR": any,
    "NOT": none_of,
}
COMPARISONS: Final[Mapping[str, Comparison]] = {
    "IN": shares,
    "EQUALS": shares,
    "NIN": lambda found, wanted: not shares(found, wanted),
    "NOT_EQUALS": lambda found, wanted: not shares(found, wanted),
    "GT": compared(lambda found, wanted: found > wanted),
    "GTE": compared(lambda found, wanted: found >= wanted),
    "LT": compared(lambda found, wanted: found < wanted),
    "LTE": compared(lambda found, wanted: found <= wanted),
    "CONTAINS": contains,
    "SEARCH": contains,
    "EXISTS": exists,
    "BETWEEN": between,
}
