"""Arguments: every wrong one named at once, unknown ones refused, harmless spellings accepted."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from sprinklr_mcp.calls.schema import DRY_RUN
from sprinklr_mcp.cleaning import SURROGATE, on_one_line
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.action import Action, Risk
from sprinklr_tools.hints import form_of

Model = TypeVar("Model", bound=BaseModel)
MOST_COMPLAINTS = 20
A_TIME = "a time with its zone, such as 2026-01-31T09:00:00Z"
WANTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "datetime_from_date_parsing": A_TIME,
    "datetime_parsing": A_TIME,
    "datetime_type": A_TIME,
    "dict_type": "an object",
    "list_type": "a list",
    "string_type": "a text",
    "timezone_aware": A_TIME,
}
"""What is wanted instead, by the validator's name of the error."""
YES = (True, "true", "True")
NO = (False, "false", "False", None)


@dataclass(frozen=True)
class Valid:
    """A call whose arguments are right."""

    action: Action
    dry_run: bool


def validate(action: type[Action], arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> Valid:
    """Return the action made of its arguments.

    Raises `Fault` INVALID_REQUEST naming every argument that is wrong; values are never repeated.
    """
    given = {name: _opened(value, schema, name) for name, value in arguments.items() if value is not None}
    dry_run = given.pop(DRY_RUN, False) if action.risk is not Risk.READ else False
    wrong = [] if dry_run in YES or dry_run in NO else [f"{DRY_RUN}: give true or false"]
    return Valid(_made(action, given, schema["properties"], wrong), dry_run in YES)


def validate_words(model: type[Model], arguments: Mapping[str, str]) -> Model:
    """Return the model made of arguments that are all texts, as a person types them; an empty one is none.

    Raises `Fault` INVALID_REQUEST as `validate` does.
    """
    given = {name: value for name, value in arguments.items() if value.strip()}
    return _made(model, given, model.model_fields, [])


def _made(
    model: type[Model], given: Mapping[str, Any], known: Mapping[str, Any], complaints: list[str]
) -> Model:
    broken = [name for name, value in given.items() if _broken(name, value)]
    wrong = [*complaints, *(f"{_name(name)}: holds half a character" for name in broken)]
    made = None
    try:
        made = model.model_validate({name: value for name, value in given.items() if name not in broken})
    except ValidationError as error:
        others = (one for one in _errors(error) if not {*one["loc"][:1]} & {*broken})
        wrong += [_complaint(one, known) for one in others]
    if made is None or wrong:
        raise Fault(Code.INVALID_REQUEST, _told(wrong), "Correct them and call again.")
    return made


def _told(wrong: list[str]) -> str:
    different = list(dict.fromkeys(wrong))
    left_out = len(different) - MOST_COMPLAINTS
    more = f"; and {left_out} more" if left_out > 0 else ""
    return "Arguments are wrong: " + "; ".join(different[:MOST_COMPLAINTS]) + more + "."


def _opened(value: Any, schema: Mapping[str, Any], name: str) -> Any:
    """Take a list or an object that came as JSON text for what it is."""
    wanted = schema["properties"].get(name, {}).get("type")
    if not isinstance(value, str) or wanted not in ("array", "object"):
        return value
    try:
        opened = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return cast(Any, opened) if isinstance(opened, list | dict) else value


def _broken(*values: Any) -> bool:
    """Tell whether half a character stands anywhere; however deep, and without a copy of the whole."""
    waiting: list[Any] = [*values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and SURROGATE.search(value):
            return True
        if isinstance(value, dict):
            waiting += [*cast(dict[Any, Any], value).keys(), *cast(dict[Any, Any], value).values()]
        elif isinstance(value, list):
            waiting += cast(list[Any], value)
    return False


def _errors(error: ValidationError) -> list[Any]:
    return cast(list[Any], error.errors(include_url=False, include_input=False, include_context=False))


def _complaint(error: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    where = ".".join(_name(str(part)) for part in error["loc"]) or "arguments"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where, known, 1)
        known_ones = f"known are {', '.join(known)}" if known else "it takes none"
        hint = f"did you mean {near[0]}?" if near else known_ones
        return f"{where}: there is no such argument ({hint})"
    if error["type"] == "missing":
        return f"{where}: is needed"
    if error["type"] == "string_pattern_mismatch":
        form = form_of(str(error["loc"][0]))
        return f"{where}: does not have the right form" + (f" ({form})" if form else "")
    if error["type"] in WANTED:
        return f"{where}: give {WANTED[error['type']]}"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"


def _name(name: str) -> str:
    return on_one_line(name, 40) or "(no name)"
