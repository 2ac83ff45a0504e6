"""The operator's own calls: `SPRINKLR_ENDPOINTS`, a JSON object of tool → "METHOD /path/{field}".

For actions whose call Sprinklr does not publish, and to replace a published one where a tenant differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.action import Action, Risk, full_name, tool_name
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Method, Request

SETTING = "SPRINKLR_ENDPOINTS"
SHAPE = re.compile(r"(GET|POST|PUT|DELETE) (/[A-Za-z0-9_./{}-]{1,300})")
READING: tuple[Method, ...] = ("GET", "POST")
"""A search may be a POST; nothing that only reads is anything else."""
SINGLE = ("string", "integer")
FIELD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Endpoint:
    """A method and a path template."""

    method: Method
    template: str


class Endpoints:
    """The configured calls, by tool name."""

    def __init__(self, configured: Mapping[str, Endpoint]) -> None:
        self._configured = configured

    @classmethod
    def parse(cls, text: str | None, actions: Mapping[str, type[Action]]) -> Endpoints:
        """Read the setting. Raises `Fault` CONFIGURATION naming what is wrong in it."""
        try:
            given: Any = json.loads(text) if text else {}
        except ValueError:
            raise _wrong("it is no JSON") from None
        if not isinstance(given, dict):
            raise _wrong("it is no JSON object")
        found: dict[str, Endpoint] = {}
        for name, call in cast(dict[str, Any], given).items():
            tool = full_name(name)
            if tool not in actions or not actions[tool].listed:
                raise _wrong(f"there is no tool {name}")
            found[tool] = _endpoint(name, call)
            _check(tool, found[tool], actions[tool])
        return cls(found)

    def applied(self, action: Action, request: Request) -> Request:
        """Return the request as it is to be sent.

        Raises `Fault` CONFIGURATION where neither Sprinklr publishes the call nor the setting names it, or
        where the configured path needs an argument that this call leaves out.
        """
        tool = tool_name(action.part_of or type(action))
        endpoint = self._configured.get(tool)
        if endpoint is None:
            if request.template:
                return request
            raise Fault(
                Code.CONFIGURATION,
                f"Sprinklr publishes no call for {tool}, and none is configured here.",
                f"Ask the operator: if they know the call from Sprinklr, they can set {SETTING}.",
            )
        given = {**_single_values(action), **request.path}
        missing = set(FIELD.findall(endpoint.template)) - set(given)
        if missing:
            raise Fault(
                Code.CONFIGURATION,
                f"The call that {SETTING} names for {tool} needs {', '.join(sorted(missing))}.",
                "Call again with that argument.",
            )
        if action.risk is Risk.READ and _is_published_get(request) and endpoint.method != "GET":
            raise _wrong(f"{tool} only reads, by GET")
        left = {name: value for name, value in request.path.items() if f"{{{name}}}" not in endpoint.template}
        changed = replace(request, method=endpoint.method, template=endpoint.template, path=given)
        return _with_fields(changed, left)


def _single_values(action: Action) -> dict[str, str]:
    """Return the arguments that fit a segment of a path: texts and whole numbers."""
    given = action.model_dump(mode="json", exclude_none=True)
    return {
        name: str(value)
        for name, value in given.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _is_published_get(request: Request) -> bool:
    return bool(request.template) and request.method == "GET"


def _with_fields(request: Request, left: Mapping[str, str]) -> Request:
    """Send the fields that the path does not take: in the query of a GET, else in a body of their own."""
    if request.method == "GET":
        return replace(request, query={**request.query, **left})
    if request.json is not None or request.upload is not None:
        return request
    body: dict[str, Json] = dict(left)
    return replace(request, json=body)


def _check(tool: str, endpoint: Endpoint, action: type[Action]) -> None:
    """Tell at the start what would fail at every call, or write where only reading is meant."""
    if action.risk is Risk.READ and endpoint.method not in READING:
        raise _wrong(f"{tool} only reads, so its call is one of {', '.join(READING)}")
    known = [name for name, told in input_schema(action)["properties"].items() if told.get("type") in SINGLE]
    unknown = set(FIELD.findall(endpoint.template)) - set(known)
    if unknown:
        fields = ", ".join(known) or "none"
        raise _wrong(f"{tool} has no field {', '.join(sorted(unknown))} (its fields: {fields})")


def _endpoint(name: str, call: Any) -> Endpoint:
    found = SHAPE.fullmatch(call) if isinstance(call, str) else None
    if found is None or ".." in found[2] or "//" in found[2]:
        raise _wrong(f'the call of {name} is not of the form "GET /api/v2/…/{{field}}"')
    method: Method = next(one for one in get_args(Method) if one == found[1])
    return Endpoint(method, found[2])


def _wrong(what: str) -> Fault:
    return Fault(
        Code.CONFIGURATION, f"{SETTING} is wrong: {what}.", "Ask the person to mend it where it is set."
    )
