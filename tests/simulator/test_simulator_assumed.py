"""The calls that Sprinklr does not publish, on paths that the simulator makes up."""

import pytest
from customer_app import App
from sample_tenant import CASE, OTHER_CASE, REPLY

NUMBER = str(CASE["caseNumber"])
ACW, NUDGES, OTA = "/api/v2/assumed/acw/", "/api/v2/assumed/nudges/", "/api/v2/assumed/ota/"


def kinds(app: App, number: object = NUMBER) -> list[str]:
    return [nudge["type"] for nudge in app.get(f"{NUDGES}{number}").json()["data"]]


def test_the_form_after_a_call_is_that_of_the_cases_queue(app: App) -> None:
    answer = app.get(ACW + NUMBER).json()["data"]
    assert (answer["trigger"], answer["form"]["id"]) == (True, "f1")
    change = {
        "caseNumbers": [CASE["caseNumber"]],
        "updateActions": ["SYNC_QUEUES"],
        "syncedQueues": ["104596"],
    }
    assert app.call("PUT", "/api/v2/case", json=change).status_code == 200
    assert app.get(ACW + NUMBER).json()["data"] == {
        "caseNumber": CASE["caseNumber"],
        "trigger": False,
        "form": None,
    }


def test_a_hint_goes_once_its_reason_is_gone(app: App) -> None:
    assert kinds(app) == ["REPLY_DUE", "ASSIGN"]
    assert app.post("/api/v2/publishing/message", REPLY).status_code == 200
    assert kinds(app) == ["ASSIGN"]
    change = {"caseNumbers": [CASE["caseNumber"]], "updateActions": ["ASSIGN_TO_USER"]}
    app.call("PUT", "/api/v2/case", json={**change, "assignedTo": 1000411018})
    assert kinds(app) == []
    assert kinds(app, OTHER_CASE["caseNumber"]) == ["ASSIGN"]


@pytest.mark.parametrize("path", [ACW + "1", NUDGES + "1"])
def test_an_unknown_case_is_404(app: App, path: str) -> None:
    assert app.get(path).status_code == 404


@pytest.mark.parametrize("identifier", ["1000411018", "6710f4a2c9b1e70012ab34cd"])
def test_a_minted_access_is_shown_once_and_logged_nowhere(app: App, identifier: str) -> None:
    minted = [app.post(OTA + identifier, {}).json()["data"] for _ in range(2)]
    credentials = {access["oneTimeAccess"] for access in minted}
    assert len(credentials) == 2
    commits = app.log("commits")
    assert [commit["tool"] for commit in commits] == ["generate_ota"] * 2
    assert commits[0]["path"].endswith(OTA + identifier)
    logs = str(commits) + str(app.log("requests"))
    assert not any(credential in logs for credential in credentials)


def test_nobody_gets_access_for_an_unknown_id(app: App) -> None:
    assert app.post(OTA + "1", {}).status_code == 404
    assert app.log("commits") == []
