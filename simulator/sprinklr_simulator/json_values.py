"""JSON with types: the values, and readers that take what is missing as empty. Knows no Sprinklr."""

import json
from typing import TypeAlias, cast

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]


def parse_json(text: str | bytes) -> JsonValue:
    """Read a JSON text; a ValueError says why it is none."""
    try:
        return cast(JsonValue, json.loads(text, parse_constant=refuse_constant))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def refuse_constant(name: str) -> JsonValue:
    """Refuse NaN and the infinities, which Python reads and JSON doesn't know."""
    raise ValueError(f"{name} is no JSON value")


def write_json(value: JsonValue) -> str:
    """Write compact JSON, in the characters of the languages it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair can stand in a JSON text, but in no file and on no wire.
    return text.encode("utf-8", "replace").decode()


def object_of(value: JsonValue) -> JsonObject:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: JsonValue) -> list[JsonValue]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: JsonValue) -> str:
    """The text; a number as its digits; anything else as nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def integer_of(value: JsonValue) -> int:
    """The whole number, also when it is written as text; anything else as 0."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return 0
    try:
        return int(value)
    except ValueError:
        return 0


def value_at(value: JsonValue, path: str) -> JsonValue:
    """The value under a dotted path such as `workflow.customProperties.spr_uc_status`."""
    for name in path.split("."):
        value = object_of(value).get(name)
    return value
