"""The guide to connecting an account names commands, options and checks that there are."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from sprinklr_mcp.command_line import main
from sprinklr_mcp.doctor.examining import CHECKS

GUIDE = Path(__file__).resolve().parents[2] / "docs/connect.md"
ARGUMENTS = {"install": {"cursor"}, "login": {"client-credentials"}}


def commands() -> list[tuple[str, str]]:
    text = GUIDE.read_text()
    return sorted(set(re.findall(r"sprinklr-mcp ([a-z]+)((?: -{0,2}[a-z-]+)*)(?=[`\n])", text)))


@pytest.mark.parametrize(("name", "more"), commands())
def test_each_command_is_one_with_its_options(name: str, more: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    options = {option for one in command.params for option in one.opts}
    for word in more.split():
        assert word in (options if word.startswith("-") else ARGUMENTS[name])


def test_each_check_of_doctor_is_named() -> None:
    text = GUIDE.read_text()
    assert commands()
    assert [check.name for check in CHECKS if f"`{check.name}`" not in text] == []
