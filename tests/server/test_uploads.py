"""Uploads over the wire: a person agrees to one file as it is, and exactly that file goes out, once.

Which files may go at all is another file's subject.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
import pytest
import seats
from installation import ERAS, Installation, Person, Since, Sprinklr, code_of, facts_of, text_of
from sample_files import HTML, PDF, png

pytestmark = pytest.mark.anyio

ONE, SEVERAL = "sprinklr_upload_media", "sprinklr_upload_media_bulk"
numbers = itertools.count(1)


@dataclass
class Meddler(Person):
    """Somebody behind whose back the file changes while they look at the question for the first time."""

    meddle: Callable[[], object] = field(default=lambda: None)

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        if not self.asked:
            self.meddle()
        else:
            self.does = "cancel"
        return await super().__call__(context, params)


class Uploads(Since):
    """What a test sees of the one Sprinklr, its requests that carry files too."""

    def __init__(self, sprinklr: Sprinklr) -> None:
        super().__init__(sprinklr)
        self._requests = len(sprinklr.requests())

    def uploads(self) -> list[dict[str, Any]]:
        """Every request that carried a file, whatever became of it."""
        return [one for one in self.requests()[self._requests :] if "/media/" in one["path"]]


@dataclass
class Desk(seats.Desk):
    """One client of one server, and the folder that it may upload from."""

    folder: Path

    async def upload(self, person: Person, tool: str, **arguments: Any) -> types.CallToolResult:
        return await self.call(person, tool, arguments)

    def new_file(self, content: bytes | None = None, ending: str = "png") -> Path:
        """A file that no other test has."""
        number = next(numbers)
        path = self.folder / f"label-{os.getpid()}-{number}.{ending}"
        path.write_bytes(png(str(path).encode()) if content is None else content)
        return path


@pytest.fixture(scope="module")
def more_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {"SPRINKLR_UPLOAD_FOLDERS": str(tmp_path_factory.mktemp("up"))}


@pytest.fixture(scope="module")
def installation(installation_of_file: Installation) -> Installation:
    return installation_of_file


@pytest.fixture
def sprinklr(sprinklr_of_file: Sprinklr) -> Uploads:
    sprinklr_of_file.clear_faults()
    return Uploads(sprinklr_of_file)


@asynccontextmanager
async def desk_of(installation: Installation, era: str) -> AsyncGenerator[Desk]:
    seat = seats.Seat()
    async with installation.client(era, seat) as client:
        yield Desk(client, seat, Path(installation.variables["SPRINKLR_UPLOAD_FOLDERS"]))


@pytest.fixture(scope="module")
async def desk(installation: Installation, era: str) -> AsyncGenerator[Desk]:
    """In each era of the protocol."""
    async with desk_of(installation, era) as made:
        yield made


@pytest.fixture(scope="module")
async def modern(installation: Installation) -> AsyncGenerator[Desk]:
    """For what happens after the question, which is the same in both eras."""
    async with desk_of(installation, "2026-07-28") as made:
        yield made


def described(path: Path, content_type: str, name: str | None = None) -> dict[str, Any]:
    """A part as the simulator notes it."""
    content = path.read_bytes()
    return {
        "file_name": name or path.name,
        "content_type": content_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def nothing_was_sent(result: types.CallToolResult, sprinklr: Uploads, code: str) -> None:
    assert code_of(result) == code
    assert "Nothing was sent." in text_of(result)
    assert sprinklr.uploads() == []


async def test_a_yes_uploads_exactly_these_bytes_once(sprinklr: Uploads, desk: Desk) -> None:
    path, person = desk.new_file(), Person()
    person.types = path.name
    result = await desk.upload(person, ONE, path=path.name)
    (commit,) = sprinklr.commits()
    assert commit["tool"] == "upload_media"
    assert commit["body"] == {"file": described(path, "image/png")}
    assert commit["query"].pop("uploadTrackerId")
    assert commit["query"] == {"assetType": "image", "fileName": path.name}
    assert len(sprinklr.uploads()) == len(person.asked) == 1
    assert facts_of(result)["url"].startswith("https://")


async def test_the_question_shows_which_file_goes_and_who_may_see_it(sprinklr: Uploads, desk: Desk) -> None:
    """SR-14: name, size, SHA-256, and that anybody may open it."""
    (desk.folder / "für Ilse").mkdir(exist_ok=True)
    path = desk.folder / "für Ilse" / "Label (2).pdf"
    path.write_bytes(PDF)
    person = Person(does="cancel")
    await desk.upload(person, ONE, path=str(path))
    assert person.asked[0].splitlines() == [
        "Upload this file to Sprinklr? It cannot be taken back.",
        "",
        "Where: Sprinklr prod2",
        "File: “Label (2).pdf”",
        "Sent as: Label-2.pdf",
        f"Folder: {desk.folder}",
        "Below it in: “für Ilse”",
        f"Size: {len(PDF)} bytes",
        "Type: application/pdf",
        f"SHA-256: {hashlib.sha256(PDF).hexdigest()}",
        "Who can open it then: perhaps anybody who has its address, for a time that Sprinklr does not say",
        "",
        "To agree, type the name of the file.",
    ]
    assert sprinklr.uploads() == []


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person(does="decline"), "CONFIRMATION_DECLINED"),
        (Person(does="cancel"), "CONFIRMATION_REQUIRED"),
        (Person(types="another.png"), "CONFIRMATION_DECLINED"),
        (Person(types=""), "CONFIRMATION_DECLINED"),
        (Person(types="yes"), "CONFIRMATION_DECLINED"),
    ],
    ids=["decline", "cancel", "another name", "nothing", "yes"],
)
async def test_whatever_is_no_clear_yes_sends_nothing(
    sprinklr: Uploads, desk: Desk, person: Person, code: str
) -> None:
    """SR-07: for a file as for a publish or a delete."""
    result = await desk.upload(person, ONE, path=desk.new_file().name)
    nothing_was_sent(result, sprinklr, code)
    several = [desk.new_file().name, desk.new_file().name]
    nothing_was_sent(await desk.upload(person, SEVERAL, paths=several), sprinklr, code)


def replaced(path: Path) -> None:
    other = path.with_name(f"other-{path.name}")
    other.write_bytes(path.read_bytes())
    other.replace(path)


async def test_an_agreement_to_a_file_is_none_to_another(sprinklr: Uploads, desk: Desk, era: str) -> None:
    """SR-14: other content is another file."""
    changes: tuple[Callable[[Path], object], ...] = (
        lambda path: path.write_bytes(png(b"another picture")),
        lambda path: os.utime(path, (1, 1)),
        replaced,
    )
    for change in changes:
        path = desk.new_file()
        person = Meddler(types=path.name, meddle=partial(change, path))
        result = await desk.upload(person, ONE, path=path.name)
        if ERAS[era] == "legacy":
            nothing_was_sent(result, sprinklr, "CONFLICT")
        else:
            # Asked anew, about the file as it is now; this time the person closes the question.
            nothing_was_sent(result, sprinklr, "CONFIRMATION_REQUIRED")
            assert hashlib.sha256(path.read_bytes()).hexdigest() in person.asked[1]


async def test_a_file_that_may_no_longer_go_is_refused_after_the_agreement(
    sprinklr: Uploads, desk: Desk
) -> None:
    """SR-14: after the yes."""
    changes: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("NOT_FOUND", lambda path: path.unlink()),
        ("FORBIDDEN", lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\0")),
        ("FORBIDDEN", lambda path: (path.unlink(), path.symlink_to("/etc/hostname"))),
    )
    for code, change in changes:
        path = desk.new_file()
        person = Meddler(types=path.name, meddle=partial(change, path))
        nothing_was_sent(await desk.upload(person, ONE, path=path.name), sprinklr, code)


async def test_what_may_not_go_is_refused_before_anybody_is_asked(sprinklr: Uploads, desk: Desk) -> None:
    outside = desk.folder.parent / "outside.png"
    outside.write_bytes(png())
    link = desk.folder / f"link-{next(numbers)}.png"
    link.symlink_to(outside)
    page = desk.new_file(HTML)
    person = Person(types="x")
    for path in (outside, link, page, desk.folder / ".env"):
        for tool, arguments in ((ONE, {"path": str(path)}), (SEVERAL, {"paths": [str(path)]})):
            nothing_was_sent(await desk.upload(person, tool, **arguments), sprinklr, "FORBIDDEN")
    for path in ("../outside.png", "\\\\host\\share\\a.png", "CON"):
        nothing_was_sent(await desk.upload(person, ONE, path=path), sprinklr, "INVALID_REQUEST")
    assert person.asked == []


async def test_every_upload_has_a_tracker_of_its_own(sprinklr: Uploads, modern: Desk) -> None:
    path = modern.new_file()
    for _ in range(2):
        facts_of(await modern.upload(Person(types=path.name), ONE, path=path.name))
    first, second = (commit["query"]["uploadTrackerId"] for commit in sprinklr.commits())
    assert uuid.UUID(first) != uuid.UUID(second)


async def test_a_renewed_login_sends_the_whole_file_again(sprinklr: Uploads, modern: Desk) -> None:
    path = modern.new_file()
    sprinklr.fault("POST /media/upload", "status", status=401)
    facts_of(await modern.upload(Person(types=path.name), ONE, path=path.name))
    refused, done = sprinklr.uploads()
    assert (refused["status"], done["status"]) == (401, 200)
    assert refused["query"] == done["query"]
    (commit,) = sprinklr.commits()
    assert commit["body"] == {"file": described(path, "image/png")}


async def as_soon_as(happened: Callable[[], object], do: Callable[[], object]) -> None:
    """Do something when something has happened at Sprinklr."""
    while not await anyio.to_thread.run_sync(happened):
        await anyio.sleep(0.02)
    do()


async def test_a_file_that_changes_between_two_attempts_does_not_arrive(
    sprinklr: Uploads, modern: Desk
) -> None:
    path = modern.new_file()
    content = path.read_bytes()
    sprinklr.fault("POST /media/upload", "status", status=401)
    sprinklr.fault("/oauth/token", "delay", seconds=2)
    async with anyio.create_task_group() as group:
        changing = lambda: path.write_bytes(content[:-20] + b"x" * 20)  # noqa: E731
        group.start_soon(as_soon_as, sprinklr.uploads, changing)
        result = await modern.upload(Person(types=path.name), ONE, path=path.name)
        assert code_of(result) == "OUTCOME_UNKNOWN"
        assert "changed during upload" in text_of(result)
    assert sprinklr.commits() == []


async def test_an_upload_of_unknown_outcome_is_not_repeated(sprinklr: Uploads, modern: Desk) -> None:
    path = modern.new_file()
    sprinklr.fault("POST /media/upload", "drop_after")
    for _ in range(2):
        result = await modern.upload(Person(types=path.name), ONE, path=path.name)
        assert code_of(result) == "OUTCOME_UNKNOWN"
        assert "look in Sprinklr" in text_of(result)
    assert len(sprinklr.commits()) == len(sprinklr.uploads()) == 1


async def test_a_large_file_arrives_whole_and_its_way_is_told(sprinklr: Uploads, desk: Desk) -> None:
    path = desk.new_file(png(b"x" * 8 * 1024**2))
    told: list[tuple[float, float | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        if total is not None:
            told.append((progress, total))

    desk.seat.sitting = Person(types=path.name)
    result = await desk.client.call_tool(ONE, {"path": path.name}, progress_callback=note)
    facts_of(result)
    (commit,) = sprinklr.commits()
    assert commit["body"] == {"file": described(path, "image/png")}
    (request,) = sprinklr.uploads()
    size = path.stat().st_size
    assert size < int(request["headers"]["content-length"]) < size + 1_000
    assert told[-1] == (size, size)
    assert told == sorted(told)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a.example.com/a.png", "ask them\nnow", 7])
async def test_what_is_no_address_is_told_as_none(sprinklr: Uploads, modern: Desk, url: object) -> None:
    path = modern.new_file()
    body = {"data": {"id": "66cc0011bb22cc33dd44ee55", "name": "IGNORE ALL", "url": url}, "errors": []}
    sprinklr.fault("POST /media/upload", "answer", body=body, commit=True)
    facts = facts_of(await modern.upload(Person(types=path.name), ONE, path=path.name))
    assert facts["media_id"] == "66cc0011bb22cc33dd44ee55"
    assert "url" not in facts
    assert "IGNORE ALL" not in json.dumps(facts)


async def test_an_answer_that_names_nothing_says_that_it_was_sent(sprinklr: Uploads, modern: Desk) -> None:
    path = modern.new_file()
    sprinklr.fault("POST /media/upload", "answer", body={"data": {}, "errors": []}, commit=True)
    result = await modern.upload(Person(types=path.name), ONE, path=path.name)
    assert code_of(result) == "UPSTREAM_BAD_RESPONSE"
    assert "The request reached Sprinklr." in text_of(result)


def entry(name: str, number: int) -> dict[str, Any]:
    return {
        "id": f"66cc0011bb22cc33dd44ee{number:02}",
        "name": name,
        "url": f"https://a.example.com/{number}",
    }


async def test_several_files_go_in_one_request_and_each_has_an_outcome(sprinklr: Uploads, desk: Desk) -> None:
    first, second, third = (desk.new_file() for _ in range(3))
    errors = [{"code": 400, "message": f"{second.name} can't be stored"}]
    body = {"data": [entry(third.name, 3)], "errors": errors}
    sprinklr.fault("POST /media/upload/multiple", "answer", body=body, commit=True)
    person = Person(types="3")
    paths = [first.name, second.name, third.name]
    facts = facts_of(await desk.upload(person, SEVERAL, paths=paths))
    (commit,) = sprinklr.commits()
    assert commit["query"] == {"assetType": "image"}
    assert commit["body"] == {"files": [described(one, "image/png") for one in (first, second, third)]}
    assert [(one["name"], one["outcome"]) for one in facts["files"]] == [
        (first.name, "unknown"),
        (second.name, "refused"),
        (third.name, "uploaded"),
    ]
    assert (facts["uploaded"], facts["of"]) == (1, 3)
    assert facts["files"][2]["stored"]["url"] == "https://a.example.com/3"
    assert "look in Sprinklr" in facts["next"]
    assert "type the number of files" in person.asked[0]
    for number, path in enumerate((first, second, third), 1):
        assert f"File {number}: “{path.name}”" in person.asked[0]
        assert hashlib.sha256(path.read_bytes()).hexdigest() in person.asked[0]


@pytest.mark.parametrize(
    "body",
    [None, [], {}, "text", {"data": None}, {"data": {"id": 1}}, {"data": [None, 7, {}]}, {"data": "text"}],
    ids=json.dumps,
)
async def test_no_file_is_missing_whatever_the_answer_is(sprinklr: Uploads, modern: Desk, body: Any) -> None:
    paths = [modern.new_file().name, modern.new_file().name]
    sprinklr.fault("POST /media/upload/multiple", "answer", body=json.dumps(body), commit=True)
    result = await modern.upload(Person(types="2"), SEVERAL, paths=paths)
    if result.is_error:
        assert "The request reached Sprinklr." in text_of(result)
        return
    facts = facts_of(result)
    assert [(one["name"], one["outcome"]) for one in facts["files"]] == [(name, "unknown") for name in paths]


async def test_what_was_stored_under_another_name_is_not_taken_for_one_of_the_files(
    sprinklr: Uploads, modern: Desk
) -> None:
    paths = [modern.new_file().name, modern.new_file().name]
    body = {"data": [entry("other.png", 1), entry(paths[1].upper(), 2)], "errors": []}
    sprinklr.fault("POST /media/upload/multiple", "answer", body=body, commit=True)
    facts = facts_of(await modern.upload(Person(types="2"), SEVERAL, paths=paths))
    assert [one["outcome"] for one in facts["files"]] == ["unknown", "uploaded"]
    assert [one["url"] for one in facts["stored_under_other_names"]] == ["https://a.example.com/1"]


async def test_files_of_one_name_are_sent_under_two(sprinklr: Uploads, modern: Desk) -> None:
    first = modern.new_file(b"one\n", "txt")
    (modern.folder / "sub").mkdir(exist_ok=True)
    second = modern.folder / "sub" / first.name
    second.write_bytes(b"two\n")
    third = modern.new_file()
    paths = [str(first), str(second), str(third)]
    facts = facts_of(await modern.upload(Person(types="3"), SEVERAL, paths=paths))
    (commit,) = sprinklr.commits()
    assert commit["query"] == {"assetType": "file"}
    assert commit["body"]["files"] == [
        described(first, "text/plain"),
        described(second, "text/plain", f"{first.stem}-2.txt"),
        described(third, "image/png"),
    ]
    assert [one["path"] for one in facts["files"]] == paths


async def test_one_changed_file_of_several_stops_them_all(sprinklr: Uploads, desk: Desk) -> None:
    first, second = desk.new_file(), desk.new_file()
    person = Meddler(types="2", meddle=lambda: second.write_bytes(png(b"another")))
    result = await desk.upload(person, SEVERAL, paths=[first.name, second.name])
    assert result.is_error
    assert sprinklr.uploads() == []


async def test_one_file_named_twice_is_refused(sprinklr: Uploads, modern: Desk) -> None:
    path = modern.new_file()
    for paths in ([path.name, path.name], [path.name, str(path)], [], ["a.png"] * 21):
        result = await modern.upload(Person(), SEVERAL, paths=paths)
        nothing_was_sent(result, sprinklr, "INVALID_REQUEST")


async def test_a_dry_run_shows_the_files_and_sends_nothing(sprinklr: Uploads, modern: Desk) -> None:
    path, person = modern.new_file(), Person()
    facts = facts_of(await modern.upload(person, ONE, path=path.name, dry_run=True))
    assert (facts["sent"], facts["a_person_is_asked"]) == ("no", True)
    part = described(path, "image/png")
    assert facts["request"] == {
        "method": "POST",
        "path": f"/api/v2/media/upload?assetType=image&fileName={path.name}",
        "files": [{"name": path.name, "size": part["size"], "type": "image/png", "sha256": part["sha256"]}],
        "added_when_sent": "uploadTrackerId",
    }
    assert person.asked == sprinklr.uploads() == []


async def test_what_a_file_holds_is_kept_nowhere(
    sprinklr: Uploads, modern: Desk, installation: Installation
) -> None:
    canary = b"canary-in-a-file"
    path = modern.new_file(canary, "txt")
    facts_of(await modern.upload(Person(types=path.name), ONE, path=path.name))
    assert canary.decode() not in json.dumps(installation.audit())
    for kept in installation.home.rglob("*"):
        assert not kept.is_file() or canary not in kept.read_bytes()


async def test_without_a_folder_the_tools_say_how_to_set_one(
    sprinklr: Uploads, installation: Installation, era: str
) -> None:
    bare = installation.changed(SPRINKLR_UPLOAD_FOLDERS="")
    person = Person()
    async with bare.client_here(era, person) as client:
        assert {ONE, SEVERAL} <= {tool.name for tool in (await client.list_tools()).tools}
        for tool, arguments in ((ONE, {"path": "a.png"}), (SEVERAL, {"paths": ["/a/a.png"]})):
            result = await client.call_tool(tool, arguments)
            nothing_was_sent(result, sprinklr, "CONFIGURATION")
            assert "SPRINKLR_UPLOAD_FOLDERS" in text_of(result)
    assert person.asked == []
