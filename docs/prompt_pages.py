"""What docs/prompts.md and manifest.json say of prompts and resources, out of their declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sprinklr_tools.action import Action, tool_name
from sprinklr_tools.prompt import Prompt, prompt_description
from sprinklr_tools.suggestions import LISTS, NAMED, SEEN

HEAD = """# Prompts and resources

A person starts a prompt with a click and attaches a resource; the model calls tools. Prompts name only tools
that are on. Made from the code by `make docs`.
"""
RESOURCES = """## Resources

A resource is what one tool reads, under an address: the same call, limits and answer. Where the tool is off,
so is the resource. Those seen lately are listed.

| Address | Reads with |
|---|---|"""
COMPLETIONS = """
## Completions

While a person types, clients offer up to 100 values that begin so, for this login and workspace alone:

- {seen}: what answers named within the last 24 hours. This makes no call to Sprinklr.
- {named}: what was seen, and the names in Sprinklr's list, which is read when it is first needed, within
  three seconds, and kept for 24 hours. Nothing is read without a login, nor where a rule of yours switches
  off what reads it ({tools}); that these are optional does not matter here.

`login` and `logout` empty all of it.
"""


def page(prompts: dict[str, type[Prompt]], tools: dict[str, type[Action]]) -> str:
    """Return docs/prompts.md."""
    sections = [_section(name, prompt) for name, prompt in prompts.items()]
    rows = [f"| `{one.resource.uri}` | `{name}` |" for name, one in tools.items() if one.resource]
    return "\n".join([HEAD, *sections, RESOURCES, *rows, _completions()])


def _completions() -> str:
    tools = dict.fromkeys(tool_name(type(LISTS[kind]())) for kind in NAMED.values())
    only_seen = [name for name in SEEN if name not in NAMED]
    return COMPLETIONS.format(seen=_quoted(only_seen), named=_quoted(NAMED), tools=_quoted(tools))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _section(name: str, prompt: type[Prompt]) -> str:
    rows = [
        f"| `{argument}` | {'yes' if field.is_required() else ''} | {field.description or ''} |"
        for argument, field in prompt.model_fields.items()
    ]
    needs = " or ".join(f"`{tool_name(one)}`" for one in prompt.reads)
    head = f"## {name}\n\n{prompt.label} · needs {needs}\n\n{prompt_description(prompt)}\n"
    table = ["| Argument | Needed | Meaning |", "|---|---|---|", *rows]
    names = list(prompt.model_fields)
    return "\n".join([head, *table, "", "```text", _text(prompt, names, "{%s}"), "```", ""])


def in_manifest(prompts: dict[str, type[Prompt]]) -> list[dict[str, Any]]:
    """Return the prompts as the bundle's manifest has them.

    Its texts know no conditions, so they are those of the needed arguments and the default tools.
    """
    return [_in_manifest(name, prompt) for name, prompt in prompts.items()]


def _in_manifest(name: str, prompt: type[Prompt]) -> dict[str, Any]:
    needed = [argument for argument, field in prompt.model_fields.items() if field.is_required()]
    return {
        "name": name,
        "description": prompt_description(prompt),
        "arguments": needed,
        "text": _text(prompt, needed, "${arguments.%s}"),
    }


def _text(prompt: type[Prompt], arguments: list[str], placeholder: str) -> str:
    """Return the text with placeholders, which no grammar would let pass, in the place of arguments."""
    values: dict[str, Any] = {one: placeholder % one for one in arguments}
    filled = prompt.model_construct(**values)
    return filled.worded(lambda action: not action.optional)
