"""The knowledge base: one article, and the search by fields. Knows rows of articles only."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..filtering import COMPARISONS, as_texts
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of, value_at

DEFAULT_SIZE = 20
TIME_FORMAT = "%b %d, %Y, %I:%M:%S %p"
MARKUP = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")
Reader = Callable[[JsonObject], JsonValue]


def read_article(call: Call) -> Answer:
    """The article with this id."""
    article = call.rows.find("articles", call.parameters["contentId"])
    if article is None:
        # Assumption A55: an unknown article is a 404.
        raise refused(404, "Content not found")
    return enveloped(article)


def search_articles(call: Call) -> Answer:
    """One page of the articles that meet every filter, drafts included."""
    # Assumption A56: all filters must hold; AND, OR and NOT have no published inside and are a 400, as is a
    # field that the article does not name. Sorts and queries are ignored: the articles come as they lie.
    filters = [object_of(entry) for entry in list_of(call.fields.get("filters"))]
    for condition in filters:
        check_filter(condition)
    found = [row for row in call.rows.all("articles") if all(holds(part, row) for part in filters)]
    page = object_of(call.fields.get("page"))
    size = integer_of(page.get("size")) or DEFAULT_SIZE
    start = integer_of(page.get("page")) * size
    return enveloped(
        {
            "searchResults": [as_result(row) for row in found[start : start + size]],
            "hasMore": start + size < len(found),
            "totalHits": len(found),
        }
    )


def check_filter(condition: JsonObject) -> None:
    """Refuse a filter that means nothing."""
    field, operator = text_of(condition.get("field")), text_of(condition.get("filterType"))
    if operator not in COMPARISONS:
        raise refused(400, f"The filter type '{operator}' is not supported")
    if field not in FIELDS:
        raise refused(400, f"The field '{field}' is unknown")


def holds(condition: JsonObject, row: JsonObject) -> bool:
    """Whether an article meets one filter."""
    found = as_texts(FIELDS[text_of(condition.get("field"))](row))
    return COMPARISONS[text_of(condition.get("filterType"))](found, as_texts(condition.get("values")))


def as_result(row: JsonObject) -> JsonObject:
    """An article as the search shows it: its mark-up is escaped here, other than in the read."""
    content = object_of(row.get("content"))
    escaped = html.escape(text_of(content.get("markUpText")), quote=False)
    return {**row, "content": {**content, "markUpText": escaped}}


def words_of(row: JsonObject) -> JsonValue:
    """What a reader of an article sees, without the mark-up."""
    # Assumption A57: KB_MARK_UP_TEXT means the text that people see and not the tags.
    text = MARKUP.sub(" ", text_of(value_at(row, "content.markUpText")))
    return SPACE.sub(" ", html.unescape(text)).strip()


def at(path: str) -> Reader:
    """The reader of a field that stands in the article as it is."""
    return lambda row: value_at(row, path)


def time_at(path: str) -> Reader:
    """The reader of a time, which answers show in words and filters give in milliseconds."""

    def read(row: JsonObject) -> JsonValue:
        moment = datetime.strptime(text_of(value_at(row, path)), TIME_FORMAT).replace(tzinfo=UTC)
        return int(moment.timestamp() * 1000)

    return read


FIELDS: Final[Mapping[str, Reader]] = {
    "KB_CONTENT_ID": at("id"),
    "KB_TITLE": at("content.title"),
    "KB_MARK_UP_TEXT": words_of,
    "KB_CONTENT_TYPE": at("content.contentType"),
    "KB_CONTENT_SUB_TYPE": at("content.contentSubType"),
    "KB_CONTENT_STATUS": at("status"),
    "KB_TAGS": at("tags"),
    "KB_LOCALE": at("locale"),
    "KB_CONTRIBUTOR": at("contributors"),
    "KB_ORIGIN_TYPE": at("originType"),
    "KB_FAVOURITE": at("favourite"),
    "KB_LINKED_ASSET_ID": at("linkedAssets"),
    "KB_CREATED_TIME": time_at("createdTime"),
    "KB_MODIFIED_TIME": time_at("modifiedTime"),
    "PUBLIC_CONTENT": at("publicContent"),
}

HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/knowledgebase/{contentId}"): read_article,
    ("POST", "/api/v2/knowledgebase/search"): search_articles,
}
