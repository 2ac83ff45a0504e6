"""A person agrees on a page in their own browser, where the client cannot ask: once, and nobody else can.

The browser here is only as much of one as each promise needs; test_pages_in_chromium.py has a real one.
"""

from __future__ import annotations

import contextlib
import re
import signal
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deeds import DELETE, PUBLISH, Deed, cases, new_deed
from doomed import Doomed
from installation import Installation, Person, Since, Sprinklr, code_of, text_of
from mcp import Client
from opened import Opened, answer, client_with_log, heading, look
from waiting import until

pytestmark = pytest.mark.anyio
WAITING = re.compile(r"Delete case \d+ for good\?|Send this message")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return Opened(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def installation(installation_of_file: Installation, opened: Opened) -> Installation:
    return opened.by(installation_of_file)


@pytest.fixture(autouse=True)
def answered_in_the_end(opened: Opened) -> Generator[None]:
    """A person leaves no question open: only so many pages wait at a time."""
    before = len(opened.taken)
    yield
    for address in opened.taken[before:]:
        with contextlib.suppress(httpx2.TransportError):
            answer(address, answer="decline")


@pytest.fixture
def sprinklr(since: Since) -> Sprinklr:
    return since


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
async def client(installation: Installation, era: str, log: Path) -> AsyncGenerator[Client]:
    """A client that cannot ask anybody, in each era of the protocol."""
    async with client_with_log(installation, era, log) as connected:
        yield connected


async def do(client: Client, deed: Deed) -> Any:
    return await client.call_tool(deed.tool, deed.arguments)


async def asked(client: Client, opened: Opened, deed: Deed) -> str:
    """Call, and return the address of the page that was opened."""
    result = await do(client, deed)
    assert code_of(result) == "CONFIRMATION_REQUIRED"
    assert "has been opened in their browser" in text_of(result)
    return opened.next()


def assert_still_waits(address: str) -> None:
    assert WAITING.match(heading(look(address)))


async def test_what_a_person_agrees_to_on_the_page_happens_once(
    client: Client, opened: Opened, installation: Installation, sprinklr: Sprinklr, deed: Deed
) -> None:
    address = await asked(client, opened, deed)
    assert sprinklr.commits() == []
    done = answer(address, answer="agree", typed=f"  {deed.right.upper()} ")
    assert heading(done) == "You agreed"
    assert sprinklr.commits() == []
    result = await do(client, deed)
    assert not result.is_error, text_of(result)
    assert heading(look(address)) == "Done"
    assert heading(answer(address, answer="agree", typed=deed.right)) == "Done"
    if deed.tool == PUBLISH:
        await asked(client, opened, deed)
    assert len(sprinklr.commits()) == 1
    intents = [row for row in installation.audit() if row["kind"] == "intent"]
    assert intents[-1]["approved"] == "page"


async def test_the_model_and_the_log_are_told_nothing_that_leads_to_the_page(
    client: Client, opened: Opened, installation: Installation, log: Path
) -> None:
    """SR-06: an assistant gets nothing that it could hand back."""
    deed = new_deed(DELETE)
    first = await do(client, deed)
    address = opened.next()
    again = await do(client, deed)
    declined = answer(address, answer="decline")
    assert heading(declined) == "You declined"
    last = await do(client, deed)
    secret, place = address.rpartition("/")[2], address.split("/")[2]
    assert len(secret) >= 43
    told = " ".join(f"{text_of(one)} {one.structured_content} {one.meta}" for one in (first, again, last))
    assert not re.search(r"http|127\.0\.0\.1|[A-Za-z0-9_-]{24}", told)
    kept = log.read_text() + str(installation.audit()) + str(storage(installation))
    assert secret not in kept
    assert place not in kept


def storage(installation: Installation) -> list[bytes]:
    return [path.read_bytes() for path in installation.home.glob("store.sqlite3*")]


async def test_a_page_is_opened_once_for_a_question(
    client: Client, opened: Opened, installation: Installation, era: str, log: Path
) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    async with client_with_log(installation, era, log) as other:
        for one in (client, other, client):
            result = await do(one, deed)
            assert code_of(result) == "CONFIRMATION_REQUIRED"
            assert "is already open in their browser" in text_of(result)
    assert opened.addresses == []
    assert_still_waits(address)


async def test_declining_on_the_page_sends_nothing_and_opens_no_other(
    client: Client, opened: Opened, sprinklr: Sprinklr, deed: Deed
) -> None:
    address = await asked(client, opened, deed)
    assert heading(answer(address, answer="decline", typed=deed.right)) == "You declined"
    assert heading(answer(address, answer="agree", typed=deed.right)) == "You declined"
    for _ in range(2):
        result = await do(client, deed)
        assert code_of(result) == "CONFIRMATION_DECLINED"
        assert "`sprinklr-mcp approve`" in text_of(result)
    assert opened.addresses == []
    assert sprinklr.commits() == []


@pytest.mark.parametrize("typed", ["yes", "96832 or not", "<script>", "true", "9683"])
async def test_a_wrong_text_ends_the_question(
    client: Client, opened: Opened, sprinklr: Sprinklr, typed: str
) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    assert heading(answer(address, answer="agree", typed=typed)) == "That was not the case number"
    assert heading(answer(address, answer="agree", typed=deed.right)) == "That was not the case number"
    assert await asked(client, opened, deed) != address
    assert sprinklr.commits() == []


@pytest.mark.parametrize(
    "form",
    [
        {"answer": "agree"},
        {"answer": "agree", "typed": " "},
        {"typed": "RIGHT"},
        {"answer": "x"},
        {"typed": ""},
    ],
)
async def test_an_answer_with_nothing_typed_or_no_button_pressed_decides_nothing(
    client: Client, opened: Opened, form: dict[str, str]
) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    filled_in = {name: value.replace("RIGHT", deed.right) for name, value in form.items()}
    page = answer(address, headers=None, **filled_in)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert_still_waits(address)
    assert heading(answer(address, answer="agree", typed=deed.right)) == "You agreed"


OWN = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
STRANGE = {
    "another name": {**OWN, "Host": "localhost"},
    "a name that was bound anew": {**OWN, "Host": "evil.example.com"},
    "no origin": {},
    "another site": {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"},
    "another port": {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
    "a frame without origin": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "no origin and no word": {"Origin": "null"},
    "typed by hand": {"Origin": "null", "Sec-Fetch-Site": "none"},
    "not a form": {**OWN, "Content-Type": "application/json"},
    "text": {**OWN, "Content-Type": "text/plain"},
}


async def test_an_answer_counts_only_from_the_page_itself(client: Client, opened: Opened) -> None:
    """SR-07: whatever else comes to the port changes nothing."""
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    place, _, secret = address.rpartition("/")
    right = {"answer": "agree", "typed": deed.right}
    for name, headers in STRANGE.items():
        assert answer(address, headers=headers, answer="agree", typed=deed.right).status_code in (
            400,
            403,
            421,
        ), name
    for wrong in ("", secret[:-1], secret[:-1] + "!", secret + "/", f"x/{secret}", "favicon.ico"):
        assert answer(f"{place}/{wrong}", answer="agree", typed=deed.right).status_code == 404, wrong
    with httpx2.Client(trust_env=False) as anybody:
        for method in ("PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
            assert anybody.request(method, address, headers=OWN).status_code == 405
        large = anybody.post(address, data={**right, "x": "x" * 70_000}, headers=OWN)
        assert large.status_code == 400
        assert secret not in anybody.get(f"{place}/").text
    assert_still_waits(address)
    assert (
        heading(answer(address, headers={"Origin": place}, answer="agree", typed=deed.right)) == "You agreed"
    )


async def test_looking_changes_nothing(client: Client, opened: Opened, sprinklr: Sprinklr) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    for query in ("", f"?answer=agree&typed={deed.right}", "?answer=decline"):
        page = look(address + query)
        assert WAITING.match(heading(page))
    assert code_of(await do(client, deed)) == "CONFIRMATION_REQUIRED"
    assert sprinklr.commits() == []
    assert {name: page.headers[name] for name in HEADERS} == HEADERS
    policy = page.headers["content-security-policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self'; "
        r"frame-ancestors 'none'; base-uri 'none'",
        policy,
    )


HEADERS = {
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}


async def test_an_answer_that_comes_too_late_changes_nothing(
    client: Client, opened: Opened, installation: Installation, sprinklr: Sprinklr
) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    with installation.store() as store:
        store.execute("UPDATE approval SET expires_at = expires_at - 301")
    late = answer(address, answer="agree", typed=deed.right)
    assert heading(late) == heading(look(address)) == "The time to answer has passed"
    assert await asked(client, opened, deed) != address
    assert sprinklr.commits() == []


async def test_an_agreement_that_is_not_used_in_time_is_worth_nothing(
    client: Client, opened: Opened, installation: Installation, sprinklr: Sprinklr
) -> None:
    deed = new_deed(DELETE)
    address = await asked(client, opened, deed)
    answer(address, answer="agree", typed=deed.right)
    with installation.store() as store:
        store.execute("UPDATE approval SET expires_at = expires_at - 301")
    assert heading(look(address)) == "The time to answer has passed"
    assert await asked(client, opened, deed) != address
    assert sprinklr.commits() == []


async def test_a_text_too_long_for_a_form_is_asked_about_on_the_page(
    installation: Installation, opened: Opened, sprinklr: Sprinklr, era: str
) -> None:
    person = Person()
    text = "".join(f"Sentence {number} of a long letter. " for number in range(300))
    deed = Deed(PUBLISH, {"case_number": 96827, "text": text + era}, "Northwind Cycles")
    async with installation.client(era, person) as client:
        address = await asked(client, opened, deed)
        assert text in look(address).text
        assert heading(answer(address, answer="agree", typed="northwind cycles")) == "You agreed"
        result = await do(client, deed)
        assert not result.is_error, text_of(result)
    assert person.asked == []
    (commit,) = sprinklr.commits()
    assert commit["body"]["content"]["text"] == text + era


async def test_what_was_declined_in_a_form_can_still_be_agreed_to_on_the_page(
    installation: Installation, opened: Opened, sprinklr: Sprinklr, era: str
) -> None:
    """Some clients decline by themselves."""
    person, deed = Person(does="decline"), new_deed(DELETE)
    async with installation.client(era, person) as client:
        assert code_of(await do(client, deed)) == "CONFIRMATION_DECLINED"
        assert opened.addresses == []
        address = await asked(client, opened, deed)
        answer(address, answer="agree", typed=deed.right)
        assert not (await do(client, deed)).is_error
    assert len(person.asked) == len(sprinklr.commits()) == 1


async def test_without_a_browser_the_terminal_is_told(
    installation: Installation, opened: Opened, tmp_path: Path
) -> None:
    refusing = Opened(tmp_path, refusing=True)
    for one in (
        refusing.by(installation),
        installation.changed(BROWSER=""),
        installation.changed(SPRINKLR_APPROVAL_WAYS="form,terminal"),
    ):
        async with one.client("2026-07-28") as client:
            result = await do(client, new_deed(DELETE))
            assert code_of(result) == "CONFIRMATION_REQUIRED"
            assert "Ask the person to run `sprinklr-mcp approve`" in text_of(result)
            assert "page" not in text_of(result)
    assert len(refusing.addresses) == 1
    with pytest.raises(httpx2.ConnectError):
        look(refusing.next())
    assert opened.addresses == []


async def test_where_only_the_page_is_allowed_and_there_is_no_browser_that_is_said(
    installation: Installation,
) -> None:
    only_page = installation.changed(SPRINKLR_APPROVAL_WAYS="page", BROWSER="")
    async with only_page.client("2026-07-28", Person(types="x")) as client:
        result = await do(client, new_deed(DELETE))
    assert code_of(result) == "CONFIRMATION_REQUIRED"
    assert "no page can be opened" in text_of(result)
    assert "sprinklr-mcp approve" not in text_of(result)


async def test_a_page_ends_with_its_server_and_another_may_be_opened_a_minute_later(
    installation: Installation, opened: Opened, client: Client, sprinklr: Sprinklr, tmp_path: Path
) -> None:
    deed, doomed = new_deed(DELETE), Doomed(installation, tmp_path)
    async with Client(doomed.serving) as its_client:
        address = await asked(its_client, opened, deed)
        doomed.gets(signal.SIGKILL)
    await until(lambda: is_gone(address))
    assert "is already open" in text_of(await do(client, deed))
    with installation.store() as store:
        store.execute("UPDATE page SET until = until - 61")
    address = await asked(client, opened, deed)
    answer(address, answer="agree", typed=deed.right)
    assert not (await do(client, deed)).is_error
    assert len(sprinklr.commits()) == 1


def is_gone(address: str) -> bool:
    try:
        look(address)
    except httpx2.TransportError:
        return True
    return False


async def test_a_model_cannot_fill_the_screen_with_pages(installation: Installation, opened: Opened) -> None:
    async with installation.client("2026-07-28") as client:
        numbers = [next(cases) for _ in range(10)]
        told = [text_of(await client.call_tool(DELETE, {"case_number": number})) for number in numbers]
        again = text_of(await client.call_tool(DELETE, {"case_number": numbers[0]}))
    assert [("has been opened" in one) for one in told] == [True] * 8 + [False] * 2
    assert "is already open" in again
    assert len(opened.addresses) == 8
    opened.forget()
