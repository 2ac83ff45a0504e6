"""One call to Sprinklr, described and not yet made: what an action builds and the server sends.

Knows neither host, environment nor token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sprinklr_tools.files import Upload
from sprinklr_tools.reading import Json

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True)
class Request:
    """A method, a path template, its parameters and a JSON body, or a form with files.

    `path` fills the `{names}` of the template, each as one segment. `speaks_for` and `fetches` say what
    the call stands for, so that an operator's policy can judge it without knowing the domain.
    """

    method: Method
    template: str
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Json = None
    in_workspace: bool = False
    """Whether Sprinklr documents the `workspace_id` header for this call."""
    speaks_for: str | None = None
    """The id of the brand account in whose name something is published."""
    fetches: str | None = None
    """An address that Sprinklr will fetch and publish."""
    upload: Upload | None = None
    """The files to send instead of a JSON body."""
    tracked_by: str | None = None
    """The parameter that the server fills, as it sends, with an id that no other call ever has."""
    tells_errors: bool = False
    """Whether errors beside what succeeded are part of the answer; it then comes in its envelope."""


def get(template: str, *, path: Mapping[str, str] | None = None, **query: str | None) -> Request:
    """Describe a GET; a parameter without value is left out, `_` in its name stands for `-`."""
    given = {name.replace("_", "-"): value for name, value in query.items() if value is not None}
    return Request("GET", template, path or {}, given)


def post(template: str, json: Json, *, path: Mapping[str, str] | None = None, **query: str) -> Request:
    """Describe a POST with a JSON body."""
    return Request("POST", template, path or {}, query, json=json)


def unpublished(**fields: str) -> Request:
    """Describe a read or write for which Sprinklr publishes no call; a setting must name one."""
    return Request("GET", "", path=fields)


def put(template: str, json: Json) -> Request:
    """Describe a PUT with a JSON body."""
    return Request("PUT", template, json=json)


def present(members: Mapping[str, Json]) -> dict[str, Json]:
    """Return the members that have a value."""
    return {name: value for name, value in members.items() if value is not None}
