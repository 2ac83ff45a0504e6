"""Writes every part of the documents that the code already says: `make docs`.

docs/tools.md, docs/prompts.md, docs/settings.md and server.json whole, the tables of README.md and
docs/reliability.md between their markers, and of manifest.json the version, the addresses, the prompts and
the tools: the default list. Figures come from benchmarks: figures.json (made by `make figures`), bench.json
(`make bench`) and campaign.json (`make campaign`).
A test fails when one of them no longer says what the code says.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import promises
import prompt_pages
import registry
import sprinklr_mcp
from sprinklr_mcp import account
from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.settings import Settings
from sprinklr_tools.action import Action, Risk, description, toolset
from sprinklr_tools.assumptions.catalogue import all_probes
from sprinklr_tools.catalogue import all_actions, all_prompts

ROOT = Path(__file__).resolve().parent.parent
RISKS = {
    Risk.READ: "reads",
    Risk.WRITE: "writes, can be put right",
    Risk.DANGER: "a person is asked first",
}
DEPENDENCY = re.compile(r'^    "([a-z0-9_-]+)[^"]*",\s*# (.+)$')


def documents() -> dict[Path, str]:
    """Return each generated file and what it should hold."""
    tools = {name: action for name, action in all_actions().items() if action.listed}
    readme = (ROOT / "README.md").read_text()
    readme = _between(readme, "tools", _tool_table(tools))
    readme = _between(readme, "figures", _figures())
    readme = _between(readme, "bench", _bench())
    readme = _between(readme, "dependencies", _dependency_table())
    reliability = (ROOT / "docs/reliability.md").read_text()
    reliability = _between(reliability, "promises", f"{promises.table()}\n\n{promises.measured()}")
    checking = (ROOT / "docs/checking-assumptions.md").read_text()
    return {
        ROOT / "docs/reliability.md": reliability,
        ROOT / "docs/checking-assumptions.md": _between(checking, "probes", _probe_table()),
        ROOT / "docs/tools.md": _tool_pages(tools),
        ROOT / "docs/prompts.md": prompt_pages.page(all_prompts(), tools),
        ROOT / "docs/settings.md": _settings_page(),
        ROOT / "README.md": readme,
        ROOT / "manifest.json": _manifest(tools),
        ROOT / "server.json": registry.server_json(),
    }


def _between(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- {name}: made by `make docs` -->", f"<!-- end of {name} -->"
    head, rest = text.split(begin)
    return f"{head}{begin}\n{content}\n{end}{rest.split(end)[1]}"


def _tool_table(tools: dict[str, type[Action]]) -> str:
    rows = [f"| `{name}` | {action.label} | {_risk(action)} |" for name, action in tools.items()]
    return "\n".join(["| Tool | Sprinklr's name | Risk |", "|---|---|---|", *rows])


def _figures() -> str:
    """Say what benchmarks/figures.json says, in words."""
    found = json.loads((ROOT / "benchmarks/figures.json").read_text())
    definitions, answers = found["definitions"], found["answers"]
    text, structured = answers["text"], answers["structured"]
    rows = [
        (
            "Sprinklr's own actions",
            f"{definitions['thirty_tools']} tools",
            f"{definitions['thirty']:,} tokens",
        ),
        ("the default list", f"{definitions['default_tools']} tools", f"{definitions['default']:,} tokens"),
        ("every tool", f"{definitions['tools']} tools", f"{definitions['all']:,} tokens"),
        ("the largest definition", "", f"{definitions['largest']} tokens"),
        (
            "an answer, beside the JSON Sprinklr sent for it",
            f"median of {answers['large']} large ones",
            f"{_percent(text, structured, 'median')} of its tokens",
        ),
        ("", "the worst of them", _percent(text, structured, "largest")),
        (
            "a case with 50 messages and 10 comments, whole",
            "in one answer",
            f"{answers['long_conversation']} calls of Sprinklr's",
        ),
    ]
    lines = [f"| {what} | {which} | {cost} |" for what, which, cost in rows]
    return "\n".join(["| What | | What it costs (tokens: o200k) |", "|---|---|---|", *lines])


def _bench() -> str:
    """Say what benchmarks/bench.json says, in words."""
    found = json.loads((ROOT / "benchmarks/bench.json").read_text())
    rows = [f"| {told} | {measured} | {goal} |" for told, measured, goal, _ in found["shown"]]
    return "\n".join([f"| On {found['on']} | Measured | Goal |", "|---|---|---|", *rows])


def _percent(text: dict[str, Any], structured: dict[str, Any], name: str) -> str:
    return f"{max(text[name], structured[name]):.0%}"


def _risk(action: type[Action]) -> str:
    return RISKS[action.risk] + ("; optional" if action.optional else "")


def _budget(action: type[Action]) -> str:
    return f" · at most {action.hourly} an hour (`SPRINKLR_BUDGETS`)" if action.hourly else ""


def _dependency_table() -> str:
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [\n")[1].split("\n]")[0].split("\n")
    found = [match for line in lines if (match := DEPENDENCY.match(line))]
    rows = [f"| {match[1]} | {match[2]} |" for match in found]
    return "\n".join(["| Dependency | Why |", "|---|---|", *rows])


def _probe_table() -> str:
    rows = [f"| {probe.number} | {probe.assumed} |" for probe in all_probes()]
    return "\n".join(["| No. | What is assumed |", "|---|---|", *rows])


def _tool_pages(tools: dict[str, type[Action]]) -> str:
    pages = [_tool_page(name, action) for name, action in tools.items()]
    return "\n".join(["# Tools", "", "Made from the code by `make docs`.", "", *pages])


def _tool_page(name: str, action: type[Action]) -> str:
    schema = input_schema(action)
    needed = schema.get("required", [])
    rows = [
        f"| `{argument}` | {_kind(told)} | {'yes' if argument in needed else ''} | {_told(told)} |"
        for argument, told in schema["properties"].items()
    ]
    return "\n".join(
        [
            f"## {name}",
            "",
            f"{action.label} · toolset `{toolset(action)}` · {_risk(action)}{_budget(action)}",
            "",
            description(action),
            "",
            "| Argument | Type | Needed | Meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _kind(schema: dict[str, Any]) -> str:
    return f"list of {schema['items'].get('type')}" if schema.get("type") == "array" else schema["type"]


def _told(schema: dict[str, Any]) -> str:
    choices = ", ".join(f"`{choice}`" for choice in schema.get("enum", []))
    return " ".join(part for part in (schema.get("description", ""), choices) if part)


def _settings_page() -> str:
    rows = [
        f"| `{field.alias}` | {_default(field.default)} | {field.description} |"
        for field in Settings.model_fields.values()
        if field.alias
    ]
    head = [
        "# Settings",
        "",
        "Environment variables, read once at the start. An unknown one that begins with `SPRINKLR_` is",
        "refused, so that a misspelt rule is never silently off.",
        "",
        f"One file is read: `{account.NAME}` in the data folder, which `sprinklr-mcp setup` writes. It",
        f"stands in for {', '.join(f'`{name}`' for name in account.account_variables())}",
        "where they are not set; a variable that is set wins. Where `SPRINKLR_API_KEY` names another key",
        "than the file, nothing of the file is used.",
        "",
        "Made from the code by `make docs`.",
        "",
        "| Variable | Default | Meaning |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _default(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in cast(tuple[Any, ...], value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _manifest(tools: dict[str, type[Action]]) -> str:
    manifest = json.loads((ROOT / "manifest.json").read_text())
    manifest["version"] = sprinklr_mcp.__version__
    manifest["repository"] = {"type": "git", "url": registry.repository()}
    manifest["documentation"] = f"{registry.repository()}/blob/main/docs/desktop.md"
    manifest["support"] = f"{registry.repository()}/issues"
    manifest["tools"] = [
        {"name": name, "description": description(action)}
        for name, action in tools.items()
        if not action.optional
    ]
    manifest["prompts"] = prompt_pages.in_manifest(all_prompts())
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, content in documents().items():
        path.write_text(content)
