"""The published contract as data: operations and the paths to them. Knows no request and no behaviour."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING

from .json_values import JsonObject, JsonValue, integer_of, list_of, object_of, parse_json, text_of

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

ENVIRONMENT = "/{env}"
# The second file holds published reads that belong to calls of the first; their articles give no example.
PUBLISHED = ("contract.json", "neighbours.json")
ASSUMED = "assumed.json"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a path or a query."""

    name: str
    type: str
    required: bool
    choices: tuple[JsonValue, ...]


@dataclass(frozen=True)
class Operation:
    """One entry of the contract that has an address."""

    action: str
    tool: str
    risk: str
    method: str
    path: str
    path_parameters: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    content_type: str
    schema: JsonValue
    request_example: JsonValue
    statuses: tuple[int, ...]
    response_example: JsonValue

    @property
    def writes(self) -> bool:
        """Whether carrying it out changes something."""
        return self.risk != "read"

    @property
    def segments(self) -> tuple[str, ...]:
        """The path in parts."""
        return tuple(self.path.strip("/").split("/"))

    @cached_property
    def validator(self) -> "Validator":
        """The checker of bodies. Made when first needed: loading it costs more than most requests."""
        from jsonschema import Draft202012Validator

        return Draft202012Validator(self.schema if isinstance(self.schema, dict) else {})


@dataclass(frozen=True)
class Route:
    """What a path leads to: every operation that one method has there, and the values in the path."""

    operations: tuple[Operation, ...]
    parameters: dict[str, str]
    methods: tuple[str, ...]


class Contract:
    """All operations."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = tuple(operations)

    def find(self, method: str, segments: tuple[str, ...]) -> Route | None:
        """Where a request leads; None if there is no such path, no operations if only the method is wrong."""
        known = [operation for operation in self.operations if fits(operation.segments, segments)]
        if not known:
            return None
        methods = tuple(sorted({operation.method for operation in known}))
        candidates = [operation for operation in known if operation.method == method]
        if not candidates:
            return Route((), {}, methods)
        # `/case/case-numbers` is its own path, not the case with the id 'case-numbers'.
        best = min(candidates, key=lambda operation: len(names_in(operation.segments))).path
        chosen = tuple(operation for operation in candidates if operation.path == best)
        pairs = zip(chosen[0].segments, segments, strict=True)
        parameters = {part[1:-1]: value for part, value in pairs if is_name(part)}
        return Route(chosen, parameters, methods)


def is_name(part: str) -> bool:
    """Whether a part of a path stands for a value."""
    return part.startswith("{")


def names_in(template: tuple[str, ...]) -> list[str]:
    """The parts of a path that stand for values."""
    return [part for part in template if is_name(part)]


def fits(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    """Whether a path is one of those that the template describes."""
    if len(template) != len(segments):
        return False
    return all(is_name(part) or part == value for part, value in zip(template, segments, strict=True))


def read_contract() -> Contract:
    """Read the published contract."""
    return Contract([operation for name in PUBLISHED for operation in read_operations(name)])


def read_served_contract() -> Contract:
    """Read what the simulator serves: the published contract, and calls that it makes up."""
    # Assumption A51: the calls of these actions are not published; their paths say that they are made up.
    return Contract([*read_contract().operations, *read_operations(ASSUMED)])


def read_operations(name: str) -> list[Operation]:
    """Read one packaged file. Entries without an address have no operation."""
    text = resources.files("sprinklr_simulator").joinpath(f"data/{name}").read_text(encoding="utf-8")
    entries = [object_of(entry) for entry in list_of(parse_json(text))]
    return [read_operation(entry) for entry in entries if entry["path"]]


def read_operation(entry: JsonObject) -> Operation:
    """Read one entry."""
    return Operation(
        action=text_of(entry["action"]),
        tool=text_of(entry["tool"]),
        risk=text_of(entry["risk"]),
        method=text_of(entry["method"]),
        path=text_of(entry["path"]).removeprefix(ENVIRONMENT),
        path_parameters=read_parameters(entry["path_parameters"]),
        query=read_parameters(entry["query"]),
        content_type=text_of(entry["request_content_type"]),
        schema=entry["request_schema"],
        request_example=entry["request_example"],
        statuses=tuple(integer_of(status) for status in list_of(entry["success_status"])),
        response_example=entry["response_example"],
    )


def read_parameters(value: JsonValue) -> tuple[Parameter, ...]:
    """Read the parameters of a path or a query."""
    return tuple(
        Parameter(
            name=text_of(entry["name"]),
            type=text_of(entry["type"]),
            required=bool(entry.get("required")),
            choices=tuple(list_of(entry.get("enum"))),
        )
        for entry in map(object_of, list_of(value))
    )
