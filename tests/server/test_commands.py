"""The commands as a person meets them for the first time: what they print, where, and how they end."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from installation import COMMAND, Installation, Sprinklr, code_of, text_of
from mcp import Client, StdioServerParameters

pytestmark = pytest.mark.anyio

CASE = '{"case_number": 96832}'
DELETE = ("sprinklr_delete_case_by_number", {"case_number": 96832})
AT_A_TERMINAL = (
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
    COMMAND,
)


@pytest.fixture
def newcomer(tmp_path: Path) -> Installation:
    """Somebody with no account, no key and no settings."""
    return Installation(tmp_path / "home", {})


def run_all(installation: Installation, *commands: tuple[str, ...]) -> list[subprocess.CompletedProcess[str]]:
    """Run commands that do not depend on each other, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda command: installation.run(*command), commands))


EVERY_HELP = """
from sprinklr_mcp.command_line import COMMANDS, main
for name in COMMANDS:
    main([name, "--help"], "sprinklr-mcp", standalone_mode=False)
"""


def test_every_command_says_what_it_is_for(newcomer: Installation) -> None:
    overview = newcomer.run("--help").stdout
    names = re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE)
    assert {"serve", "login", "logout", "status", "actions", "call", "approve", "audit"} <= set(names)
    done = subprocess.run(
        [sys.executable, "-c", EVERY_HELP], env=newcomer.environment, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert re.findall(r"^Usage: sprinklr-mcp ([a-z]+) ", done.stdout, re.MULTILINE) == names
    unknown = newcomer.run("logn")
    assert (unknown.returncode, "No such command 'logn'" in unknown.stderr) == (2, True)
    assert not newcomer.home.exists(), "and nothing is left behind"


def test_status_and_audit_tell_how_things_stand_and_no_secret(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    installation = install(SPRINKLR_READ_ONLY="true")
    before, empty = run_all(installation, ("status", "--json"), ("status",))
    assert json.loads(before.stdout)["login"] == "none: run `sprinklr-mcp login`"
    assert "none: run `sprinklr-mcp login`" in empty.stdout
    installation.log_in()
    asked = len(sprinklr.requests())
    refused = installation.run("call", "add_comment", '{"case_number": 96832, "text": "hush"}')
    assert "switched off here by SPRINKLR_READ_ONLY" in refused.stderr
    after, shown, audit, log = run_all(
        installation, ("status", "--json"), ("status",), ("audit",), ("audit", "--json")
    )
    found = json.loads(after.stdout)
    assert found["login"].startswith("by client_credentials, since 20")
    assert found["sprinklr"] == f"{sprinklr.announced['base_url']}, environment prod2"
    assert found["data"] == str(installation.home)
    assert (found["api_key"], found["paused"], found["waiting"]) == ("set", "no", 0)
    assert found["tools"]["sprinklr_add_comment"] == "off: SPRINKLR_READ_ONLY"
    assert found["tools"]["sprinklr_get_case_by_number"] == "on"
    assert "sprinklr_add_comment is off: SPRINKLR_READ_ONLY" in shown.stdout
    assert "refusal" in audit.stdout
    assert json.loads(log.stdout)["code"] == "TOOL_OFF"
    secrets = ["hush", sprinklr.announced["api_key"], sprinklr.announced["api_secret"]]
    for done in (before, empty, after, shown, audit, log):
        assert (done.returncode, done.stderr) == (0, "")
        assert [one for one in secrets if one in done.stdout] == []
    assert len(sprinklr.requests()) == asked, "status asks Sprinklr nothing"


def test_actions_are_listed_and_each_is_told_with_its_arguments(install: Callable[..., Installation]) -> None:
    listed, one, as_json, unknown = run_all(
        install(SPRINKLR_DENY="add_comment"),
        ("actions",),
        ("actions", "get_case_by_number"),
        ("actions", "--json"),
        ("actions", "get_case"),
    )
    lines = {line.split()[0]: line for line in listed.stdout.splitlines()}
    assert "(off: SPRINKLR_DENY)" in lines["sprinklr_add_comment"]
    assert " danger " in lines["sprinklr_publish_message"]
    assert "case_number" in one.stdout
    assert "needed" in one.stdout
    rows = {row["name"]: row for row in json.loads(as_json.stdout)}
    assert set(rows) == set(lines)
    assert rows["sprinklr_add_comment"]["off"] == "SPRINKLR_DENY"
    assert "case_number" in rows["sprinklr_get_case_by_number"]["arguments"]["properties"]
    assert unknown.returncode == 1
    assert "`sprinklr-mcp actions` lists them" in unknown.stderr


def test_a_read_is_shown_to_people_and_as_json_to_programs(installation: Installation) -> None:
    case, told_case, messages = run_all(
        installation,
        ("call", "sprinklr_get_case_by_number", CASE, "--json"),
        ("call", "get_case_by_number", CASE),
        ("call", "list_case_messages", CASE, "--json"),
    )
    found = json.loads(case.stdout)
    assert found["facts"]["case_number"] == "96832"
    assert "TEST: please ignore" in found["customer_text"]["subject"]
    assert '"case_number": "96832"' in told_case.stdout
    assert "TEST: please ignore" in told_case.stdout
    identifier = json.loads(messages.stdout)["facts"]["messages"][0]["message_id"]
    message = installation.run("call", "get_messages", json.dumps({"message_ids": [identifier]}))
    assert f'"message_id": "{identifier}"' in message.stdout
    assert "\nmessages[0].text\n" in message.stdout
    for done in (case, told_case, messages, message):
        assert (done.returncode, done.stderr) == (0, "")


def test_a_call_that_cannot_be_made_ends_in_words_and_its_status_says_so(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    asked = len(sprinklr.requests())
    broken, no_object, unknown = run_all(
        installation,
        ("call", "get_case_by_number", "{case_number: 96832}"),
        ("call", "get_case_by_number", "[96832]"),
        ("call", "get_case_by_numbr", CASE),
    )
    assert (broken.returncode, "Invalid value for ARGUMENTS: not JSON" in broken.stderr) == (2, True)
    assert (no_object.returncode, "not a JSON object" in no_object.stderr) == (2, True)
    assert unknown.returncode == 1
    assert "Did you mean sprinklr_get_case_by_number?" in unknown.stderr
    assert len(sprinklr.requests()) == asked
    missing, as_json = run_all(
        installation,
        ("call", "get_case_by_number", '{"case_number": 1}'),
        ("call", "get_case_by_number", '{"case_number": 1}', "--json"),
    )
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "NOT_FOUND" in missing.stderr
    assert (as_json.returncode, as_json.stderr) == (1, "")
    assert json.loads(as_json.stdout)["error"]["code"] == "NOT_FOUND"
    for done in (broken, no_object, unknown, missing):
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


async def test_a_newcomer_works_on_a_simulator_that_all_their_processes_share(newcomer: Installation) -> None:
    server = StdioServerParameters(command=COMMAND, args=["serve", "--simulator"], env=newcomer.environment)
    async with Client(server, mode="legacy") as client:
        waiting = await client.call_tool(*DELETE)
        assert code_of(waiting) == "CONFIRMATION_REQUIRED"
        assert "`sprinklr-mcp approve --simulator`" in text_of(waiting)
        agreed = subprocess.run(
            [sys.executable, "-c", *AT_A_TERMINAL, "approve", "--simulator"],
            env=newcomer.environment,
            input="96832\n",
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert "Agreed. It is sent when the assistant calls again" in agreed.stdout, agreed
        assert not (await client.call_tool(*DELETE)).is_error
        read, simulated, real, audit = run_all(
            newcomer,
            ("call", "--simulator", "get_case_by_number", CASE, "--json"),
            ("status", "--simulator", "--json"),
            ("status", "--json"),
            ("audit", "--simulator", "--json"),
        )
    assert json.loads(read.stdout)["facts"]["deleted"] is True
    found = json.loads(simulated.stdout)
    assert found["login"].startswith("by client_credentials, since 20")
    assert found["sprinklr"].startswith("the simulator of `sprinklr-mcp serve --simulator`")
    assert found["data"] == str(newcomer.home / "simulator")
    assert json.loads(real.stdout)["login"] == "none: run `sprinklr-mcp setup`"
    records = [json.loads(line) for line in audit.stdout.splitlines()]
    assert ("intent", "terminal") in [(one["kind"], one.get("approved")) for one in records]
    assert newcomer.run("logout", "--simulator").stdout == "The stored login is gone.\n"


def test_what_leads_to_the_real_sprinklr_does_not_disturb_the_simulator(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    before, asked = login_of(installation), len(sprinklr.requests())
    installation.variables |= {"SPRINKLR_PROXY": "http://127.0.0.1:9", "SPRINKLR_WORKSPACE": "4711"}
    installation.variables |= {"SPRINKLR_CA_FILE": str(installation.home / "nothing.pem")}
    done = installation.run("call", "--simulator", "get_case_by_number", CASE)
    assert (done.returncode, done.stderr) == (0, "")
    assert login_of(installation) == before
    assert len(sprinklr.requests()) == asked


def login_of(installation: Installation) -> list[Any]:
    with installation.store() as store:
        return store.execute("SELECT * FROM token").fetchall()


def test_a_simulator_that_another_version_left_is_explained(newcomer: Installation, tmp_path: Path) -> None:
    state = newcomer.home / "simulator" / "sprinklr.sqlite3"
    state.parent.mkdir(parents=True)
    with closing(sqlite3.connect(state)) as opened:
        opened.execute("PRAGMA user_version = 999")
    beside, alone = run_all(
        newcomer, ("call", "--simulator", "get_case_by_number", CASE), ("simulator", "--state", str(state))
    )
    assert beside.returncode == alone.returncode == 1
    assert f"Delete {state}" in beside.stderr
    assert "version 999: delete its file" in alone.stderr
    assert "Traceback" not in beside.stderr + alone.stderr


def test_the_simulator_prints_lines_that_lead_a_shell_to_it_and_ends_with_ctrl_c(
    newcomer: Installation, tmp_path: Path
) -> None:
    with a_simulator(newcomer, tmp_path) as simulator:
        assert simulator.stdout is not None
        lines: list[str] = []
        while not lines or "sprinklr-mcp login" not in lines[-1]:
            lines.append(simulator.stdout.readline())
        exports = "".join(line for line in lines if line.startswith("  export "))
        assert exports.count("\n") == 6
        login, call = "login --grant client-credentials", f"call get_case_by_number '{CASE}'"
        script = f"{exports}\n{COMMAND} {login} && {COMMAND} {call}"
        done = subprocess.run(["sh", "-c", script], env=newcomer.environment, capture_output=True, text=True)
        assert (done.returncode, "96832" in done.stdout) == (0, True), done.stderr
        ended_tidily(simulator, signal.SIGINT, tmp_path)


def test_the_simulator_leaves_nothing_behind_when_it_is_told_to_stop(
    newcomer: Installation, tmp_path: Path
) -> None:
    with a_simulator(newcomer, tmp_path, "--json") as simulator:
        assert simulator.stdout is not None
        assert json.loads(simulator.stdout.readline())["environment"] == "prod2"
        ended_tidily(simulator, signal.SIGTERM, tmp_path)


def a_simulator(installation: Installation, temporary: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, "simulator", *options],
        env={**installation.environment, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended_tidily(simulator: subprocess.Popen[str], how: signal.Signals, temporary: Path) -> None:
    assert list(temporary.glob("sprinklr-simulator-*")) != []
    simulator.send_signal(how)
    _, said = simulator.communicate(timeout=20)
    assert (simulator.returncode, said) == (0, "\nThe simulator has stopped.\n")
    assert list(temporary.glob("sprinklr-simulator-*")) == []


def test_a_port_for_the_simulator_that_cannot_be_had_is_said(newcomer: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        taken, absurd = run_all(newcomer, ("simulator", "--port", port), ("simulator", "--port", "99999"))
    assert (taken.returncode, f"cannot listen on port {port}" in taken.stderr) == (1, True)
    assert (absurd.returncode, "99999 is not in the range" in absurd.stderr) == (2, True)
    assert "Traceback" not in taken.stderr + absurd.stderr


def test_words_that_a_program_reads_no_further_are_no_reason_for_a_traceback(newcomer: Installation) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND} actions --json | true"],
        env=newcomer.environment,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
