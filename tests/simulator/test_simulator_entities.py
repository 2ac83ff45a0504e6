"""Custom entities are stored as they were sent, within what the tenant has defined."""

from typing import Any

import pytest
from customer_app import App

CREATE = "/api/v2/custom-entity/entity"
MEMBER = {
    "type": "_c_loyalty_member",
    "name": "Dana Field",
    "entityId": "member-1",
    "values": {"_c_points": 4200, "_c_tier": "gold"},
}


def test_a_created_entity_reads_back_as_created(app: App) -> None:
    made = app.post(CREATE, MEMBER).json()["data"]
    assert {name: made[name] for name in MEMBER} == MEMBER
    assert made["id"] != made["entityId"]
    answer = app.get(f"{CREATE}/_c_loyalty_member/{made['id']}")
    assert answer.json() == {"data": made, "errors": []}


def test_name_and_own_id_are_the_id_if_they_are_not_given(app: App) -> None:
    made = app.post(CREATE, {"type": "_c_loyalty_member", "values": {}}).json()["data"]
    assert made["name"] == made["entityId"] == made["id"]


@pytest.mark.parametrize(
    "changes", [{"type": "_c_unknown"}, {"values": {"_c_shoe_size": 44}}, {"entityId": "member-0"}]
)
def test_an_unknown_type_or_field_or_a_taken_id_is_400(app: App, changes: dict[str, Any]) -> None:
    assert app.post(CREATE, {**MEMBER, "entityId": "member-0"}).status_code == 200
    assert app.post(CREATE, {**MEMBER, **changes}).status_code == 400
    assert len(app.log("commits")) == 1


def test_an_unknown_entity_is_404_and_so_is_one_of_another_type(app: App) -> None:
    made = app.post(CREATE, MEMBER).json()["data"]
    assert app.get(f"{CREATE}/_c_loyalty_member/member-1").status_code == 404
    assert app.get(f"{CREATE}/_c_other/{made['id']}").status_code == 404


def test_the_definitions_are_listed(app: App) -> None:
    definitions = app.get("/api/v2/custom-entity/definitions").json()["data"]
    assert [definition["type"] for definition in definitions] == ["_c_loyalty_member"]
