"""`doctor` looks into the clients' own entries: at the program they start, and where their settings lead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client_files import CURSOR, MOVED
from installation import COMMAND, Installation

OTHER_SECRET = "a-secret-of-another-app"
Enter = Callable[..., None]


@pytest.fixture
def at_home(install: Callable[..., Installation], tmp_path: Path) -> Installation:
    """An installation of somebody who has Cursor, with this server in it, and nothing else."""
    file = tmp_path / CURSOR
    file.parent.mkdir()
    file.write_text("{}")
    made = install(HOME=str(tmp_path), PATH="/usr/bin:/bin", **dict.fromkeys(MOVED, ""))
    assert made.run("install", "cursor").returncode == 0
    return made


@pytest.fixture
def change_entry(at_home: Installation, tmp_path: Path) -> Enter:
    """Change what stands in the entry, as somebody does with an editor; None takes a variable out."""

    def change(
        command: str | None = None, arguments: list[str] | None = None, **variables: str | None
    ) -> None:
        file = tmp_path / CURSOR
        said = json.loads(file.read_text())
        entry = said["mcpServers"]["sprinklr"]
        entry["command"] = command or entry["command"]
        entry["args"] = arguments or entry["args"]
        env = {**entry["env"], **variables}
        entry["env"] = {name: value for name, value in env.items() if value is not None}
        file.write_text(json.dumps(said))

    return change


def told(installation: Installation, check: str) -> list[dict[str, Any]]:
    """What `doctor` finds wrong, or to look at, by that check."""
    done = installation.run("doctor", "--offline", "--json")
    assert OTHER_SECRET not in done.stdout
    findings = [one for one in json.loads(done.stdout) if one["check"] == check]
    assert findings
    return [one for one in findings if one["state"] != "ok"]


def test_an_entry_that_install_has_made_is_in_order(at_home: Installation) -> None:
    assert told(at_home, "clients") == told(at_home, "entries") == []


def test_an_entry_whose_program_is_gone_is_a_failure_that_install_mends(
    at_home: Installation, change_entry: Enter
) -> None:
    change_entry(command="/gone/bin/sprinklr-mcp")
    [found] = told(at_home, "clients")
    assert found["state"] == "failed"
    assert found["found"].startswith("Cursor (sprinklr) starts /gone/bin/sprinklr-mcp, and there is no such")
    assert "`sprinklr-mcp install cursor`" in found["mend"]
    assert at_home.run("install", "cursor").returncode == 0
    assert told(at_home, "clients") == []


@pytest.mark.parametrize("flags", [["--read-only"], ["--simulator"]])
def test_the_mend_keeps_what_the_entry_says_after_serve(
    at_home: Installation, change_entry: Enter, tmp_path: Path, flags: list[str]
) -> None:
    """Else an entry that only reads would become one that writes."""
    change_entry(command="/gone/bin/sprinklr-mcp", arguments=["serve", *flags])
    [found] = told(at_home, "clients")
    command = found["mend"].split("`")[1].split()
    assert at_home.run(*command[1:]).returncode == 0
    entry = json.loads((tmp_path / CURSOR).read_text())["mcpServers"]["sprinklr"]
    assert entry["args"] == ["serve", *flags]
    assert told(at_home, "clients") == []


def test_arguments_that_install_would_leave_out_are_left_to_the_persons_own_hand(
    at_home: Installation, change_entry: Enter, tmp_path: Path
) -> None:
    change_entry(command="/gone/bin/sprinklr-mcp", arguments=["serve", "--deny", "publish_message"])
    [found] = told(at_home, "clients")
    assert found["mend"] == f"Enter the program that is here by hand, in {tmp_path / CURSOR}."


def test_a_name_that_no_file_can_have_is_no_program(at_home: Installation, change_entry: Enter) -> None:
    change_entry(command="/a\0/sprinklr-mcp")
    [found] = told(at_home, "clients")
    assert "there is no such program" in found["found"]


def test_a_program_that_only_the_client_may_find_is_a_warning(
    at_home: Installation, change_entry: Enter
) -> None:
    change_entry(command="sprinklr-mcp")
    [found] = told(at_home, "clients")
    assert found["state"] == "warning"
    assert told(at_home.changed(PATH=str(Path(COMMAND).parent)), "clients") == []


def test_settings_in_an_entry_that_no_server_starts_with_are_a_failure(
    at_home: Installation, change_entry: Enter, tmp_path: Path
) -> None:
    change_entry(SPRINKLR_ENVIROMENT="prod2", SPRINKLR_READ_ONLY="perhaps")
    [found] = told(at_home, "clients")
    assert found["state"] == "failed"
    assert "SPRINKLR_ENVIROMENT is not a setting (did you mean SPRINKLR_ENVIRONMENT?)" in found["found"]
    assert "SPRINKLR_READ_ONLY" in found["found"]
    assert str(tmp_path / CURSOR) in found["mend"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SPRINKLR_ENVIRONMENT", "prod8"),
        ("SPRINKLR_MCP_HOME", "/elsewhere"),
        ("SPRINKLR_API_KEY", "another-key"),
        ("SPRINKLR_API_SECRET", OTHER_SECRET),
    ],
)
def test_a_pinned_setting_that_leads_elsewhere_is_named_with_its_file_and_without_its_value(
    at_home: Installation, change_entry: Enter, tmp_path: Path, variable: str, value: str
) -> None:
    change_entry(**{variable: value})
    [found] = told(at_home, "entries")
    assert found["state"] == "warning"
    assert f"Cursor (sprinklr) sets {variable} to something else than holds here" in found["found"]
    assert value not in found["found"] + found["mend"]
    assert str(tmp_path / CURSOR) in found["mend"]


def test_a_setting_of_this_terminal_that_an_entry_lacks_is_named(
    at_home: Installation, change_entry: Enter
) -> None:
    change_entry(SPRINKLR_MCP_HOME=None)
    [found] = told(at_home, "entries")
    assert "does not set SPRINKLR_MCP_HOME, which this terminal sets" in found["found"]
    assert at_home.run("install", "cursor").returncode == 0
    assert told(at_home, "entries") == []


def test_what_a_client_fills_in_itself_and_rules_of_its_own_are_left_alone(
    at_home: Installation, change_entry: Enter
) -> None:
    change_entry(SPRINKLR_API_SECRET="${input:secret}", SPRINKLR_READ_ONLY="true", SPRINKLR_DENY="get_me")
    assert told(at_home, "clients") == told(at_home, "entries") == []
    change_entry(SPRINKLR_API_KEY="$SPRINKLR_API_KEY", SPRINKLR_ENVIRONMENT="$SPRINKLR_ENVIRONMENT")
    assert told(at_home, "clients") == told(at_home, "entries") == []
    change_entry(command="${userHome}/bin/sprinklr-mcp", SPRINKLR_ENVIRONMENT="${env:SPRINKLR_ENVIRONMENT}")
    assert told(at_home, "clients") == told(at_home, "entries") == []
