"""What the server promises whoever runs it, the tests that prove it, and what was measured last.

A test proves a promise by beginning its docstring with the promise's id. Figures are those of
benchmarks/campaign.json (`make campaign`) and benchmarks/bench.json (`make bench`).
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IDS = re.compile(r"(?:SR-\d\d(?:, )?)+(?=:)")


@dataclass(frozen=True)
class Promise:
    """One promise in plain words; `figures` are names of counters and measures, each in one of the files."""

    id: str
    told: str
    figures: tuple[str, ...] = ()


PROMISES = (
    Promise(
        "SR-01",
        "One agreement sends one request, whatever is replayed, repeated at once or restarted.",
        ("duplicate writes",),
    ),
    Promise("SR-02", "However many processes need a new token, one asks for it.", ("lost refresh tokens",)),
    Promise(
        "SR-03",
        "A renewal that has begun ends with the new login stored, whoever leaves and however full the disk "
        "is. Only a process killed in that moment can cost a login, and then it says so.",
        ("lost refresh tokens",),
    ),
    Promise(
        "SR-04",
        "A write of unknown outcome is called unknown, not repeated, and refused until somebody has looked.",
        ("false certainty", "duplicate writes"),
    ),
    Promise("SR-06", "No argument and no hint of a model's stands for a person's agreement."),
    Promise("SR-07", "Anything but the typed number or name sends nothing, and a no is remembered."),
    Promise("SR-09", "No id leaves its place in an address.", ("requests to strangers",)),
    Promise(
        "SR-11",
        "No part of a key or a token reaches an answer, the log, the audit log or a command's output, "
        "also where Sprinklr repeats it, in any common encoding.",
        ("secret leaks",),
    ),
    Promise("SR-13", "Uploads come from the named folders alone: no links, pipes, devices or swapped paths."),
    Promise("SR-14", "A file goes out exactly as it was agreed to, or not at all."),
    Promise(
        "SR-16",
        "All processes of a key together keep Sprinklr's limits, use nearly all of them, and never keep a "
        "token waiting: also when one is killed or the clock is set back.",
        ("hour_four", "hour_over", "tokens_refused", "rate overruns"),
    ),
    Promise("SR-17", "A refusal costs at most one renewal; what is wrong with the key costs none."),
    Promise(
        "SR-18",
        "Over HTTP, no page of another origin, no other name for this machine and nobody without the address "
        "is served, and no address that others can reach is listened on.",
    ),
    Promise("SR-19", "No client over HTTP gets another one's answer or question, whatever ids they use."),
    Promise("SR-22", "A login heeds the one answer it waits for, once, and stops listening."),
    Promise("SR-24", "Text of Sprinklr's or a customer's is never told as a fact or in an error."),
    Promise(
        "SR-26",
        "Answers and messages of any form end in an answer of ours; the next call is served.",
        ("crashes", "malformed lines dropped"),
    ),
    Promise(
        "SR-27",
        "When the client leaves or a signal comes, it is gone within ten seconds: reads are dropped, writes "
        "and renewals finished, records true.",
        ("hung calls and processes", "unaudited writes"),
    ),
    Promise("SR-28", "A cancelled read lets go of Sprinklr; a cancelled write is finished and on record."),
    Promise("SR-29", "Every call is answered by its deadline.", ("hung calls and processes",)),
    Promise(
        "SR-30",
        "Requests go to the configured address alone: no redirection, and no proxy or certificate that the "
        "environment names.",
        ("requests to strangers",),
    ),
    Promise("SR-32", "A store that is not private, whole or ours is refused in words, and left as it is."),
    Promise(
        "SR-33",
        "A write that cannot be written down first does not leave; reads go on.",
        ("unaudited writes",),
    ),
    Promise(
        "SR-34",
        "Too many calls are told BUSY, a line of 200 MB is refused; memory stays below 300 MB.",
        ("leaked resources",),
    ),
    Promise(
        "SR-36", "What the operator switched off is not listed and cannot be called, by no spelling or hint."
    ),
)


def proofs_by_promise() -> Mapping[str, list[str]]:
    """Return, for each id that a test's docstring begins with, the files of such tests."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        for id in sorted(set(_ids_in(ast.parse(path.read_text())))):
            found[id].append(name)
    return found


def _ids_in(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            named = IDS.match(ast.get_docstring(node) or "")
            yield from named[0].split(", ") if named else ()


def table() -> str:
    """Return the promises as a table."""
    tests, figures = proofs_by_promise(), _figures()
    rows = [
        f"| {one.id} | {one.told} | {_links(tests.get(one.id, []))} "
        f"| {'<br>'.join(figures[name] for name in one.figures)} |"
        for one in PROMISES
    ]
    return "\n".join(["| | Promise | Tests | Last figure |", "|---|---|---|---|", *rows])


def measured() -> str:
    """Say where the figures come from."""
    campaign, bench = _read("campaign"), _read("bench")
    return (
        f"Figures: {campaign['faults']:,} faults by `make campaign` (seed {campaign['seed']}, "
        f"{campaign['seconds']} s); limits by `make bench` ({bench['on']})."
    )


def _links(files: list[str]) -> str:
    return ", ".join(f"[{Path(name).stem.removeprefix('test_')}](../{name})" for name in files)


def _figures() -> dict[str, str]:
    """Return each figure in words, by its name."""
    counters = {name: f"{name}: {count}" for name, count in _read("campaign")["counters"].items()}
    bench = _read("bench")
    shown = dict(zip(bench["measured"], bench["shown"], strict=True))
    return counters | {name: f"{told}: {found}" for name, (told, found, *_) in shown.items()}


def _read(name: str) -> Any:
    return json.loads((ROOT / f"benchmarks/{name}.json").read_text())
