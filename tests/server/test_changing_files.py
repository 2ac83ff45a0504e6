"""A configuration file is changed whole or not at all, whatever else happens to it at that moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from client_files import CURSOR, ORIGINAL, Desktop
from installation import COMMAND

from sprinklr_mcp.clients.catalogue import CLIENTS
from sprinklr_mcp.clients.files import change
from sprinklr_mcp.clients.installing import install
from sprinklr_mcp.clients.refusing import Refused


@pytest.mark.parametrize(
    ("client", "content", "said"),
    [
        ("cursor", b'{\n  "a": 1\n  "b": 2\n}', "line 3, column 3: a comma or } is missing before this"),
        ("cursor", b'{\n  "mcpServers": {', "line 2, column 18: the text ends too early"),
        ("cursor", b'{"a": tru}', "line 1, column 7: no value of JSON stands here"),
        ("cursor", b"[]", "line 1, column 1: an object should stand here, in braces"),
        ("cursor", b'{"a": "\xff"}', "line 1, column 8: the text is not UTF-8"),
        ("cursor", b"{} {}", "line 1, column 4: nothing should follow the end of the object"),
        ("cursor", b"{'a': 1}", "line 1, column 2: a key should stand here"),
        ("cursor", b"[" * 100_000, "it is deeper than 200 levels"),
        ("cursor", b'{"mcpServers": []}', '"mcpServers" in it is not an object'),
        ("cursor", b'{"mcpServers": {}, "mcpServers": {}}', '"mcpServers" stands in it twice'),
        ("cursor", b'{"mcpServers": {"sprinklr": {"command": "x"}}}', "starts another server"),
        ("codex", b'model = "x"\nmodel =\n', "line 2, column 8: invalid value"),
        ("codex", b'a = """\n', "cannot be read as TOML: line 2, column 1"),
        ("codex", b"mcp_servers = {}\n", "its servers are written in a way that the entry does not fit into"),
        ("codex", b"mcp_servers = 3\n", "its servers are written in a way that the entry does not fit into"),
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_left_alone_and_the_place_is_told(
    tmp_path: Path, client: str, content: bytes, said: str
) -> None:
    file = tmp_path / "settings"
    file.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        install(CLIENTS[client], file, "sprinklr", {"command": COMMAND})
    assert said in refusal.value.text()
    assert str(file) in refusal.value.text()
    assert "Nothing was changed." in refusal.value.text()
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_a_refusal_is_told_at_the_terminal_and_in_the_list(desktop: Desktop, cursor: Path) -> None:
    cursor.write_bytes(b'{\n  "a": 1\n  "b": 2\n}')
    place = f"{cursor} cannot be read as JSON: line 3, column 3: a comma or }} is missing before this."
    for command in ("install", "uninstall"):
        refusal = desktop.run(command, "cursor", fails=True)
        assert refusal == f"Error: {place} Nothing was changed. Put that right and run this again.\n"
    assert place in desktop.run("install")
    assert {row["client"]: row["unreadable"] for row in desktop.told("install")}["cursor"] == place


def test_an_entry_that_is_not_ours_is_not_taken_out(desktop: Desktop) -> None:
    file = desktop.home / CURSOR
    file.parent.mkdir()
    file.write_text('{"mcpServers": {"sprinklr": {"command": "/bin/other"}}}')
    assert "starts another server" in desktop.run("uninstall", "cursor", fails=True)
    assert '"/bin/other"' in file.read_text()


def test_a_write_protected_file_and_what_is_no_file_are_left_alone(desktop: Desktop, cursor: Path) -> None:
    cursor.chmod(0o444)
    assert "is write-protected. Nothing was changed." in desktop.run("install", "cursor", fails=True)
    assert cursor.read_bytes() == ORIGINAL
    pipe = desktop.home / ".claude.json"
    os.mkfifo(pipe)
    assert "is not a plain file. Nothing was changed." in desktop.run("install", "claude-code", fails=True)
    assert "is not a plain file" in desktop.run("install"), "and the list of clients tells it"


def test_a_link_stays_a_link_and_mode_and_owner_stay_with_its_file(desktop: Desktop, cursor: Path) -> None:
    kept = desktop.home / "dotfiles" / "cursor.json"
    kept.parent.mkdir()
    kept.write_bytes(ORIGINAL)
    kept.chmod(0o640)
    cursor.unlink()
    cursor.symlink_to("../dotfiles/cursor.json")
    before = kept.stat()
    desktop.run("install", "cursor")
    assert os.readlink(cursor) == "../dotfiles/cursor.json"
    after = kept.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    (copy,) = set(kept.parent.iterdir()) - {kept}
    assert copy.stat().st_mode == before.st_mode
    assert [one.name for one in cursor.parent.iterdir()] == ["mcp.json"]
    desktop.run("uninstall", "cursor")
    assert kept.read_bytes() == ORIGINAL


KILLED = """
import os, signal, sys
from sprinklr_mcp.command_line import main
step, count = sys.argv[1], int(sys.argv[2])
real = getattr(os, step)
def counted(*given):
    global count
    count -= 1
    if count < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given)
setattr(os, step, counted)
main(["install", "cursor"])
"""


@pytest.mark.parametrize(("step", "count"), [("fsync", 0), ("fsync", 1), ("replace", 0), ("replace", 1)])
def test_killed_in_the_middle_the_file_is_whole_and_the_next_run_does_it(
    desktop: Desktop, cursor: Path, step: str, count: int
) -> None:
    killed = [sys.executable, "-c", KILLED, step, str(count)]
    done = subprocess.run(killed, env=desktop.environment, capture_output=True, timeout=30)
    assert done.returncode == -signal.SIGKILL
    assert cursor.read_bytes() == ORIGINAL
    assert desktop.told("install", "cursor")["changed"] is True
    left = [one.name for one in cursor.parent.iterdir() if one.name.startswith(".")]
    assert left == [], "and what the killed one had begun is gone"


def test_several_at_once_each_get_their_entry(desktop: Desktop, cursor: Path) -> None:
    names = ["one", "two", "three", "four"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: desktop.run("install", "cursor", "--name", name), names))
    (row,) = [row for row in desktop.told("install") if row["client"] == "cursor"]
    assert sorted(row["entries"]) == sorted(names)


def test_what_the_client_writes_at_the_same_moment_is_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"a")
    seen: list[bytes | None] = []

    def edit(content: bytes | None) -> bytes:
        seen.append(content)
        if len(seen) == 2:
            file.write_bytes(b"b")
        return (content or b"") + b"!"

    done = change(file, edit)
    assert file.read_bytes() == b"b!"
    assert done.backup is not None
    assert done.backup.read_bytes() == b"b"
    assert set(tmp_path.iterdir()) == {file, done.backup}
