"""The pages in a real browser, as a person uses them; what the simulator committed is what happened."""

from __future__ import annotations

import http.server
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.to_thread import run_sync
from browser import EMAIL, PASSWORD
from chromium import Window, chromium
from deeds import DELETE, PUBLISH, Deed, cases, new_deed
from installation import WIDE, Installation, Since, Sprinklr, code_of, free_port, running_sprinklr, text_of
from mcp import Client
from opened import Opened
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.desktop]
NUMBER, ACCOUNT = "To agree, type the case number", "To agree, type the name of the account"
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\"'>{{ 7*7 }}"


@pytest.fixture(scope="module")
def browser() -> Generator[Window]:
    with chromium() as window:
        yield window


@pytest.fixture
def window(browser: Window) -> Generator[Window]:
    """One tab that shows nothing, and no word of complaint from the browser in the end."""
    browser.start_anew()
    yield browser
    assert browser.complaints() == []


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return Opened(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
async def client(installation_of_file: Installation, opened: Opened, era: str) -> AsyncGenerator[Client]:
    """A client that cannot ask anybody, in each era of the protocol."""
    async with opened.by(installation_of_file).client(era) as connected:
        yield connected


@pytest.fixture
def sprinklr(since: Since) -> Sprinklr:
    return since


async def do(client: Client, deed: Deed) -> Any:
    return await client.call_tool(deed.tool, deed.arguments)


async def asked(client: Client, opened: Opened, window: Window, deed: Deed) -> str:
    """Call, and let the person look at the page that was opened."""
    assert code_of(await do(client, deed)) == "CONFIRMATION_REQUIRED"
    address = opened.next()
    window.open(address)
    return address


async def test_a_person_reads_agrees_and_sees_what_came_of_it(
    client: Client, opened: Opened, window: Window, sprinklr: Sprinklr
) -> None:
    deed = new_deed(DELETE)
    await asked(client, opened, window, deed)
    assert window.title == f"Delete case {deed.right} for good? This cannot be undone."
    assert "Sprinklr prod2" in window.text
    window.type(NUMBER, f"#{deed.right}")
    window.press("Agree")
    window.shows("You agreed")
    assert sprinklr.commits() == []
    assert not (await do(client, deed)).is_error
    await run_sync(window.shows, "Done")
    assert [commit["body"] for commit in sprinklr.commits()] == [[deed.right]]


async def test_the_time_that_is_left_is_seen_to_run_out(
    client: Client, opened: Opened, window: Window
) -> None:
    """Without a script, and under the page's own policy."""
    await asked(client, opened, window, new_deed(DELETE))
    width = "return document.querySelector('.time rect').getBoundingClientRect().width"
    at_first: float = window.driver.execute_script(width)
    assert at_first > 0
    await until(lambda: 0 < window.driver.execute_script(width) < at_first)


async def test_the_enter_key_agrees_and_never_declines(
    client: Client, opened: Opened, window: Window
) -> None:
    deed = new_deed(DELETE)
    await asked(client, opened, window, deed)
    window.type(NUMBER, deed.right + Keys.ENTER)
    window.shows("You agreed")


async def test_a_person_declines_without_typing_anything(
    client: Client, opened: Opened, window: Window, sprinklr: Sprinklr
) -> None:
    deed = new_deed(DELETE)
    await asked(client, opened, window, deed)
    window.press("Decline")
    window.shows("You declined")
    assert code_of(await do(client, deed)) == "CONFIRMATION_DECLINED"
    assert sprinklr.commits() == []


async def test_a_wrong_text_is_told_and_sends_nothing(
    client: Client, opened: Opened, window: Window, sprinklr: Sprinklr
) -> None:
    deed = new_deed(DELETE)
    await asked(client, opened, window, deed)
    window.type(NUMBER, "yes")
    window.press("Agree")
    window.shows("That was not the case number")
    await asked(client, opened, window, deed)
    assert sprinklr.commits() == []
    window.press("Decline")


async def test_reloading_and_going_back_answer_nothing_a_second_time(
    client: Client, opened: Opened, window: Window, sprinklr: Sprinklr
) -> None:
    deed = new_deed(PUBLISH)
    await asked(client, opened, window, deed)
    window.driver.refresh()
    window.type(ACCOUNT, deed.right)
    window.press("Agree")
    window.shows("You agreed")
    window.driver.refresh()
    window.shows("You agreed")
    assert not (await do(client, deed)).is_error
    await run_sync(window.shows, "Done")
    window.driver.back()
    assert window.driver.find_elements(By.TAG_NAME, "form") == []
    window.driver.refresh()
    assert len(sprinklr.commits()) == 1


async def test_two_tabs_give_one_answer(
    client: Client, opened: Opened, window: Window, sprinklr: Sprinklr
) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, window, deed)
    window.open_in_a_new_tab(address)
    window.type(NUMBER, deed.right)
    window.press("Agree")
    window.shows("You agreed")
    assert not (await do(client, deed)).is_error
    window.to_tab(0)
    window.type(NUMBER, deed.right)
    window.press("Agree")
    window.shows("Done")
    assert len(sprinklr.commits()) == 1


