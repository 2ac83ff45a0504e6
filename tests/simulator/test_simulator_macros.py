"""A macro changes a case as it says, and one that can't be applied changes nothing."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import CASE, MACRO

APPLY = "/api/v2/macro/apply"
NUMBER = str(CASE["caseNumber"])


def request(*macros: str, **changes: Any) -> dict[str, Any]:
    body = {"assetClass": "UNIVERSAL_CASE", "entityKeys": [NUMBER], "macroIds": [*macros]}
    return {**body, **changes}


def case_of(app: App) -> dict[str, Any]:
    return app.get(f"/api/v2/case/{CASE['id']}").json()["data"]


def test_a_macro_changes_properties_and_queues(app: App) -> None:
    answer = app.post(APPLY, request(str(MACRO["id"])))
    assert (answer.status_code, answer.content) == (204, b"")
    case = case_of(app)
    assert (case["status"], case["version"]) == ("Closed", 5)
    assert case["workflow"]["customProperties"] == {"spr_uc_status": ["Closed"], "spr_uc_tag": ["done"]}
    assert [queue["queueId"] for queue in case["workflow"]["queues"]] == [104596]
    assert [commit["tool"] for commit in app.log("commits")] == ["apply_macro"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (request("m2"), 400, "manual"),
        (request("m0"), 400, "not found"),
        (request(str(MACRO["id"]), assetClass="PROFILE"), 400, "not for PROFILE"),
        (request(str(MACRO["id"]), entityKeys=[NUMBER, "1"]), 404, "not found"),
        (request(str(MACRO["id"]), "m2"), 400, "manual"),
    ],
)
def test_what_can_not_be_applied_changes_nothing(
    app: App, body: dict[str, Any], status: int, words: str
) -> None:
    answer = app.post(APPLY, body)
    assert answer.status_code == status
    assert words in answer.json()["errors"][0]["message"]
    assert case_of(app)["status"] == "New"
    assert app.log("commits") == []
