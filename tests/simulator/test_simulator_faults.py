"""What tests can let go wrong, and that the logs tell the truth about it."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from customer_app import App, StartApp

PATH = "/api/v2/comment/CASE/20418877"


def comment(app: App) -> httpx2.Response:
    return app.post(PATH, {"text": "x"})


def test_a_status_fault_answers_in_sprinklrs_shape_and_does_nothing(app: App) -> None:
    app.add_fault(match="*", kind="status", status=503)
    answer = comment(app)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, 503)
    assert app.log("commits") == []
    assert comment(app).status_code == 200


def test_a_fault_happens_as_often_as_asked_and_only_where_it_fits(app: App) -> None:
    app.add_fault(match="POST /CASE/20418877", kind="status", times=2)
    assert app.get("/api/v2/me").status_code == 200
    assert [comment(app).status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_can_have_body_type_and_headers(app: App) -> None:
    app.add_fault(
        match="/me",
        kind="status",
        status=403,
        body="<h1>Developer Over Rate</h1>",
        content_type="text/html",
        headers={"Retry-After": "3"},
    )
    answer = app.get("/api/v2/me")
    assert (answer.status_code, answer.text) == (403, "<h1>Developer Over Rate</h1>")
    assert (answer.headers["content-type"], answer.headers["retry-after"]) == ("text/html", "3")


def test_an_answer_can_be_anything(app: App) -> None:
    app.add_fault(match="/me", kind="answer", body='{"data": ')
    assert app.get("/api/v2/me").text == '{"data": '
    app.add_fault(match="/me", kind="answer", body_base64=base64.b64encode(b"\xff\x00").decode())
    assert app.get("/api/v2/me").content == b"\xff\x00"
    app.add_fault(match="/me", kind="answer", body={"data": [], "errors": ["x"]})
    assert app.get("/api/v2/me").json()["errors"] == ["x"]


def test_a_write_can_be_carried_out_behind_a_false_answer(app: App) -> None:
    app.add_fault(match="*", kind="status", status=502, commit=True)
    assert comment(app).status_code == 502
    assert len(app.log("commits")) == 1


def test_a_truncated_answer_ends_in_the_middle_after_the_commit(app: App) -> None:
    app.add_fault(match="*", kind="truncate")
    with pytest.raises(httpx2.RemoteProtocolError):
        comment(app)
    assert len(app.log("commits")) == 1


def test_a_connection_dropped_before_commits_nothing(app: App) -> None:
    app.add_fault(match="*", kind="drop_before")
    with pytest.raises(httpx2.RemoteProtocolError):
        comment(app)
    assert app.log("commits") == []
    last = app.log("requests")[-1]
    assert (last["status"], last["fault"]) == (None, "drop_before")


def test_a_connection_dropped_after_has_committed(app: App) -> None:
    app.add_fault(match="*", kind="drop_after")
    with pytest.raises(httpx2.RemoteProtocolError):
        comment(app)
    assert len(app.log("commits")) == 1


def test_a_delayed_answer_has_committed_at_once(app: App) -> None:
    app.add_fault(match="*", kind="delay", seconds=30)
    with pytest.raises(httpx2.ReadTimeout):
        app.call("POST", PATH, json={"text": "x"}, timeout=0.2)
    assert len(app.log("commits")) == 1


def test_the_token_endpoint_can_fail_too_and_may_have_spent_the_refresh_token(app: App) -> None:
    pair = app.log_in()
    app.add_fault(match="POST /oauth/token", kind="drop_after")
    with pytest.raises(httpx2.RemoteProtocolError):
        app.ask_token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    again = app.ask_token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert again.status_code == 400
    assert app.get("/api/v2/me").status_code == 401


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"match": "*", "kind": "earthquake"}, "'kind' is one of delay"),
        ({"kind": "delay"}, "'match' is"),
        ({"match": "*", "kind": "delay", "times": 0}, "'times'"),
        ({"match": "*", "kind": "status", "status": 99}, "'status'"),
        ({"match": "*", "kind": "delay", "seconds": "long"}, "'seconds'"),
        ({"match": "*", "kind": "answer", "body_base64": "%"}, "base64"),
    ],
)
def test_what_is_no_fault_is_400_in_words(app: App, fault: dict[str, object], words: str) -> None:
    answer = app.add_fault(**fault)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert app.http.post("/_simulator/faults", content=b"{").status_code == 400


def test_faults_can_be_cleared_and_those_that_nothing_met_are_told(app: App) -> None:
    app.add_fault(match="*", kind="status", times=9)
    app.get("/api/v2/me")
    app.add_fault(match="POST /comments", kind="status")
    cleared = app.http.delete("/_simulator/faults")
    assert (cleared.status_code, cleared.json()["unmet"]) == (200, ["POST /comments"])
    assert app.get("/api/v2/me").status_code == 200


def test_clearing_sends_the_answers_that_are_held_back(app: App) -> None:
    app.add_fault(match="*", kind="delay", seconds=600)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(app.get, "/api/v2/me", timeout=60)
        while "/api/v2/me" not in [one["path"].removeprefix("/prod2") for one in app.log("requests")]:
            assert not held.done()
        while not held.done():
            # It has come, and may be on its way to where it is held.
            app.http.delete("/_simulator/faults")
        assert held.result().status_code == 200


def test_the_log_of_requests_tells_what_came_and_what_was_answered(app: App) -> None:
    app.get("/api/v2/case/case-numbers", params={"case-number": "1"}, headers={"workspace_id": "7001"})
    comment(app)
    first, read, write = app.log("requests")
    assert (first["path"], first["grant_type"]) == ("/prod2/oauth/token", "client_credentials")
    assert (read["method"], read["status"], read["query"]) == ("GET", 200, {"case-number": "1"})
    assert read["headers"]["workspace_id"] == "7001"
    assert (write["body"], write["number"]) == ({"text": "x"}, 3)
    assert len(write["token"]) == 12


def test_reset_goes_back_to_the_seed(app: App) -> None:
    comment(app)
    app.add_fault(match="*", kind="status")
    app.advance(1000)
    app.reset()
    assert (app.log("commits"), app.log("requests")) == ([], [])
    assert app.get("/api/v2/me").status_code == 401
    app.log_in()
    assert app.log("requests")[-1]["time"] / 1000 == pytest.approx(time.time(), abs=60)


def test_the_clock_only_goes_forward(app: App) -> None:
    assert app.http.post("/_simulator/clock", json={"advance": -1}).status_code == 400
    assert app.http.post("/_simulator/clock", content=b"x").status_code == 400


def test_stopping_does_not_wait_for_delays_or_idle_connections(start_app: StartApp) -> None:
    with start_app() as app:
        app.log_in()
        app.add_fault(match="*", kind="delay", seconds=30)
        with pytest.raises(httpx2.ReadTimeout):
            app.get("/api/v2/me", timeout=0.1)
        start = time.monotonic()
    assert time.monotonic() - start < 1
