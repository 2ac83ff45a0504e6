"""Which files of this machine may be uploaded: only those that the operator's folders hold, as they are.

Asked of the one door that every upload goes through, on a real file system.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from installation import Installation
from pydantic import ValidationError
from sample_files import ALLOWED, REFUSED, png

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.uploads.folders import Folders
from sprinklr_mcp.uploads.form import Form
from sprinklr_mcp.uploads.inspecting import LARGEST_FILE
from sprinklr_mcp.uploads.uploads import Uploads
from sprinklr_tools.actions.media.uploading import UploadMedia, UploadMediaBulk
from sprinklr_tools.files import FileFacts, SentFile, Upload, safe_name, sent_files

OUTSIDE = b"what nobody may see\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "up"
    made.mkdir()
    (made / "good.txt").write_bytes(b"good\n")
    return made


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder whose path begins as the allowed one's does."""
    made = tmp_path / "up-and-more"
    made.mkdir()
    (made / "letter.txt").write_bytes(OUTSIDE)
    return made


def uploads_from(*folders: Path) -> Uploads:
    settings = Settings.from_environment({"SPRINKLR_UPLOAD_FOLDERS": ",".join(map(str, folders))})
    return Uploads(Folders.of(settings))


def facts(folder: Path, path: str) -> FileFacts:
    return anyio.run(uploads_from(folder).inspect, path)


def refusal(folder: Path, path: str | Path) -> Fault:
    """What is said about a file that may not go; it is said fast."""
    door = uploads_from(folder)
    started = time.monotonic()
    with pytest.raises(Fault) as refused:
        anyio.run(door.inspect, str(path))
    assert time.monotonic() - started < 2
    assert refused.value.message
    assert refused.value.next
    return refused.value


@pytest.mark.parametrize("name", ALLOWED)
def test_a_file_is_told_by_what_it_holds(folder: Path, name: str) -> None:
    content, media_type = ALLOWED[name]
    (folder / name).write_bytes(content)
    found = facts(folder, name)
    assert (found.name, found.size, found.media_type) == (name, len(content), media_type)
    assert (found.folder, found.path) == (str(folder), str(folder / name))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_file_of_its_type_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(REFUSED[name])
    assert refusal(folder, name).code is Code.FORBIDDEN


def test_a_script_is_found_where_two_blocks_of_a_large_file_meet(folder: Path) -> None:
    for before in range(262_144 - 60, 262_144 + 10, 7):
        (folder / "a.png").write_bytes(png(b"x" * before + b"<script>"))
        assert refusal(folder, "a.png").code is Code.FORBIDDEN


