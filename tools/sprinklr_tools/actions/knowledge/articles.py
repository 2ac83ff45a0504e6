"""The knowledge base: one article, and a search over its fields.

Facts: Sprinklr's articles on knowledge-base content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import AssetId, Cursor, Detail, Line
from sprinklr_tools.problems import Missing, Unclear
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, get, post
from sprinklr_tools.resource import Resource

PAGE = 10
EXCERPT = 300
MOST_WORDS = 5


@dataclass(frozen=True)
class Article:
    """One article. Times are as Sprinklr words them, without a zone."""

    content_id: str | None
    title: CustomerText | None
    text: CustomerText | None
    status: str | None
    public: bool
    language: str | None
    tags: tuple[str, ...]
    modified: CustomerText | None

    @classmethod
    def of(cls, record: Record, most: int | None = None) -> Article:
        """Read an article, or its beginning."""
        content = record.record("content")
        text = content.page("markUpText")
        return cls(
            content_id=record.identifier("id"),
            title=content.text("title"),
            text=CustomerText(_beginning(text, most)) if text else None,
            status=record.label("status"),
            public=record.flag("publicContent"),
            language=record.label("locale"),
            tags=tuple(record.labels("tags")),
            modified=record.text("modifiedTime"),
        )


def _beginning(text: str, most: int | None) -> str:
    whole = text.strip()
    return whole if most is None or len(whole) <= most else f"{whole[:most]}…"


class GetKbContent(
    Action, label="Get KB by content ID", resource=Resource("sprinklr://article/{content_id}", "Article")
):
    """Read one article of the knowledge base with its whole text, by its content id.

    To find articles first, use sprinklr_smart_assist_search. Look at status and public before quoting
    one to a customer. Returns title, text, tags and state.
    """

    content_id: AssetId
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """One article."""
        return get("/api/v2/knowledgebase/{content_id}", path={"content_id": self.content_id})

    def answer(self, payload: Json, facts: Any) -> Article:
        """The text is HTML, and shown as plain text."""
        record = Record.of(payload)
        if record.identifier("id") is None:
            raise Missing("There is no such article, or this login may not see it.", "Check the id.")
        return Article.of(record)


@dataclass(frozen=True)
class Articles:
    """Some articles, each with the beginning of its text."""

    articles: tuple[Article, ...]
    page: Page


class SmartAssistSearch(Action, label="Smart assist search"):
    """Find knowledge-base articles whose text holds some words.

    Sprinklr publishes no Smart Assist call; this is its documented search by fields, which ranks
    nothing. Only approved articles unless drafts is true. Read a whole one with sprinklr_get_kb_content.
    """

    text: Annotated[Line, Field(description="One to five words, all to be found.")]
    drafts: Annotated[bool, Field(description="Also articles that are not approved.")] = False
    cursor: Cursor | None = None

    @property
    def _words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.text.split()))

    async def gather(self, read: Reader) -> None:
        """Check that no word would be left out in silence, without a call."""
        if len(self._words) > MOST_WORDS:
            raise Unclear("These are too many words.", "Give the five that matter most, or fewer.")

    def request(self, facts: Any) -> Request:
        """All filters must hold: one for each word, since a filter takes its value for one phrase."""
        filters: list[Json] = [
            {"filterType": "CONTAINS", "field": "KB_MARK_UP_TEXT", "values": [word]} for word in self._words
        ]
        if not self.drafts:
            filters.append({"filterType": "EQUALS", "field": "KB_CONTENT_STATUS", "values": ["APPROVED"]})
        page: dict[str, Json] = {"page": int(self.cursor or "0"), "size": PAGE}
        return post("/api/v2/knowledgebase/search", {"filters": filters, "page": page})

    def answer(self, payload: Json, facts: Any) -> Articles:
        """Pages count from zero."""
        found = Record.of(payload)
        articles = tuple(Article.of(one, EXCERPT) for one in found.records("searchResults"))
        more = found.flag("hasMore") and articles
        onward = self.page_at(str(int(self.cursor or "0") + 1) if more else None)
        return Articles(articles, Page(len(articles), found.number("totalHits"), onward))
