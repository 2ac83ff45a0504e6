"""Environment, key, rate and token: who is turned away, in which words, and in which order."""

from pathlib import Path

import pytest
from customer_app import App, StartApp


def refusal(app: App, path: str = "/prod2/api/v2/me", **headers: str) -> tuple[int, str]:
    answer = app.http.get(path, headers=headers)
    return answer.status_code, answer.text


def test_another_environment_is_misdirected_whatever_else_is_wrong(app: App) -> None:
    assert refusal(app, "/prod3/api/v2/nothing")[0] == 421
    assert refusal(app, "/prod/api/v2/me")[0] == 421
    assert refusal(app, "/api/v2/me")[0] == 421
    assert refusal(app, "/%7Benv%7D/api/v2/me")[0] == 421


@pytest.mark.parametrize("environment", ["prod", ""])
def test_production_has_no_environment_in_its_addresses(start_app: StartApp, environment: str) -> None:
    with start_app(environment=environment) as app:
        app.log_in()
        assert app.get("/api/v2/me").status_code == 200
        assert app.get("/prod/api/v2/me").status_code == 421
        assert app.get("/prod2/api/v2/me").status_code == 421


def test_a_missing_or_wrong_key_is_refused_in_the_gateways_words(app: App) -> None:
    bearer = f"Bearer {app.token}"
    assert refusal(app, Authorization=bearer) == (403, "Developer Inactive")
    assert refusal(app, Authorization=bearer, Key="other") == (401, "Invalid consumer key")


def test_a_call_without_key_and_token_gets_the_json_that_was_seen(app: App) -> None:
    status, text = refusal(app, "/prod2/api/v2/nothing")
    assert status == 401
    assert '"errors":[{"id"' in text


def test_a_missing_invalid_or_expired_token_is_401_before_the_path_is_looked_at(app: App) -> None:
    key = app.place.api_key
    assert refusal(app, "/prod2/api/v2/nothing", Key=key)[0] == 401
    assert refusal(app, "/prod2/api/v2/nothing", Key=key, Authorization="Bearer x")[0] == 401
    app.advance(28798)
    assert app.get("/api/v2/me").status_code == 200
    app.advance(2)
    answer = app.get("/api/v2/me")
    assert answer.status_code == 401
    assert answer.json()["data"] == []


def test_the_eleventh_call_in_a_second_is_over_rate(start_app: StartApp) -> None:
    with start_app(calls_per_second=10) as app:
        app.log_in()
        answers = [app.get("/api/v2/me") for _ in range(10)]
        assert [answer.status_code for answer in answers] == [200] * 9 + [403]
        assert "Developer Over Rate" in answers[-1].text
        assert "x-ratelimit-limit" not in answers[0].headers
        app.advance(1)
        assert app.get("/api/v2/me").status_code == 200


def test_token_calls_count_against_the_limit(start_app: StartApp) -> None:
    with start_app(calls_per_hour=2) as app:
        assert app.ask_token(grant_type="client_credentials").status_code == 200
        assert app.ask_token(grant_type="client_credentials").status_code == 200
        assert app.ask_token(grant_type="client_credentials").status_code == 403


def test_the_hour_slides(start_app: StartApp) -> None:
    with start_app(calls_per_hour=3) as app:
        app.log_in()
        app.advance(1800)
        assert [app.get("/api/v2/me").status_code for _ in range(3)] == [200, 200, 403]
        app.advance(1800)
        assert [app.get("/api/v2/me").status_code for _ in range(2)] == [200, 403]


def test_the_other_documented_refusal_tells_the_quota(start_app: StartApp) -> None:
    with start_app(calls_per_hour=3, over_rate="429") as app:
        app.log_in()
        first = app.get("/api/v2/me")
        assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("3", "1")
        app.get("/api/v2/me")
        answer = app.get("/api/v2/me")
        assert answer.status_code == 429
        assert 3590 <= int(answer.headers["retry-after"]) <= 3600
        assert answer.headers["x-ratelimit-remaining"] == "0"
        error = answer.json()["errors"][0]
        assert (error["code"], error["details"]["limit"]) == ("RATE_LIMIT_EXCEEDED", 3)
        assert error["details"]["resetAt"].endswith("Z")


def test_two_simulators_on_one_file_are_the_same_sprinklr(start_app: StartApp, tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    with (
        start_app(state_file=file, calls_per_hour=6) as one,
        start_app(state_file=file, calls_per_hour=6) as two,
    ):
        one.log_in()
        two.token = one.token
        two.post("/api/v2/comment/CASE/20418877", {"text": "from the other"})
        two.add_fault(match="*", kind="status", status=503)
        assert one.get("/api/v2/me").status_code == 503
        assert len(one.log("commits")) == 1
        assert len(one.log("requests")) == len(two.log("requests"))
        assert [app.get("/api/v2/me").status_code for app in (one, two, one, two)] == [200] * 4
        assert two.get("/api/v2/me").status_code == 403
    with start_app(state_file=file, calls_per_hour=100) as again:
        assert len(again.log("commits")) == 1
        again.token = one.token
        assert again.get("/api/v2/me").status_code == 200
