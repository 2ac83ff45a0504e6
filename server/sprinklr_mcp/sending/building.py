"""Freezing a request to the bytes that will be sent, and naming it by a digest.

What a person is shown is what is frozen here; what is sent is this and nothing rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from sprinklr_tools.files import SentFile, Upload
from sprinklr_tools.question import Question
from sprinklr_tools.request import Request

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Frozen:
    """One request, down to its bytes; `target` is path and query, without the environment.

    Of files it holds what names them to the last byte, their hashes, and not the bytes themselves.
    """

    method: str
    target: str
    content: bytes | None
    in_workspace: bool
    upload: Upload | None = None
    tracked_by: str | None = None
    """The parameter that gets an id as the request is sent; part of no digest, since it is never the same."""
    tells_errors: bool = False


def freeze(request: Request) -> Frozen:
    """Build the bytes. Raises `ValueError` where a value does not stay inside its path segment."""
    path = PLACEHOLDER.sub(lambda found: _segment(request.path[found[1]]), request.template)
    if path.count("/") != request.template.count("/"):
        raise ValueError("the path does not fit its template")
    query = f"?{urlencode(request.query)}" if request.query else ""
    content = None if request.json is None else _compact(request.json).encode()
    return Frozen(
        request.method,
        path + query,
        content,
        request.in_workspace,
        request.upload,
        request.tracked_by,
        request.tells_errors,
    )


def _segment(value: str) -> str:
    # Encoding alone is not enough: the client would resolve dots as parent folders.
    if value in ("", ".", ".."):
        raise ValueError("a path segment is empty or names a parent")
    return quote(value, safe="")


def tracked(frozen: Frozen) -> Frozen:
    """Give a call that is tracked an id of its own: one for all of its attempts, and for nothing else."""
    if frozen.tracked_by is None:
        return frozen
    mark = "&" if "?" in frozen.target else "?"
    return replace(frozen, target=f"{frozen.target}{mark}{frozen.tracked_by}={uuid.uuid4()}")


def digest_of(frozen: Frozen, scope: Mapping[str, str], question: Question | None) -> str:
    """Name a request by everything that makes it this one: who, where, what, and the facts shown.

    `scope` names principal, tool, key and environment. Facts that may change meanwhile are left out.
    """
    facts = [[line.name, line.value] for line in question.lines if not line.passing] if question else []
    asked = [question.headline, question.retype, facts] if question else []
    content = frozen.content.decode() if frozen.content is not None else None
    files = [_named(file) for file in frozen.upload.files] if frozen.upload else []
    whole = [dict(scope), frozen.method, frozen.target, content, frozen.in_workspace, asked, files]
    return hashlib.sha256(_compact(whole).encode()).hexdigest()


def _named(file: SentFile) -> list[str | int]:
    """Return what makes a file this one."""
    facts = file.facts
    return [file.name, facts.path, facts.size, facts.media_type, facts.sha256, facts.version]


def arguments_digest(scope: Mapping[str, str], arguments: Mapping[str, Any]) -> str:
    """Name the arguments of a call, before anything is read for it."""
    return hashlib.sha256(_compact([dict(scope), arguments]).encode()).hexdigest()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
