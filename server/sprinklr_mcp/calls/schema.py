"""The JSON schema of a tool's arguments, as flat as the pickiest client wants it.

No `title`, no `$ref`, no `anyOf` with null, no default that says nothing. The machine's own argument,
`dry_run`, is added here to every tool that writes. Grammars and lengths stay behind: they guard Sprinklr,
would cost a sixth of the list's tokens, and whoever breaks one is told in words.
"""

from __future__ import annotations

import functools
from typing import Any, cast

from sprinklr_tools.action import Action, Risk

DRY_RUN = "dry_run"
DRY_RUN_SCHEMA = {"type": "boolean", "description": "Only show what would be sent."}
LEFT_OUT = ("title", "pattern", "minLength", "maxLength", "minProperties", "maxProperties")
SAYS_NOTHING = (None, False)
"""Defaults that a missing argument stands for anyway."""
AS_THEY_ARE = ("default", "enum", "const", "examples", "required")


@functools.cache
def input_schema(action: type[Action]) -> dict[str, Any]:
    """Return the schema of an action's arguments; whoever gets it only reads it."""
    raw = action.model_json_schema()
    definitions = raw.pop("$defs", {})
    raw.pop("description", None)
    schema: dict[str, Any] = _flat(raw, definitions)
    if action.risk is not Risk.READ:
        schema["properties"] = {**schema.get("properties", {}), DRY_RUN: DRY_RUN_SCHEMA}
    return {"type": "object", "properties": {}, **schema}


def _flat(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_flat(item, definitions) for item in cast(list[Any], node)]
    if not isinstance(node, dict):
        return node
    members = _merged(cast(dict[str, Any], node), definitions)
    return {
        name: _member(name, value, definitions)
        for name, value in members.items()
        if name not in LEFT_OUT and not (name == "default" and value in SAYS_NOTHING)
    }


def _member(name: str, value: Any, definitions: dict[str, Any]) -> Any:
    if name == "properties":
        return {inner: _flat(schema, definitions) for inner, schema in value.items()}
    return value if name in AS_THEY_ARE else _flat(value, definitions)


def _merged(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Put a definition, or the one alternative that is not null, in the place that points to it.

    Several alternatives are left out: the answer to a wrong value says what is right.
    """
    if "$ref" in node:
        definition = definitions[node["$ref"].rsplit("/", 1)[1]]
        node = {**definition, **{name: value for name, value in node.items() if name != "$ref"}}
    alternatives = [one for one in node.get("anyOf", []) if one != {"type": "null"}]
    if alternatives:
        others = {name: value for name, value in node.items() if name != "anyOf"}
        only: dict[str, Any] = alternatives[0] if len(alternatives) == 1 else {}
        node = _merged({**only, **others}, definitions)
    return node
