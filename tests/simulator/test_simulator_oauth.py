"""OAuth as Sprinklr does it: codes, refresh tokens and the one live token of a key."""

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from customer_app import App, StartApp, sent_back, ticket_on


def works(app: App, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}", "Key": app.place.api_key}
    return app.http.get(app.path("/api/v2/me"), headers=headers).status_code == 200


def by_code(app: App, code: str, **fields: str) -> httpx2.Response:
    return app.ask_token(grant_type="authorization_code", code=code, **fields)


def test_a_person_logs_in_chooses_workspaces_and_comes_back_with_code_and_state(app: App) -> None:
    address = app.authorize_address(code_challenge="ignored", code_challenge_method="S256")
    page = app.http.get(address)
    assert page.headers["content-type"].startswith("text/html")
    assert 'name="email"' in page.text
    assert "<script" not in page.text
    page = app.http.post(address, data={"email": "Grace@Example.com", "password": "simulator"})
    assert "Acme Care" in page.text
    assert "Acme Outlet" in page.text
    answer = app.http.post(address, data={"ticket": ticket_on(page.text), "workspace": "7002"})
    assert answer.headers["location"].startswith(app.place.redirect_uri + "?")
    back = sent_back(answer)
    assert back["state"] == "s/1"
    pair = by_code(app, back["code"])
    assert set(pair.json()) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert pair.json()["token_type"] == "Bearer"
    assert pair.json()["expires_in"] == 28799
    assert pair.headers["spr-token-version"]
    assert {"+", "/", "="} <= set(pair.json()["access_token"])
    app.token = pair.json()["access_token"]
    assert app.get("/api/v2/me").json()["data"]["workspaceId"] == 7002


def test_without_a_state_the_word_null_comes_back(app: App) -> None:
    address = app.authorize_address()
    address = str(httpx2.URL(address).copy_remove_param("state"))
    assert sent_back(app.http.post(address, data={"cancel": "1"}))["state"] == "null"


def test_cancelling_sends_access_denied_back(app: App) -> None:
    answer = app.http.post(app.authorize_address(), data={"cancel": "1"})
    assert sent_back(answer) == {"error": "access_denied", "state": "s/1"}


def test_a_wrong_password_gives_no_choice(app: App) -> None:
    page = app.http.post(app.authorize_address(), data={"email": "grace@example.com", "password": "x"})
    assert "wrong" in page.text
    assert "ticket" not in page.text


def test_what_a_person_typed_is_shown_as_text(app: App) -> None:
    page = app.http.post(app.authorize_address(), data={"email": '"><script>', "password": "x"})
    assert "<script" not in page.text


def test_a_user_without_generate_token_gets_a_page_and_no_code(app: App) -> None:
    login = {"email": "lukas@example.com", "password": "simulator"}
    answer = app.http.post(app.authorize_address(), data=login)
    assert answer.status_code == 403
    assert "Generate Token" in answer.text


def test_at_least_one_workspace_must_be_chosen(app: App) -> None:
    address = app.authorize_address()
    page = app.http.post(address, data={"email": "grace@example.com", "password": "simulator"})
    answer = app.http.post(address, data={"ticket": ticket_on(page.text), "workspace": "9999"})
    assert "at least one workspace" in answer.text
    answer = app.http.post(address, data={"ticket": ticket_on(answer.text), "workspace": "7001"})
    assert answer.status_code == 302
    again = app.http.post(address, data={"ticket": ticket_on(page.text), "workspace": "7001"})
    assert again.status_code == 200


@pytest.mark.parametrize("address", ["http://127.0.0.1:8721/callback/", "http://127.0.0.1:8721/Callback", ""])
def test_a_redirect_address_that_differs_shows_as_the_odd_500(app: App, address: str) -> None:
    answer = app.http.get(app.authorize_address(redirect_uri=address))
    assert (answer.status_code, "location" in answer.headers) == (500, False)
    assert "Internal Server Error" in answer.text


def test_an_unknown_key_is_refused_before_any_page(app: App) -> None:
    answer = app.http.get(app.authorize_address(client_id="other"))
    assert (answer.status_code, answer.text) == (401, "Invalid consumer key")


