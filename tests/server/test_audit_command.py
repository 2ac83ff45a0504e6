"""Looking things up in the audit log, by tool, kind, outcome and time; and all of it for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from installation import Installation

from sprinklr_mcp.commands.audit import audit
from sprinklr_mcp.machine import Machine

COMMENT, DELETE = "sprinklr_add_comment", "sprinklr_delete_case_by_id"
WRITES = {f"{number:016x}": tool for number, tool in enumerate((COMMENT, COMMENT, DELETE), 1)}
ONE, TWO, THREE = WRITES
RECORDS: list[dict[str, Any]] = [
    {"kind": "paused"},
    *({"kind": "intent", "operation": one, "tool": tool} for one, tool in WRITES.items()),
    {"kind": "resumed"},
    {"kind": "outcome", "operation": ONE, "tool": COMMENT, "outcome": "done"},
    {"kind": "outcome", "operation": TWO, "tool": COMMENT, "outcome": "unknown", "code": "ABANDONED"},
    {"kind": "outcome", "operation": THREE, "tool": DELETE, "outcome": "failed", "code": "FORBIDDEN"},
    {"kind": "refusal", "tool": DELETE, "code": "TOOL_OFF"},
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One with these records, each half an hour after the one before, the last from just now."""
    made = Installation(tmp_path_factory.mktemp("audit") / "home", {})

    async def add(machine: Machine) -> None:
        for record in RECORDS:
            await machine.audit.add(record)

    made.work(add)
    with made.store() as store:
        store.execute(f"UPDATE audit SET time = time - 1800 * ({len(RECORDS)} - number)")
    return made


def audited(installation: Installation, *options: str) -> Result:
    """Run the command in this process, which is much faster; the last test starts real ones."""
    return CliRunner().invoke(audit, options, env=installation.environment)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("--tool add_comment", [2, 3, 6, 7]),
        ("--tool sprinklr_delete_case_by_id --kind refusal", [9]),
        ("--kind intent", [2, 3, 4]),
        ("--outcome unknown", [7]),
        ("--outcome unknown --tool delete_case_by_id", []),
        (f"--operation {TWO}", [3, 7]),
        ("--limit 2", [8, 9]),
        ("--limit 2 --kind intent", [3, 4]),
        ("--limit 100", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("--since 75m", [7, 8, 9]),
        ("--since 1d --kind paused", [1]),
        ("--since 2020-01-01", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("--since 2020-01-01T00:00+02:00 --limit 1", [9]),
        ("--since 9998-01-01T00:00Z", []),
    ],
)
def test_a_record_is_shown_if_it_fits_all_that_is_named(
    installation: Installation, options: str, numbers: list[int]
) -> None:
    done = audited(installation, "--json", *options.split())
    assert (done.exit_code, done.stderr) == (0, "")
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["number"] for one in shown] == numbers
    assert all(one.items() >= RECORDS[one["number"] - 1].items() for one in shown)


def test_people_read_one_line_for_each_record(installation: Installation) -> None:
    done = installation.run("audit", "--outcome", "failed")
    assert done.stdout.split()[1:] == ["outcome", THREE, DELETE, "failed", "FORBIDDEN"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--tool add_coment", "There is no tool sprinklr_add_coment. Did you mean sprinklr_add_comment?"),
        ("--kind intents", "'intents' is not one of 'intent', 'outcome', 'refusal', 'paused', 'resumed'"),
        ("--outcome ok", "'ok' is not one of 'done', 'failed', 'unknown'"),
        ("--operation 12", "an id is 16 of the signs 0-9 and a-f"),
        ("--since yesterday", "'yesterday' is no time: give one such as 2026-11-24T18:00Z"),
        ("--since 2w", "or how long ago, such as 90m, 2h, 3d"),
        ("--limit 0", "0 is not in the range x>=1"),
        ("--kind intent --outcome done", "--kind intent does not go with --outcome: it has none"),
        (f"--kind refusal --operation {ONE}", "--kind refusal does not go with --operation"),
        ("--kind paused --tool add_comment", "--kind paused does not go with --tool"),
        ("--verify --limit 5", "it goes with none of the other options"),
        ("--verify --json", "it goes with none of the other options"),
        ("--verify --since 2h", "it goes with none of the other options"),
    ],
)
def test_what_nothing_can_fit_is_refused_in_words(
    installation: Installation, options: str, words: str
) -> None:
    done = audited(installation, *options.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())


async def fill(machine: Machine) -> None:
    def write(connection: Any) -> None:
        values = (f"{number:064x}" for number in range(1201))
        statement = 'INSERT INTO audit (time, record, hash) VALUES (0, \'{"kind":"paused"}\', ?)'
        connection.executemany(statement, ((value,) for value in values))

    await machine.database.write(write)


def test_a_person_is_shown_the_newest_and_a_program_gets_all(tmp_path: Path) -> None:
    """More records than are held at a time."""
    installation = Installation(tmp_path / "home", {})
    installation.work(fill)
    assert len(installation.run("audit").stdout.splitlines()) == 50
    lines = installation.run("audit", "--json").stdout.splitlines()
    assert [json.loads(line)["number"] for line in lines] == list(range(1, 1202))


def test_where_nothing_fits_a_person_is_told_so_and_a_program_gets_nothing(tmp_path: Path) -> None:
    """An empty answer looks like a command that did not work."""
    fresh = Installation(tmp_path / "home", {})
    for options in ((), ("--outcome", "unknown")):
        told = fresh.run("audit", *options)
        assert (told.returncode, told.stdout, told.stderr) == (0, "", "There is no such record.\n")
        told = fresh.run("audit", "--json", *options)
        assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
