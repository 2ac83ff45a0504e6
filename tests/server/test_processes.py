"""Whether another process is gone: said only where it is certain, since somebody then takes its place."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sprinklr_mcp.processes import is_gone, this_process

TELL_AND_WAIT = """
from sprinklr_mcp.processes import this_process
print(this_process(), flush=True)
input()
"""


@pytest.fixture(scope="module")
def ended() -> str:
    """The name of a process that was there, and the proof that it did not count as gone while it was."""
    with subprocess.Popen(
        [sys.executable, "-c", TELL_AND_WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert not is_gone(name)
        process.kill()
    return name


def test_a_process_that_was_killed_is_gone_and_this_one_is_not(ended: str) -> None:
    assert is_gone(ended)
    assert not is_gone(this_process())


def test_a_number_that_was_given_again_does_not_keep_its_first_process_alive() -> None:
    place, number, began = this_process().split(":")
    assert began.isdecimal(), "this test needs a system that says when a process began"
    assert is_gone(f"{place}:{number}:{int(began) - 1}")


def test_where_it_cannot_be_told_a_process_counts_as_running(
    ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, number, began = ended.split(":")
    own = this_process().split(":")[1]
    for name in ("", "a3f9", f"elsewhere:{number}:{began}", f"{place}::{began}", f"{place}:{own}:"):
        assert not is_gone(name), name
    with monkeypatch.context() as windows:
        windows.setattr("os.name", "nt")
        assert not is_gone(ended)
