"""The tenant's own users as a SCIM list: filtered, paged from 1, and one by one."""

from typing import Any

import pytest
from customer_app import App

LIST = "/api/v2/scim/Users"


def listed(app: App, **query: str) -> dict[str, Any]:
    answer = app.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(app: App, **query: str) -> list[str]:
    return [user["name"]["givenName"] for user in listed(app, **query)["Resources"]]


def test_the_list_is_bare_and_counts_from_one(app: App) -> None:
    first = listed(app, count="2")
    assert (first["totalResults"], first["startIndex"], first["itemsPerPage"]) == (3, 1, 2)
    assert names(app, count="2") == ["Grace", "Lukas"]
    assert names(app, startIndex="3", count="2") == ["Agent"]
    assert names(app, startIndex="4") == []
    assert names(app, count="0") == []


def test_a_user_has_the_shape_of_scim(app: App) -> None:
    user = listed(app)["Resources"][0]
    assert (user["id"], user["userName"]) == ("1000411001", "grace@example.com")
    assert user["name"] == {"familyName": "Okafor", "givenName": "Grace"}
    assert user["emails"] == [{"value": "grace@example.com", "primary": True}]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ('userName eq "lukas@example.com"', ["Lukas"]),
        ('userName eq "LUKAS@example.com"', ["Lukas"]),
        ('userName eq "nobody@example.com"', []),
        ('id eq "1000411001" and id eq "1000411018"', ["Grace", "Lukas"]),
        ('id eq "1000411001" and userName eq "lukas@example.com"', []),
        ('id le "1000411001"', ["Grace", "Agent"]),
        ("meta.lastModified ge 2026-01-01T00:00:00Z", ["Grace"]),
    ],
)
def test_a_filter_holds(app: App, condition: str, wanted: list[str]) -> None:
    assert names(app, filter=condition) == wanted


@pytest.mark.parametrize(
    "condition", ['name eq "Grace"', 'userName co "x"', "userName", 'id eq "1" or id eq "2"']
)
def test_a_filter_that_is_not_described_is_400(app: App, condition: str) -> None:
    assert app.get(LIST, params={"filter": condition}).status_code == 400


def test_users_are_sorted_by_name(app: App) -> None:
    assert names(app, sortBy="name", sortOrder="descending") == ["Lukas", "Agent", "Grace"]


def test_one_user_is_read_by_id_and_an_unknown_one_is_404(app: App) -> None:
    assert app.get(f"{LIST}/1000411018").json()["userName"] == "lukas@example.com"
    assert app.get(f"{LIST}/1").status_code == 404
