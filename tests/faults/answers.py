"""What Sprinklr answers when nothing goes wrong, in the contract's shapes; for the calls that are used.

Every number is a case, so that no deed of the campaign meets another's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ACCOUNT_ID, ACCOUNT = 2004, "Northwind Cycles"
ENVIRONMENT = "/prod2"
TOKEN = "/oauth/token"
WRITES = {
    ("POST", "/api/v2/case/case-numbers/delete"),
    ("POST", "/api/v2/case/delete"),
    ("POST", "/api/v2/publishing/message"),
    ("POST", "/api/v2/case"),
    ("PUT", "/api/v2/case"),
}
MARK = re.compile(r"(?<![0-9])7[0-9]{8}(?![0-9])")
"""What names a deed: nine digits that begin with 7, somewhere in path, query or body."""
NOW = 1_795_000_000_000
"""Milliseconds since 1970."""


@dataclass(frozen=True)
class Heard:
    """One request, whole."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path).removeprefix(ENVIRONMENT)

    @property
    def kind(self) -> str:
        if self.path == TOKEN:
            return "token"
        note = self.method == "POST" and self.path.startswith("/api/v2/comment/")
        return "write" if note or (self.method, self.path) in WRITES else "read"

    @property
    def mark(self) -> str:
        """Return the number of the deed that this request belongs to, or nothing."""
        if self.kind == "token":
            return ""
        found = MARK.search(f"{unquote(self.target)} {self.body.decode('utf-8', 'replace')}")
        return found[0] if found else ""


def case_id(mark: str) -> str:
    """Return the internal id of a case: 24 hexadecimal digits that hold its number."""
    return f"abcdefabcdefabc{mark}"


def answer_to(heard: Heard, deleted: Callable[[str], bool]) -> tuple[int, Any]:
    """Return status and JSON; `deleted` tells whether the case of a number is gone."""
    for method, pattern, made in _ROUTES:
        if heard.method == method and re.fullmatch(pattern, heard.path):
            return made(heard, deleted(heard.mark))
    return 404, {"message": "no such call"}


def _case(mark: str, gone: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": case_id(mark),
        "caseNumber": int(mark),
        "subject": "Front light flickers",
        "description": "It does so since Monday.",
        "version": 3,
        "status": "Open",
        "priority": "Medium",
        "createdTime": NOW,
        "modifiedTime": NOW,
        "contact": {"channelType": "TWITTER", "channelId": f"c{mark}"},
        "workflow": {"customProperties": {}, "queues": []},
    }
    return {**shown, "deleted": True} if gone else shown


def _read_case(heard: Heard, gone: bool) -> tuple[int, Any]:
    return 200, {"data": [_case(heard.mark, gone)], "errors": []}


def _read_case_by_id(heard: Heard, gone: bool) -> tuple[int, Any]:
    return 200, {"data": _case(heard.mark, gone), "errors": []}


def _found(heard: Heard, gone: bool) -> tuple[int, Any]:
    case = _case(heard.mark or "700000000", gone)
    return 200, {"data": {"results": [case], "totalCount": 1}, "errors": []}


def _accounts(heard: Heard, gone: bool) -> tuple[int, Any]:
    account = {"accountId": ACCOUNT_ID, "accountType": "TWITTER", "displayName": ACCOUNT, "snType": "TWITTER"}
    return 200, {"USER_ACCESSIBLE_ACCOUNTS": [{**account, "isActive": True}]}


def _profile(heard: Heard, gone: bool) -> tuple[int, Any]:
    channel = parse_qs(urlsplit(heard.target).query).get("snUserId", [""])[0]
    identity = {"name": "Ada", "channelType": "TWITTER", "channelId": channel}
    return 200, {"data": {"id": "p1", "contact": {"fullName": "Ada L."}, "profiles": [identity]}}


def _comment(heard: Heard, gone: bool) -> tuple[int, Any]:
    note = {"id": f"{heard.mark}aa", "entityType": "CASE", "entityId": heard.mark, "createdTime": NOW}
    return 200, {"data": {**note, "commentingUser": 1000411001}, "errors": []}


def _published(heard: Heard, gone: bool) -> tuple[int, Any]:
    return 200, {"data": [f"post{heard.mark}"], "errors": []}


def _deleted(heard: Heard, gone: bool) -> tuple[int, Any]:
    return 204, None


_ROUTES = [
    ("GET", r"/api/v2/case/case-numbers", _read_case),
    ("GET", r"/api/v2/case/[0-9a-f]{24}", _read_case_by_id),
    ("POST", r"/api/v2/search/CASE", _found),
    ("GET", r"/api/v1/bootstrap/resources", _accounts),
    ("GET", r"/api/v2/profile", _profile),
    ("POST", r"/api/v2/comment/CASE/[0-9]+", _comment),
    ("POST", r"/api/v2/case", _read_case_by_id),
    ("PUT", r"/api/v2/case", _read_case),
    ("POST", r"/api/v2/publishing/message", _published),
    ("POST", r"/api/v2/case/case-numbers/delete", _deleted),
    ("POST", r"/api/v2/case/delete", _deleted),
]


def as_bytes(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()