def test_a_code_works_once(app: App) -> None:
    code = app.authorize()
    assert by_code(app, code).status_code == 200
    answer = by_code(app, code)
    assert answer.status_code == 400
    assert "code has expired" in answer.text


def test_a_code_lives_ten_minutes(app: App) -> None:
    young, old = app.authorize(), app.authorize()
    app.advance(598)
    assert by_code(app, young).status_code == 200
    app.advance(3)
    assert by_code(app, old).status_code == 400


def test_a_code_needs_the_redirect_address_it_was_asked_with(app: App) -> None:
    code = app.authorize()
    assert by_code(app, code, redirect_uri="http://127.0.0.1:8721/other").status_code == 400
    assert by_code(app, code).status_code == 200


def test_a_refresh_token_works_once(app: App) -> None:
    first = app.log_in()
    second = app.ask_token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second.status_code == 200
    assert works(app, second.json()["access_token"])
    again = app.ask_token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    third = app.ask_token(grant_type="refresh_token", refresh_token=second.json()["refresh_token"])
    assert third.status_code == 200


def test_of_many_refreshes_at_once_one_wins(app: App) -> None:
    token = app.log_in()["refresh_token"]
    with ThreadPoolExecutor(8) as threads:
        refresh = [
            threads.submit(app.ask_token, grant_type="refresh_token", refresh_token=token) for _ in range(8)
        ]
        answers = [future.result() for future in refresh]
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


def test_a_refresh_token_outlives_its_access_token_and_keeps_user_and_workspaces(app: App) -> None:
    pair = by_code(app, app.authorize(workspaces=("7002",))).json()
    app.advance(90 * 24 * 3600)
    assert not works(app, pair["access_token"])
    answer = app.ask_token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    app.token = answer.json()["access_token"]
    assert app.get("/api/v2/me").json()["data"]["workspaceId"] == 7002


@pytest.mark.parametrize("grant", ["authorization_code", "refresh_token", "client_credentials"])
def test_a_new_token_of_any_grant_ends_the_old_one(app: App, grant: str) -> None:
    code = app.authorize()
    old = app.log_in()
    fields = {"authorization_code": {"code": code}, "refresh_token": {"refresh_token": old["refresh_token"]}}
    new = app.ask_token(grant_type=grant, **fields.get(grant, {})).json()
    assert not works(app, old["access_token"])
    assert works(app, new["access_token"])
    used = app.ask_token(grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert used.status_code == 400
    assert works(app, new["access_token"])


def test_a_wrong_client_is_401_and_uses_nothing_up(app: App) -> None:
    code = app.authorize()
    assert by_code(app, code, client_secret="wrong").json() == {"error": "invalid_client"}
    assert by_code(app, code, client_id="other").status_code == 401
    assert by_code(app, code).status_code == 200


def test_an_unknown_grant_type_is_400(app: App) -> None:
    assert app.ask_token(grant_type="password").json() == {"error": "unsupported_grant_type"}


def test_token_parameters_may_stand_in_the_query_if_the_length_is_said(app: App) -> None:
    query = {
        "client_id": app.place.api_key,
        "client_secret": app.place.api_secret,
        "grant_type": "client_credentials",
    }
    request = app.http.build_request("POST", app.path("/oauth/token"), params=query)
    assert app.http.send(request).status_code == 200
    del request.headers["content-length"]
    assert app.http.send(request).status_code == 411


def test_the_token_endpoint_takes_forms_by_post(app: App) -> None:
    assert app.http.get(app.path("/oauth/token")).status_code == 405
    assert app.http.post(app.path("/oauth/token"), json={}).status_code == 415
    assert app.http.get(app.path("/oauth/other")).status_code == 404


def test_the_life_of_a_token_can_be_set(start_app: StartApp) -> None:
    with start_app(expires_in=60) as app:
        assert app.log_in()["expires_in"] == 60
        app.advance(61)
        assert not works(app, app.token)


def test_no_secret_stands_in_the_log(app: App) -> None:
    code = app.authorize()
    pair = by_code(app, code).json()
    app.ask_token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    secrets = [code, pair["access_token"], pair["refresh_token"], app.place.api_secret, "grace@example.com"]
    entries = app.log("requests")
    assert [entry["grant_type"] for entry in entries if "token" in entry["path"]][-1] == "refresh_token"
    assert not any(secret in str(entries) for secret in secrets)
