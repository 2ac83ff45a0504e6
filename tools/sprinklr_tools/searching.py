"""Sprinklr's search by fields: filters, the request of a page, and what a page holds.

A first page is a POST with filters, a next one a GET with the cursor alone, which lives five minutes. The
cursor arrives in three spellings. Knows no entity. Facts: the search and search-by-cursor articles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, get, post

PAGE = 20
CURSOR = re.compile(r"[A-Za-z0-9_-]{1,200}")
SearchCursor = Annotated[str, Field(pattern=f"^{CURSOR.pattern}$", description="From the last page.")]


@dataclass(frozen=True)
class Found:
    """One page of a search."""

    records: tuple[Record, ...]
    total: int | None
    cursor: str | None


def condition(operator: str, key: str, *values: Json) -> dict[str, Json]:
    """Compare one field."""
    return {"type": operator, "key": key, "values": list(values)}


def all_of(conditions: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Require every condition."""
    return {"type": "AND", "filters": [dict(one) for one in conditions]}


def search(
    entity: str, cursor: str | None, conditions: Sequence[Mapping[str, Json]], **more: Json
) -> Request:
    """Ask for the first page, or for the one that a cursor leads to."""
    path = {"entity": entity}
    if cursor is not None:
        return get("/api/v2/search/{entity}", path=path, id=cursor)
    body: dict[str, Json] = {"filter": all_of(conditions), "page": {"size": PAGE}, **more}
    return post("/api/v2/search/{entity}", body, path=path)


def newest_first(key: str) -> list[Json]:
    """Order by a time, newest first."""
    return [{"key": key, "order": "DESC"}]


def found_in(payload: Json) -> Found:
    """Read a page. An empty one ends the list, whatever cursor comes with it."""
    page = Record.of(payload)
    records = tuple(page.records("results"))
    cursor = _bare(page.identifier("cursor")) if records else None
    return Found(records, page.number("count", "totalCount"), cursor)


def _bare(cursor: str | None) -> str | None:
    """Return the id in a cursor, which may be a whole address; one that breaks the grammar leads nowhere."""
    found = (cursor or "").rsplit("id=", 1)[-1]
    return found if CURSOR.fullmatch(found) else None
