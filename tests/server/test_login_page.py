"""Where a call finds no login, the person logs in on a page that the server opens, once.

The page in a real browser is in test_pages_in_chromium.py.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Generator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, a_browser, query_of
from installation import Installation, Sprinklr, code_of, free_port, running_sprinklr, text_of
from mcp import Client
from opened import Opened, answer, client_with_log, heading, look
from waiting import until

pytestmark = pytest.mark.anyio
READ, OTHER = "sprinklr_get_case_by_number", "sprinklr_get_me"
ELSEWHERE = "https://callback.example.com/sprinklr"


@pytest.fixture(scope="module")
def shared_sprinklr(registered: str) -> Generator[Sprinklr]:
    with running_sprinklr("--redirect-uri", registered) as sprinklr:
        yield sprinklr


@pytest.fixture(scope="module", params=["here", "elsewhere"])
def registered(request: pytest.FixtureRequest) -> str:
    """The callback address: a port of this machine, or a site that only a browser goes to."""
    return f"http://127.0.0.1:{free_port()}/callback" if request.param == "here" else ELSEWHERE


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return Opened(tmp_path)


@pytest.fixture
def installation(install: Callable[..., Installation], opened: Opened) -> Installation:
    """An installation that is not logged in, of a person with a browser."""
    return opened.by(install())


@pytest.fixture
def browser() -> Generator[Browser]:
    with a_browser() as one:
        yield one


async def read(client: Client) -> Any:
    return await client.call_tool(READ, {"case_number": 96832})


def sprinklrs_page(page: str) -> str:
    """Where the page sends the person to log in."""
    found = re.search(r'<a class="button" href="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def come_back(browser: Browser, page: str, redirected: str) -> None:
    """Do what a person does then: follow the redirect, or paste its address where it leads elsewhere."""
    if redirected.startswith(ELSEWHERE):
        answer(page, address=f" {redirected}\n")
    else:
        assert browser.open(redirected).status_code == 200


async def test_a_person_logs_in_on_the_page_and_the_same_call_works(
    installation: Installation, opened: Opened, sprinklr: Sprinklr, browser: Browser, tmp_path: Path, era: str
) -> None:
    log = tmp_path / "log"
    async with client_with_log(installation, era, log) as client:
        told = [await read(client), await client.call_tool(OTHER, {}), await read(client)]
        page = opened.next()
        assert [code_of(one) for one in told] == ["LOGIN_REQUIRED"] * 3
        assert "has been opened in the person's browser" in text_of(told[0])
        assert all("is already open in the person's browser" in text_of(one) for one in told[1:])
        assert all("`sprinklr-mcp login`" in text_of(one) for one in told)
        redirected = browser.log_in(sprinklrs_page(look(page).text))
        come_back(browser, page, redirected)
        await until(lambda: heading(look(page)) == "You are logged in")
        assert heading(answer(page, address=redirected)) == "You are logged in"
        told.append(await read(client))
        assert not told[-1].is_error
    assert opened.addresses == []
    assert [one["grant_type"] for one in sprinklr.requests("/oauth/token")] == ["authorization_code"]
    said = " ".join(f"{text_of(one)} {one.structured_content}" for one in told) + log.read_text()
    kept = said + str(installation.audit())
    for secret in (page.rpartition("/")[2], page.split("/")[2], *query_of(redirected).values()):
        assert secret not in kept


async def test_a_server_that_is_started_again_opens_a_new_page_for_the_one_that_went_with_the_old(
    installation: Installation, opened: Opened, era: str
) -> None:
    pages: list[str] = []
    for _ in range(2):
        async with installation.client(era) as client:
            assert "has been opened in the person's browser" in text_of(await read(client))
            pages.append(opened.next())
    assert len(set(pages)) == 2


async def test_only_an_address_of_this_login_is_taken(
    installation: Installation, opened: Opened, sprinklr: Sprinklr, browser: Browser
) -> None:
    """SR-22: the state is looked at before anything else, and a wrong one changes nothing."""
    async with installation.client("2026-07-28") as client:
        await read(client)
        page = opened.next()
        redirected = browser.log_in(sprinklrs_page(look(page).text))
        state = query_of(redirected)["state"]
        wrong = ["", "x", page, redirected.replace(state, state[::-1]), redirected.partition("&state")[0]]
        for pasted in wrong:
            refused = answer(page, address=pasted)
            assert (refused.status_code, heading(refused)) == (422, "Log in to Sprinklr")
            assert query_of(redirected)["code"] not in refused.text
        for headers in ({}, {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"}):
            assert answer(page, headers=headers, address=redirected).status_code == 403
        assert look(f"{page}?address={redirected}").status_code == 200
        assert sprinklr.requests("/oauth/token") == []
        come_back(browser, page, redirected)
        await until(lambda: heading(look(page)) == "You are logged in")


async def test_a_login_that_is_cancelled_is_told_and_the_next_call_opens_another_page(
    installation: Installation, opened: Opened, sprinklr: Sprinklr, browser: Browser
) -> None:
    async with installation.client("2026-07-28") as client:
        await read(client)
        page = opened.next()
        browser.open(sprinklrs_page(look(page).text))
        browser.submit(cancel="1")
        come_back(browser, page, browser.sent_to())
        await until(lambda: heading(look(page)) == "You are not logged in")
        assert "Access was not granted." in look(page).text
        assert "has been opened" in text_of(await read(client))
        assert opened.next() != page
    assert sprinklr.requests("/oauth/token") == []


async def test_where_the_callbacks_port_is_taken_its_address_can_be_pasted(
    install: Callable[..., Installation], opened: Opened
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"http://127.0.0.1:{other.getsockname()[1]}/callback"
        installation = opened.by(install(SPRINKLR_REDIRECT_URI=taken))
        async with installation.client("2026-07-28") as client:
            await read(client)
            assert "The address that your browser shows afterwards" in look(opened.next()).text


@pytest.mark.parametrize(
    "setting",
    [
        {"BROWSER": ""},
        {"SPRINKLR_APPROVAL_WAYS": "form,terminal"},
        {"SPRINKLR_REDIRECT_URI": ""},
        {"SPRINKLR_API_SECRET": ""},
    ],
    ids=["no browser", "no pages", "no callback address", "no secret"],
)
async def test_where_no_page_can_help_the_terminal_is_told(
    installation: Installation, opened: Opened, setting: dict[str, str]
) -> None:
    async with installation.changed(**setting).client("2026-07-28") as client:
        told = text_of(await read(client))
    assert "page" not in told
    assert "sprinklr-mcp login" in told or "SPRINKLR_API_SECRET" in told
    assert opened.addresses == []
