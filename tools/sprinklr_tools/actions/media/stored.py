"""What Sprinklr says of files that it stored. Knows neither the files nor how they were sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sprinklr_tools.arguments import ADDRESS
from sprinklr_tools.files import SentFile
from sprinklr_tools.reading import CustomerText, Json, Record, records_in

MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True)
class Media:
    """One file as it lies in Sprinklr; `url` is what sprinklr_publish_message takes as attachment_url."""

    media_id: str | None
    name: str | None
    media_type: str | None
    size: int | None
    url: str | None
    preview_url: str | None

    @classmethod
    def of(cls, record: Record, sent: Iterable[SentFile] = ()) -> Media:
        """Read one entry; a name is a fact if it is one that was sent."""
        return cls(
            media_id=record.identifier("id"),
            name=_name(record, {file.name for file in sent}),
            media_type=_media_type(record.raw("mimeType")),
            size=record.number("size"),
            url=_address(record.raw("url")),
            preview_url=_address(record.raw("previewUrl")),
        )


@dataclass(frozen=True)
class Outcome:
    """What became of one file of several."""

    name: str
    path: str
    outcome: str
    """`uploaded`, `refused`, or `unknown`: the answer does not tell."""
    stored: Media | None = None


def outcomes(files: tuple[SentFile, ...], stored: Json, errors: Json) -> tuple[Outcome, ...]:
    """Return one outcome for each file, none missing, in the order in which they were given."""
    entries = [one for one in records_in(stored) if one.raw("id", "url") is not None]
    return tuple(_outcome(file, files, entries, errors) for file in files)


def left_over(files: tuple[SentFile, ...], stored: Json) -> tuple[Media, ...]:
    """Return what Sprinklr stored under a name that none of the files was sent under."""
    entries = [one for one in records_in(stored) if one.raw("id", "url") is not None]
    return tuple(Media.of(one) for one in entries if not any(_is_of(one, file) for file in files))


def _outcome(file: SentFile, files: tuple[SentFile, ...], entries: list[Record], errors: Json) -> Outcome:
    own = [one for one in entries if _is_of(one, file)]
    # Where one name stands twice, the size tells which is meant.
    own.sort(key=lambda one: one.number("size") != file.facts.size)
    if own:
        return Outcome(file.name, file.facts.path, "uploaded", Media.of(own[0], files))
    refused = any(_names(error, file.name) for error in _items(errors))
    return Outcome(file.name, file.facts.path, "refused" if refused else "unknown")


def _is_of(entry: Record, file: SentFile) -> bool:
    name = entry.raw("name")
    return isinstance(name, str) and name.lower() == file.name.lower()


def _items(errors: Json) -> list[Json]:
    return errors if isinstance(errors, list) else [errors]


def _names(error: Json, name: str) -> bool:
    """Tell whether an error, of a shape that is not published, is about the file of that name."""
    if isinstance(error, str):
        whole = rf"(?<![A-Za-z0-9._-]){re.escape(name)}(?![A-Za-z0-9_-])"
        return re.search(whole, error, re.IGNORECASE) is not None
    if isinstance(error, dict):
        return any(_names(value, name) for value in error.values())
    return isinstance(error, list) and any(_names(one, name) for one in error)


def _name(record: Record, sent: set[str]) -> str | None:
    name = record.raw("name")
    return name if isinstance(name, str) and name in sent else record.text("name")


def _media_type(value: Json) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    return value if MEDIA_TYPE.fullmatch(value) else CustomerText(value)


def _address(value: Json) -> str | None:
    """Return an address that a call may take; whatever else stands there is somebody's text."""
    if not isinstance(value, str) or not value.strip():
        return None
    fits = len(value) <= LONGEST_ADDRESS and ADDRESS.fullmatch(value)
    return value if fits else CustomerText(value)