async def test_a_page_whose_time_is_over_says_so(
    client: Client,
    opened: Opened,
    window: Window,
    installation_of_file: Installation,
    sprinklr: Sprinklr,
) -> None:
    deed = new_deed(DELETE)
    await asked(client, opened, window, deed)
    with installation_of_file.store() as store:
        store.execute("UPDATE approval SET expires_at = expires_at - 301")
    window.type(NUMBER, deed.right)
    window.press("Agree")
    window.shows("The time to answer has passed")
    assert sprinklr.commits() == []


async def test_a_page_says_by_itself_that_its_time_is_over(
    installation_of_file: Installation, opened: Opened, window: Window, era: str
) -> None:
    soon = opened.by(installation_of_file).changed(SPRINKLR_APPROVAL_DEADLINE="1")
    async with soon.client(era) as client:
        await asked(client, opened, window, new_deed(DELETE))
        await run_sync(window.shows, "The time to answer has passed")


async def test_what_people_wrote_is_text_and_nothing_else(
    client: Client, opened: Opened, window: Window, era: str
) -> None:
    number = next(cases)
    change = {"case_number": number, "subject": f"{HOSTILE} a < b & 'c'"}
    changed = await client.call_tool("sprinklr_update_case", change)
    assert not changed.is_error, text_of(changed)
    await asked(client, opened, window, Deed(DELETE, {"case_number": number}, str(number)))
    # Markup in a subject is read, as Sprinklr means it; whatever is left of it is text.
    assert """"'>{{ 7*7 }} a < b & 'c'""" in window.text
    assert window.driver.find_elements(By.CSS_SELECTOR, "script, img") == []
    window.press("Decline")
    await asked(client, opened, window, Deed(PUBLISH, {"case_number": 96827, "text": HOSTILE + era}, ""))
    assert HOSTILE in window.text
    assert window.driver.title == "Send this message to a customer? It cannot be taken back. · Sprinklr MCP"
    assert window.driver.find_elements(By.CSS_SELECTOR, "script, img") == []
    window.press("Decline")


async def test_a_long_text_is_shown_whole(client: Client, opened: Opened, window: Window, era: str) -> None:
    lines = [f"Line {number} of a long letter, {era}." for number in range(1000)]
    text = "\n".join(lines)[:20_000]
    assert len(text) == 20_000
    await asked(client, opened, window, Deed(PUBLISH, {"case_number": 96827, "text": text}, ""))
    assert window.driver.find_element(By.CLASS_NAME, "whole").text == text.strip()
    assert "20,000 characters, shown whole." in window.text
    window.press("Decline")


async def test_another_sites_form_answers_nothing(
    client: Client, opened: Opened, window: Window, sprinklr: Sprinklr
) -> None:
    """Even one that knew the address."""
    deed = new_deed(DELETE)
    address = await asked(client, opened, window, deed)
    form = (
        f'<h1>Win a prize</h1><form method="post" action="{address}">'
        f'<input name="typed" value="{deed.right}"><button name="answer" value="agree">Go</button></form>'
    )
    with another_site(form) as place:
        window.open(place)
        window.press("Go")
        window.shows("Not accepted")
    assert "403" in window.complaints()[0]
    window.open(address)
    assert window.title.startswith("Delete case")
    window.press("Decline")
    assert sprinklr.commits() == []