def test_a_path_may_be_whole_or_relative_to_the_folder(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub/a.png").write_bytes(png())
    assert facts(folder, "sub/a.png") == facts(folder, str(folder / "sub/a.png"))


def test_a_relative_path_that_two_folders_hold_is_refused(folder: Path, outside: Path) -> None:
    (outside / "good.txt").write_bytes(b"good too\n")
    door = uploads_from(folder, outside)
    with pytest.raises(Fault) as refused:
        anyio.run(door.inspect, "good.txt")
    assert refused.value.code is Code.INVALID_REQUEST
    assert anyio.run(door.inspect, str(outside / "good.txt")).size == 9
    (folder / "only.txt").write_bytes(b"only\n")
    assert anyio.run(door.inspect, "only.txt").folder == str(folder)


def test_a_folder_that_is_reached_by_a_link_of_the_operators_own_is_the_folder(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert facts(link, str(link / "good.txt")).size == 5
    assert facts(link, str(folder / "good.txt")).size == 5


@pytest.mark.parametrize("form", ["{outside}/letter.txt", "{folder}-and-more/letter.txt", "/etc/passwd"])
def test_nothing_outside_is_looked_at(folder: Path, outside: Path, form: str) -> None:
    """SR-13: a folder whose name begins alike is outside too."""
    fault = refusal(folder, form.format(folder=folder, outside=outside))
    assert fault.code is Code.FORBIDDEN
    assert "SPRINKLR_UPLOAD_FOLDERS" in fault.text()


def test_what_does_not_exist_outside_is_told_like_what_does(folder: Path, outside: Path) -> None:
    there, not_there = refusal(folder, outside / "letter.txt"), refusal(folder, outside / "none.txt")
    assert there.text() == not_there.text()


def test_a_missing_file_is_told(folder: Path) -> None:
    assert refusal(folder, "none.txt").code is Code.NOT_FOUND
    assert refusal(folder, "none/none.txt").code is Code.NOT_FOUND


def link_to_file(folder: Path, outside: Path) -> str:
    (folder / "a.txt").symlink_to(outside / "letter.txt")
    return "a.txt"


def link_to_own_file(folder: Path, outside: Path) -> str:
    (folder / "a.txt").symlink_to(folder / "good.txt")
    return "a.txt"


def link_on_the_way(folder: Path, outside: Path) -> str:
    (folder / "sub").symlink_to(outside)
    return "sub/letter.txt"


def link_to_link(folder: Path, outside: Path) -> str:
    (folder / "one").mkdir()
    (folder / "one/two").symlink_to("../../up-and-more")
    return "one/two/letter.txt"


def hard_link(folder: Path, outside: Path) -> str:
    os.link(outside / "letter.txt", folder / "a.txt")
    return "a.txt"


def pipe(folder: Path, outside: Path) -> str:
    os.mkfifo(folder / "a.txt")
    return "a.txt"


def socket_file(folder: Path, outside: Path) -> str:
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(folder)
        try:
            listening.bind("a.txt")
        finally:
            os.chdir(before)
    return "a.txt"


def a_folder(folder: Path, outside: Path) -> str:
    (folder / "a.txt").mkdir()
    return "a.txt"


def file_on_the_way(folder: Path, outside: Path) -> str:
    return "good.txt/a.txt"


def link_to_device(folder: Path, outside: Path) -> str:
    (folder / "a.txt").symlink_to("/dev/zero")
    return "a.txt"


def link_to_descriptor(folder: Path, outside: Path) -> str:
    (folder / "sub").symlink_to("/dev/fd")
    return "sub/0"


def sparse(folder: Path, outside: Path) -> str:
    with (folder / "a.txt").open("wb") as file:
        file.truncate(10 * 1024**3)
    return "a.txt"


def too_large_by_a_byte(folder: Path, outside: Path) -> str:
    with (folder / "a.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    return "a.txt"


ODD = (
    link_to_file, link_to_own_file, link_on_the_way, link_to_link, hard_link, pipe, socket_file, a_folder,
    file_on_the_way, link_to_device, link_to_descriptor, sparse, too_large_by_a_byte,
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
def test_what_is_no_ordinary_file_of_the_folder_is_refused_fast(
    folder: Path, outside: Path, odd: Callable[[Path, Path], str]
) -> None:
    """SR-13: links, pipes, devices and files with holes."""
    path = odd(folder, outside)
    assert refusal(folder, path).code is Code.FORBIDDEN
    assert facts(folder, "good.txt").size == 5


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".hidden.txt",
        ".git/config.txt",
        "sub/.ssh/notes.txt",
        "server.pem",
        "server.KEY",
        "store.kdbx",
        "login.pfx",
        "key.pem.txt",
        "id_rsa",
        "id_ed25519.txt",
        "credentials.csv",
        "prod.env",
        "store.sqlite3",
    ],
)
def test_secrets_in_an_allowed_folder_stay_there(folder: Path, path: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(b"plain text\n")
    assert refusal(folder, path).code is Code.FORBIDDEN


SWAPPING = """
import os, sys
one, other, third = sys.argv[1:]
print("on", flush=True)
while True:
    os.rename(one, third)
    os.rename(other, one)
    os.rename(third, other)
"""


@contextmanager
def swapping(one: Path, other: Path) -> Generator[None]:
    """Swap what stands at a path with what stands at another, over and over, in a process of its own."""
    paths = [str(one), str(other), str(one.with_name("third"))]
    process = subprocess.Popen([sys.executable, "-c", SWAPPING, *paths], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"on\n"
        yield
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


@pytest.mark.parametrize("last", [True, False], ids=["the file", "its folder"])
def test_swapping_a_part_of_the_path_never_lets_anything_out(folder: Path, outside: Path, last: bool) -> None:
    """SR-13: while it is opened."""
    (folder / "sub").mkdir()
    (folder / "sub/letter.txt").write_bytes(b"good\n")
    one = folder / "sub/letter.txt" if last else folder / "sub"
    link = folder / "link"
    link.symlink_to(outside / "letter.txt" if last else outside)
    good = facts(folder, "good.txt").sha256
    door, seen = uploads_from(folder), set[str]()

    async def look() -> None:
        for _ in range(2_000):
            try:
                seen.add((await door.inspect("sub/letter.txt")).sha256)
            except Fault as fault:
                seen.add(fault.code.value)

    with swapping(one, link):
        anyio.run(look)
    assert seen <= {good, "FORBIDDEN", "NOT_FOUND", "CONFLICT"}
    assert len(seen) > 1


def test_a_file_swapped_between_the_look_and_the_opening_stays_closed(
    folder: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SR-13: between two steps of ours."""
    path, look = folder / "good.txt", os.stat
    descriptors = len(os.listdir("/dev/fd"))

    def swapped(*arguments: Any, **named: Any) -> os.stat_result:
        found = look(*arguments, **named)
        if named.get("dir_fd") is not None and not path.is_symlink():
            path.unlink()
            path.symlink_to(outside / "letter.txt")
        return found

    monkeypatch.setattr(os, "stat", swapped)
    monkeypatch.setattr(os, "supports_dir_fd", {*os.supports_dir_fd, swapped})
    assert refusal(folder, "good.txt").code is Code.FORBIDDEN
    assert path.is_symlink()
    assert len(os.listdir("/dev/fd")) == descriptors


def test_a_file_of_another_user_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert refusal(folder, "good.txt").code is Code.FORBIDDEN


def sent_again(folder: Path, before: FileFacts, between: Callable[[], object]) -> bytes:
    """Let something happen after the person agreed; then send. Returns what would arrive."""

    async def send() -> bytes:
        upload = Upload("file", (SentFile("a.txt", before),))
        async with uploads_from(folder).opened(upload, None) as form:
            assert form is not None
            return b"".join([block async for block in form.content()])

    between()
    return anyio.run(send)


def test_what_was_agreed_to_is_sent_to_the_byte_and_its_length_is_known(folder: Path) -> None:
    path = folder / "good.txt"

    async def send() -> tuple[bytes, bytes, int]:
        door = uploads_from(folder)
        upload = Upload("file", (SentFile("good.txt", await door.inspect("good.txt")),))
        async with door.opened(upload, None) as form:
            assert form is not None
            first = b"".join([block async for block in form.content()])
            return first, b"".join([block async for block in form.content()]), form.length

    first, again, length = anyio.run(send)
    assert first == again
    assert len(first) == length
    assert first.count(path.read_bytes()) == 1


def replaced(path: Path) -> None:
    other = path.with_name("other.txt")
    other.write_bytes(path.read_bytes())
    other.replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "changed": lambda path: path.write_bytes(b"evil\n"),
    "grown": lambda path: path.write_bytes(b"good\nmore\n"),
    "cut": lambda path: path.write_bytes(b"goo"),
    "touched": lambda path: os.utime(path, (1, 1)),
    "replaced": replaced,
    "removed": lambda path: path.unlink(),
    "linked": lambda path: os.link(path, path.with_name("second.txt")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changed_after_the_agreement_is_not_sent(folder: Path, change: str) -> None:
    """SR-14: replaced, touched or grown."""
    path = folder / "good.txt"
    before = facts(folder, "good.txt")
    with pytest.raises(Fault) as refused:
        sent_again(folder, before, lambda: CHANGES[change](path))
    wanted = {"removed": Code.NOT_FOUND, "linked": Code.FORBIDDEN}.get(change, Code.CONFLICT)
    assert refused.value.code is wanted
    assert "Nothing was sent." in refused.value.text()


async def drained(form: Form) -> tuple[bytes, Fault | None]:
    """What of a form would arrive, and what ended it."""
    came = b""
    try:
        async for block in form.content():
            came += block
    except Fault as fault:
        return came, fault
    return came, None


@pytest.mark.parametrize("change", ["changed", "cut"])
def test_a_file_that_changes_on_its_way_never_arrives_whole(folder: Path, change: str) -> None:
    async def send() -> tuple[bytes, Fault | None, int]:
        door = uploads_from(folder)
        upload = Upload("file", (SentFile("good.txt", await door.inspect("good.txt")),))
        async with door.opened(upload, None) as form:
            assert form is not None
            CHANGES[change](folder / "good.txt")
            return *await drained(form), form.length

    came, fault, length = anyio.run(send)
    assert fault is not None
    assert fault.code is Code.OUTCOME_UNKNOWN
    assert "changed during upload" in fault.text()
    assert len(came) < length
    assert b"evil" not in came


def test_a_large_file_is_never_held_whole(folder: Path) -> None:
    (folder / "large.png").write_bytes(png(b"x" * 8 * 1024**2))

    async def send() -> int:
        door = uploads_from(folder)
        upload = Upload("file", (SentFile("large.png", await door.inspect("large.png")),))
        async with door.opened(upload, None) as form:
            assert form is not None
            return sum([len(block) async for block in form.content()])

    tracemalloc.start()
    try:
        assert anyio.run(send) > 8 * 1024**2
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024**2
    finally:
        tracemalloc.stop()


def test_a_file_that_grows_on_its_way_arrives_as_agreed_and_that_is_said(folder: Path) -> None:
    async def send() -> tuple[bytes, str | None]:
        door = uploads_from(folder)
        upload = Upload("file", (SentFile("good.txt", await door.inspect("good.txt")),))
        async with door.opened(upload, None) as form:
            assert form is not None
            assert form.note is None
            with (folder / "good.txt").open("ab") as file:
                file.write(b"more\n")
            return b"".join([block async for block in form.content()]), form.note

    came, note = anyio.run(send)
    assert b"\r\n\r\ngood\n\r\n--" in came
    assert note is not None
    assert note.startswith("changed during upload")


def test_no_descriptor_is_left_open(folder: Path, outside: Path) -> None:
    for number, odd in enumerate((link_to_file, pipe, a_folder, hard_link)):
        below = folder / str(number)
        below.mkdir()
        odd(below, outside)
    paths = [*(f"{number}/a.txt" for number in range(4)), "good.txt", "none.txt", "good.txt/a.txt"]
    door = uploads_from(folder)

    async def look() -> list[int]:
        counts: list[int] = []
        for _ in range(3):
            for path in paths:
                with pytest.raises(Fault) if path != "good.txt" else open(os.devnull):
                    await door.inspect(path)
            counts.append(len(os.listdir("/dev/fd")))
        return counts

    assert len(set(anyio.run(look))) == 1


BAD_PATHS = [
    "\\\\host\\share\\a.png", "//host/share/a.png", "\\\\?\\C:\\a.png", "\\\\.\\pipe\\x", "C:\\a.png",
    "C:/a.png", "sub\\a.png", "CON", "con.png", "sub/NUL", "nul.txt.png", "PRN", "AUX.png", "COM1",
    "com9.png", "LPT1.txt", "COM\u00b9.png", "CONIN$", "a.png:stream", "a.png::$DATA", "a.png.", "a.png ",
    "sub./a.png", "sub /a.png", " a.png", "PROGRA~1/a.png", "IMAGE~1.png", "~/a.png", "~root/a.png",
    "../a.png", "sub/../../a.png", "..", ".", "./a.png", "sub//a.png", "sub/", "/", "", "a\0.png",
    "a\r\n.png", "a\tb.png", "a\x1b[1m.png", "a\u2028.png", "/up/../etc/passwd", "x" * 1_001,
    "x" * 201 + ".png",
]  # fmt: skip


@pytest.mark.parametrize("path", BAD_PATHS, ids=ascii)
def test_a_path_that_may_mean_something_else_is_refused_by_its_words(path: str) -> None:
    for action, arguments in ((UploadMedia, {"path": path}), (UploadMediaBulk, {"paths": [path]})):
        with pytest.raises(ValidationError):
            action.model_validate(arguments)


@pytest.mark.parametrize(
    "path",
    ["a.png", "sub/a.png", "/up/a b.png", "Ilse's «label» 100%.png", "contract.png", "comet.txt", "日本.pdf"],
)
def test_an_ordinary_path_is_taken(path: str) -> None:
    assert UploadMedia.model_validate({"path": path}).path == path


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("label.png", "label.png"),
        ("Label 2.PNG", "Label-2.png"),
        ('a"; filename="b.html".png', "a-filename-b.html.png"),
        ("a%0d%0aX: 1.png", "a-0d-0aX-1.png"),
        ("a\u202egnp.png", "a-gnp.png"),
        ("Grüße.png", "Gru-e.png"),
        ("日本.pdf", "file.pdf"),
        ("...png", "file.png"),
        ("-rf.png", "rf.png"),
        ("x" * 10_000 + ".png", "x" * 96 + ".png"),
    ],
)
def test_a_file_is_sent_under_a_name_that_means_nothing(name: str, sent: str) -> None:
    assert safe_name(name) == sent
    assert len(sent.encode()) <= 100


def test_no_two_files_are_sent_under_one_name() -> None:
    names = ["a.png", "a.png", "A.png", "a-2.png", "ä.png", "x" * 200 + ".png", "x" * 201 + ".png"]
    sent = sent_files([FileFacts("", "", name, 1, "", "", "") for name in names])
    assert len({one.name.lower() for one in sent}) == len(names)
    assert max(len(one.name) for one in sent) <= 100


def wrong_folders(home: Path) -> dict[str, Path]:
    return {
        "the root": Path("/"),
        "the home folder": Path.home(),
        "above the home folder": Path.home().parent,
        "this server's data": home,
        "above this server's data": home.parent,
        "inside this server's data": home / "inside",
        "the system's": Path("/proc/self"),
        "devices": Path("/dev/shm"),
        "missing": home.parent / "none",
        "a file": home.parent / "file.txt",
        "a link to the root": home.parent / "to-root",
        "a link to the data": home.parent / "to-data",
    }


@pytest.mark.parametrize("kind", wrong_folders(Path("/x/y")))
def test_a_folder_that_would_let_too_much_out_is_refused(tmp_path: Path, kind: str) -> None:
    home = tmp_path / "kept" / "home"
    (home / "inside").mkdir(parents=True)
    (home.parent / "file.txt").write_text("x")
    (home.parent / "to-root").symlink_to("/")
    (home.parent / "to-data").symlink_to(home)
    folder = wrong_folders(home)[kind]
    variables = {"SPRINKLR_UPLOAD_FOLDERS": str(folder), "SPRINKLR_MCP_HOME": str(home)}
    settings = Settings.from_environment(variables)
    with pytest.raises(Fault) as refused:
        Folders.of(settings)
    assert refused.value.code is Code.CONFIGURATION
    assert f"SPRINKLR_UPLOAD_FOLDERS names {folder}" in refused.value.text()


def test_the_server_does_not_start_with_such_a_folder(tmp_path: Path) -> None:
    done = Installation(tmp_path, {"SPRINKLR_UPLOAD_FOLDERS": str(tmp_path)}).run("serve", stdin="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "CONFIGURATION: SPRINKLR_UPLOAD_FOLDERS names" in done.stderr
    assert "Traceback" not in done.stderr


def test_on_a_system_that_cannot_walk_safely_nothing_is_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = uploads_from(folder)
    monkeypatch.setattr(os, "supports_dir_fd", set[Callable[..., object]]())
    with pytest.raises(Fault) as refused:
        anyio.run(door.inspect, "good.txt")
    assert refused.value.code is Code.CONFIGURATION
