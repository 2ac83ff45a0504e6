"""Whether a request is what an operation wants. Knows the contract's facts, not what an operation does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .answers import JSON, Refusal, refused
from .arrivals import Arrival
from .contract import Operation, Parameter, Route
from .json_values import JsonObject, JsonValue, parse_json, write_json
from .multipart import MULTIPART, read_parts

ACCEPTED = (JSON, "application/*", "*/*", "application/scim+json")
BODY_METHODS = ("POST", "PUT", "PATCH")
WHOLE_NUMBER = ("integer", "long")


@dataclass(frozen=True)
class Checked:
    """A request that fits an operation."""

    operation: Operation
    body: JsonValue


def check_request(route: Route, arrival: Arrival) -> Checked:
    """Find the operation that the request fits, or refuse as the first one would."""
    if not route.operations:
        refusal = refused(405, "Method Not Allowed")
        raise Refusal(refusal.answer.with_headers({"Allow": ", ".join(route.methods)}))
    check_head(route.operations[0], arrival)
    problems: list[str] = []
    for operation in route.operations:
        body = read_body(operation, arrival)
        problem = find_problem(operation, route.parameters, arrival.query, body)
        if problem is None:
            return Checked(operation, body)
        problems.append(problem)
    raise refused(400, problems[0])


def check_head(operation: Operation, arrival: Arrival) -> None:
    """Check what the headers say."""
    if arrival.method in BODY_METHODS and not arrival.has_length:
        raise refused(411, "Length Required")
    if operation.content_type and arrival.content_type != operation.content_type:
        raise refused(415, f"Unsupported Media Type: send {operation.content_type}")
    accepted = arrival.headers.get("accept", "*/*").lower()
    if not any(media_type in accepted for media_type in ACCEPTED):
        raise refused(415, "Unsupported Media Type: accept application/json")


def read_body(operation: Operation, arrival: Arrival) -> JsonValue:
    """Read the body as the operation's content type says."""
    if operation.content_type == MULTIPART:
        return described_parts(arrival)
    if operation.content_type != JSON:
        return None
    try:
        return parse_json(arrival.body)
    except ValueError as error:
        raise refused(400, f"The body is no JSON: {error}") from error


def described_parts(arrival: Arrival) -> JsonObject:
    """What a form with files holds; `files` is the one field that may stand more than once."""
    described: JsonObject = {}
    for part in read_parts(arrival.headers.get("content-type", ""), arrival.body):
        if part.name == "files":
            earlier = described.setdefault("files", [])
            if isinstance(earlier, list):
                earlier.append(part.described)
        else:
            described[part.name] = part.described
    return described


def find_problem(
    operation: Operation, path: Mapping[str, str], query: Mapping[str, str], body: JsonValue
) -> str | None:
    """The first thing that is wrong, in words."""
    problem = parameter_problem(operation.path_parameters, path)
    problem = problem or parameter_problem(operation.query, query)
    if problem or operation.schema is None:
        return problem
    if operation.content_type == MULTIPART:
        return part_problem(operation, body)
    return body_problem(operation, body)


def parameter_problem(parameters: Sequence[Parameter], values: Mapping[str, str]) -> str | None:
    """What is wrong with the values of a path or a query. Parameters that nobody knows are passed over."""
    # Assumption A4: a query parameter that the contract doesn't know is ignored.
    for parameter in parameters:
        value = values.get(parameter.name)
        if value is None or value == "":
            if parameter.required:
                return f"The parameter '{parameter.name}' is missing"
        elif not has_type(parameter.type, value):
            return f"The parameter '{parameter.name}' is no {parameter.type}"
        elif parameter.choices and value not in map(written, parameter.choices):
            return f"The parameter '{parameter.name}' has a value that is not allowed"
    return None


def written(value: JsonValue) -> str:
    """A value as it stands in a query."""
    return value if isinstance(value, str) else write_json(value)


def has_type(name: str, value: str) -> bool:
    """Whether a value in a query can be read as a type."""
    if name in WHOLE_NUMBER:
        return value.removeprefix("-").isascii() and value.removeprefix("-").isdigit()
    return value in ("true", "false") if name == "boolean" else True


def body_problem(operation: Operation, body: JsonValue) -> str | None:
    """What is wrong with a JSON body."""
    error = next(iter(sorted(operation.validator.iter_errors(body), key=lambda error: len(error.path))), None)
    if error is None:
        return None
    place = "/".join(str(part) for part in error.absolute_path) or "body"
    return f"{place}: {error.message}"


def part_problem(operation: Operation, body: JsonValue) -> str | None:
    """What is wrong with a form: a file that must be there is not."""
    schema, parts = operation.schema, body
    required = schema.get("required") if isinstance(schema, dict) else None
    for name in required if isinstance(required, list) else []:
        if isinstance(parts, dict) and name not in parts:
            return f"The part '{written(name)}' is missing"
    return None
