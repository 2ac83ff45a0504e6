"""Uploading files into Sprinklr's content store. Facts: Sprinklr's media-upload and add-comment articles.

A file is a path in words here; the server looks at it, and sends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.media.stored import Media, Outcome, left_over, outcomes
from sprinklr_tools.files import LARGEST_TOGETHER, FileFacts, SentFile, Upload, asset_type, sent_files
from sprinklr_tools.paths import LocalPath
from sprinklr_tools.problems import Unclear, Unreadable
from sprinklr_tools.question import Line, Question, lines
from sprinklr_tools.reading import CustomerText, Json, Record, payload_of
from sprinklr_tools.request import Request

MOST_FILES = 20
WHO = "perhaps anybody who has its address, for a time that Sprinklr does not say"


def _no_twice(paths: list[str]) -> list[str]:
    if len(set(paths)) < len(paths):
        raise ValueError("a path stands there twice")
    return paths


@dataclass(frozen=True)
class Uploaded:
    """What became of several files."""

    uploaded: int
    of: int
    files: tuple[Outcome, ...]
    stored_under_other_names: tuple[Media, ...] = ()
    next: str = ""


class UploadMedia(Action, label="Upload media", risk=Risk.DANGER):
    """Upload one file into Sprinklr, from a folder that the operator allows.

    A person is asked first and types its name. For several, use sprinklr_upload_media_bulk. Returns the
    url that sprinklr_publish_message takes as attachment_url; whoever has it may be able to open the file.
    """

    path: Annotated[LocalPath, Field(description="Whole, or relative to the allowed folder.")]

    async def gather(self, read: Reader) -> SentFile:
        """Look at the file."""
        return sent_files([await read.inspect(self.path)])[0]

    def request(self, facts: SentFile) -> Request:
        """The tracker id is required by one of the two articles, and single use."""
        return Request(
            "POST",
            "/api/v2/media/upload",
            query={"assetType": asset_type([facts.facts]), "fileName": facts.name},
            upload=Upload("file", (facts,)),
            tracked_by="uploadTrackerId",
        )

    def question(self, facts: SentFile) -> Question:
        """Show which file it is; its name is typed."""
        return Question(
            headline="Upload this file to Sprinklr? It cannot be taken back.",
            lines=(*_lines_about(facts, ""), *lines(("Who can open it then", WHO))),
            retype=facts.facts.name,
            retype_name="name of the file",
        )

    def answer(self, payload: Json, facts: SentFile) -> Media:
        """Only one file was sent, so whatever was stored is that file."""
        record = Record.of(payload)
        media = Media.of(record, [facts])
        if media.media_id is None and media.url is None:
            raise Unreadable(next="Do not upload it again before the person has looked in Sprinklr.")
        return media


class UploadMediaBulk(Action, label="Upload media in bulk", risk=Risk.DANGER):
    """Upload up to 20 files into Sprinklr in one request, from folders that the operator allows.

    A person is asked first and types how many. For one file, use sprinklr_upload_media. Returns for each
    file its url, or that it was refused, or that its outcome is unknown.
    """

    paths: Annotated[
        list[LocalPath],
        Field(min_length=1, max_length=MOST_FILES, description="Whole, or relative to the allowed folder."),
        AfterValidator(_no_twice),
    ]

    async def gather(self, read: Reader) -> tuple[SentFile, ...]:
        """Look at every file, until they are too much together."""
        found: list[FileFacts] = []
        for path in self.paths:
            found.append(await read.inspect(path))
            if sum(file.size for file in found) > LARGEST_TOGETHER:
                raise Unclear("The files are larger than 100 MiB together.", "Upload them in smaller groups.")
        if len({file.path for file in found}) < len(found):
            raise Unclear("Two of the paths lead to the same file.", "Name each file once.")
        return sent_files(found)

    def request(self, facts: tuple[SentFile, ...]) -> Request:
        """The names stand in the parts alone."""
        # Assumption A96: files of several kinds are sent as files.
        kind = asset_type([file.facts for file in facts])
        return Request(
            "POST",
            "/api/v2/media/upload/multiple",
            query={"assetType": kind},
            upload=Upload("files", facts),
            tells_errors=True,
        )

    def question(self, facts: tuple[SentFile, ...]) -> Question:
        """Show every file; how many they are is typed."""
        told = [line for number, file in enumerate(facts, 1) for line in _lines_about(file, f" {number}")]
        total = sum(file.facts.size for file in facts)
        return Question(
            headline=f"Upload these {len(facts)} files to Sprinklr? They cannot be taken back.",
            lines=(*told, *lines(("Together", _bytes(total)), ("Who can open them then", WHO))),
            retype=str(len(facts)),
            retype_name="number of files",
        )

    def answer(self, payload: Json, facts: tuple[SentFile, ...]) -> Uploaded:
        """Sprinklr's own sample answers for two of three files, so each is looked for by its name."""
        # Assumption A97: the names in the answer are those of the parts; errors tell the file's name.
        stored, errors = payload_of(payload), Record.of(payload).raw("errors")
        found = outcomes(facts, stored, errors)
        uploaded = sum(one.outcome == "uploaded" for one in found)
        unknown = any(one.outcome == "unknown" for one in found)
        return Uploaded(
            uploaded=uploaded,
            of=len(found),
            files=found,
            stored_under_other_names=left_over(facts, stored),
            next="Sprinklr's answer does not tell what became of the unknown ones: ask the person to look "
            "in Sprinklr before they are uploaded again."
            if unknown
            else "",
        )


def _lines_about(file: SentFile, number: str) -> tuple[Line, ...]:
    facts = file.facts
    inside = facts.path.removeprefix(facts.folder).strip("/").removesuffix(facts.name).strip("/")
    return lines(
        (f"File{number}", CustomerText(facts.name)),
        ("Sent as", file.name if file.name != facts.name else None),
        ("Folder", facts.folder),
        ("Below it in", CustomerText(inside) if inside else None),
        ("Size", _bytes(facts.size)),
        ("Type", facts.media_type),
        ("SHA-256", facts.sha256),
    )


def _bytes(count: int) -> str:
    return f"{count:,} bytes"
