"""Uploading, as far as it is words: what is sent together, and what each answer means for each file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from examples import ScriptedReader

from sprinklr_tools.actions.media.stored import Outcome, outcomes
from sprinklr_tools.actions.media.uploading import UploadMediaBulk
from sprinklr_tools.files import FileFacts, SentFile, asset_type, sent_files
from sprinklr_tools.problems import Unclear

MANY = [f"{number}.png" for number in range(20)]


class LargeFiles(ScriptedReader):
    """Files of 6 MiB each, of which it counts how many are looked at."""

    def __init__(self) -> None:
        super().__init__({})
        self.looked_at = 0

    async def inspect(self, path: str) -> FileFacts:
        self.looked_at += 1
        return replace(await super().inspect(path), size=6 * 1024**2)


def a_file(name: str, size: int = 5) -> SentFile:
    return SentFile(name, FileFacts(f"/up/{name}", "/up", name, size, "image/png", "ab" * 32, "1"))


def outcome_of(files: tuple[SentFile, ...], stored: Any, errors: Any = None) -> list[str]:
    return [one.outcome for one in outcomes(files, stored, errors)]


def test_files_that_are_too_much_together_are_refused_without_reading_them_all() -> None:
    reader = LargeFiles()
    gathering = UploadMediaBulk(paths=MANY).gather(cast(Any, reader))
    with pytest.raises(Unclear):
        gathering.send(None)
    assert reader.looked_at == 17


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["image/png"], "image"),
        (["image/png", "image/gif"], "image"),
        (["video/mp4"], "video"),
        (["image/png", "video/mp4"], "file"),
        (["audio/mpeg"], "file"),
        (["application/pdf", "text/csv"], "file"),
    ],
)
def test_the_kind_of_asset_follows_from_the_types(types: list[str], kind: str) -> None:
    assert asset_type([replace(a_file("a").facts, media_type=one) for one in types]) == kind


def test_the_order_of_the_answer_does_not_matter() -> None:
    files = (a_file("a.png"), a_file("b.png"))
    stored = [{"id": "2", "name": "b.png", "url": "https://a.example.com/2"}, {"id": "1", "name": "a.png"}]
    found = outcomes(files, cast(Any, stored), None)
    assert [one.stored.media_id for one in found if one.stored] == ["1", "2"]


def test_where_one_name_stands_twice_the_size_tells_which_is_meant() -> None:
    stored = [{"id": "1", "name": "a.png", "size": 7}, {"id": "2", "name": "a.png", "size": 5}]
    (found,) = outcomes((a_file("a.png"),), cast(Any, stored), None)
    assert isinstance(found, Outcome)
    assert found.stored is not None
    assert found.stored.media_id == "2"


def test_an_entry_without_id_and_address_is_no_success() -> None:
    assert outcome_of((a_file("a.png"),), [{"name": "a.png", "size": 5}]) == ["unknown"]


@pytest.mark.parametrize(
    "errors",
    [
        ["b.png is too large"],
        [{"code": 400, "message": "can't store 'b.png'."}],
        [{"details": {"fileName": "B.PNG"}}],
        {"message": "b.png"},
    ],
)
def test_an_error_is_of_the_file_that_it_names_and_of_no_other(errors: Any) -> None:
    files = (a_file("ab.png"), a_file("b.png"), a_file("b.png.png"))
    assert outcome_of(files, [], errors) == ["unknown", "refused", "unknown"]


def test_names_that_fall_together_are_told_apart() -> None:
    facts = [replace(a_file("a b.png").facts, name=name) for name in ("a b.png", "a-b.png", "a  b.PNG")]
    assert [one.name for one in sent_files(facts)] == ["a-b.png", "a-b-2.png", "a-b-3.png"]
