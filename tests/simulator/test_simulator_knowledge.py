"""The knowledge base: articles are read by id and searched by their fields."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import ARTICLE, DRAFT

SEARCH = "/api/v2/knowledgebase/search"
OCTOBER_THIRD = 1790985600000


def condition(kind: str, field: str, *values: object) -> dict[str, Any]:
    return {"filterType": kind, "field": field, "values": [*values]}


def found(app: App, *filters: dict[str, Any], **page: int) -> dict[str, Any]:
    answer = app.post(SEARCH, {"filters": [*filters], "page": {"page": 0, "size": 10, **page}})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def ids(app: App, *filters: dict[str, Any]) -> list[str]:
    return [article["id"] for article in found(app, *filters)["searchResults"]]


def test_an_article_is_read_by_its_id_and_an_unknown_one_is_404(app: App) -> None:
    path = "/api/v2/knowledgebase/"
    assert app.get(path + str(ARTICLE["id"])).json() == {"data": ARTICLE, "errors": []}
    assert app.get(path + "66aa0011bb22cc33dd440000").status_code == 404


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ([], [ARTICLE["id"], DRAFT["id"]]),
        ([condition("CONTAINS", "KB_MARK_UP_TEXT", "LABEL & drop")], [ARTICLE["id"]]),
        ([condition("CONTAINS", "KB_MARK_UP_TEXT", "<b>")], []),
        ([condition("CONTAINS", "KB_TITLE", "refund")], [DRAFT["id"]]),
        ([condition("EQUALS", "KB_CONTENT_STATUS", "APPROVED")], [ARTICLE["id"]]),
        ([condition("EQUALS", "PUBLIC_CONTENT", True)], [ARTICLE["id"], DRAFT["id"]]),
        ([condition("NIN", "KB_TAGS", "returns")], []),
        ([condition("GTE", "KB_MODIFIED_TIME", OCTOBER_THIRD)], [DRAFT["id"]]),
        (
            [
                condition("CONTAINS", "KB_TITLE", "refund"),
                condition("EQUALS", "KB_CONTENT_STATUS", "APPROVED"),
            ],
            [],
        ),
    ],
)
def test_an_article_is_found_if_it_meets_every_filter(
    app: App, filters: list[dict[str, Any]], wanted: list[str]
) -> None:
    assert ids(app, *filters) == wanted


def test_pages_count_from_zero_and_say_whether_more_come(app: App) -> None:
    first, second = found(app, size=1), found(app, page=1, size=1)
    assert (first["hasMore"], first["totalHits"], second["hasMore"]) == (True, 2, False)
    assert [page["searchResults"][0]["id"] for page in (first, second)] == [ARTICLE["id"], DRAFT["id"]]


def test_the_search_shows_the_mark_up_escaped(app: App) -> None:
    content = found(app)["searchResults"][1]["content"]
    assert content["markUpText"] == "&lt;p&gt;Five days.&lt;/p&gt;"


@pytest.mark.parametrize("part", [condition("CONTAINS", "KB_MOOD", "x"), condition("AND", "KB_TITLE", "x")])
def test_a_filter_that_is_not_published_is_400(app: App, part: dict[str, Any]) -> None:
    assert app.post(SEARCH, {"filters": [part]}).status_code == 400


def test_an_empty_search_finds_everything(app: App) -> None:
    assert app.post(SEARCH, {}).json()["data"]["totalHits"] == 2
