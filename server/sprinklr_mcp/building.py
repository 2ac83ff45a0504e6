"""Freezing a request to the bytes that will be sent, and naming it by a digest.

What a person is shown is what is frozen here; what is sent is this and nothing rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sprinklr_tools.question import Question
from sprinklr_tools.request import Request

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Frozen:
    """One request, down to its bytes; `target` is path and query, without the environment."""

    method: str
    target: str
    content: bytes | None
    in_workspace: bool


def freeze(request: Request) -> Frozen:
    """Build the bytes. Raises `ValueError` where a value does not stay inside its path segment."""
    path = PLACEHOLDER.sub(lambda found: _segment(request.path[found[1]]), request.template)
    if path.count("/") != request.template.count("/"):
        raise ValueError("the path does not fit its template")
    query = f"?{urlencode(request.query)}" if request.query else ""
    content = None if request.json is None else _compact(request.json).encode()
    return Frozen(request.method, path + query, content, request.in_workspace)


def _segment(value: str) -> str:
    # Encoding alone is not enough: the client would resolve dots as parent folders.
    if value in ("", ".", ".."):
        raise ValueError("a path segment is empty or names a parent")
    return quote(value, safe="")


def digest_of(frozen: Frozen, scope: Mapping[str, str], question: Question | None) -> str:
    """Name a request by everything that makes it this one: who, where, what, and the facts shown.

    `scope` names principal, tool, key and environment. Facts that may change meanwhile are left out.
    """
    facts = [[line.name, line.value] for line in question.lines if not line.passing] if question else []
    asked = [question.headline, question.retype, facts] if question else []
    content = frozen.content.decode() if frozen.content is not None else None
    whole = [dict(scope), frozen.method, frozen.target, content, frozen.in_workspace, asked]
    return hashlib.sha256(_compact(whole).encode()).hexdigest()


def arguments_digest(scope: Mapping[str, str], arguments: Mapping[str, Any]) -> str:
    """Name the arguments of a call, before anything is read for it."""
    return hashlib.sha256(_compact([dict(scope), arguments]).encode()).hexdigest()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