@contextmanager
def another_site(page: str) -> Generator[str]:
    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None: ...

    # A browser opens connections in advance, and says nothing on them.
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_the_page_serves_a_keyboard_a_narrow_screen_and_a_screen_reader(
    client: Client, opened: Opened, window: Window
) -> None:
    await asked(client, opened, window, new_deed(PUBLISH))
    window.emulate("setDeviceMetricsOverride", width=360, height=640, deviceScaleFactor=1, mobile=False)
    assert window.driver.execute_script("return document.documentElement.scrollWidth") <= 360
    assert window.driver.execute_script("return document.documentElement.lang") == "en"
    assert len(window.driver.find_elements(By.TAG_NAME, "h1")) == 1
    reached = []
    for _ in range(3):
        window.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(window.driver.switch_to.active_element.get_attribute("value") or "typed")
    assert reached == ["typed", "agree", "decline"]
    window.type(ACCOUNT, " ")
    window.press("Agree")
    field = window.field(ACCOUNT)
    assert field.get_attribute("aria-invalid") == "true"
    assert "problem" in (field.get_attribute("aria-describedby") or "")
    assert "422" in window.complaints()[0]
    assert "Nothing was typed" in window.driver.find_element(By.ID, "problem").text
    assert window.driver.switch_to.active_element == field
    window.press("Decline")


# --- logging in ---


@pytest.fixture(scope="module")
def elsewhere() -> Generator[tuple[Sprinklr, str]]:
    """A Sprinklr where the app's callback address is a site that this machine does not answer for."""
    with another_site("<h1>Nothing to see</h1>") as site:
        callback = site.replace("127.0.0.1", "callback.localhost") + "callback"
        with running_sprinklr("--redirect-uri", callback) as sprinklr:
            yield sprinklr, callback


def log_in_at_sprinklr(window: Window) -> None:
    window.press("Open Sprinklr's login page")
    window.has_tabs(2)
    window.to_tab(1)
    window.type("E-mail", EMAIL)
    window.type("Password", PASSWORD)
    window.press("Log in")
    window.shows("Choose workspaces")
    window.press("Submit")


async def test_a_person_logs_in_by_pasting_the_address(
    elsewhere: tuple[Sprinklr, str], opened: Opened, window: Window, tmp_path: Path, era: str
) -> None:
    sprinklr, callback = elsewhere
    installation = opened.by(Installation(tmp_path / "home", {**sprinklr.settings, **WIDE}))
    async with installation.client(era) as client:
        read = {"case_number": 96832}
        assert code_of(await client.call_tool("sprinklr_get_case_by_number", read)) == "LOGIN_REQUIRED"
        window.open(opened.next())
        log_in_at_sprinklr(window)
        window.is_at(callback)
        redirected = window.driver.current_url
        window.to_tab(0)
        window.type("The address that your browser shows", callback + "?code=1&state=2")
        window.press("Log in")
        window.shows("Log in to Sprinklr")
        assert "does not belong to this login" in window.text
        assert "422" in window.complaints()[0]
        window.type("The address that your browser shows", redirected)
        window.press("Log in")
        await run_sync(window.shows, "You are logged in")
        assert not (await client.call_tool("sprinklr_get_case_by_number", read)).is_error


async def test_a_person_logs_in_where_the_callback_address_is_this_machines_own(
    opened: Opened, window: Window, tmp_path: Path, era: str
) -> None:
    with running_sprinklr("--redirect-uri", f"http://127.0.0.1:{free_port()}/callback") as sprinklr:
        installation = opened.by(Installation(tmp_path / "home", {**sprinklr.settings, **WIDE}))
        async with installation.client(era) as client:
            read = {"case_number": 96832}
            assert code_of(await client.call_tool("sprinklr_get_case_by_number", read)) == "LOGIN_REQUIRED"
            window.open(opened.next())
            assert window.driver.find_elements(By.TAG_NAME, "form") == []
            log_in_at_sprinklr(window)
            window.shows("Thank you")
            window.to_tab(0)
            await run_sync(window.shows, "You are logged in")
            assert not (await client.call_tool("sprinklr_get_case_by_number", read)).is_error
