"""A person agrees in a terminal of their own, for clients that cannot ask; and nothing else can.

The terminals here are real ones: the command's controlling terminal is a pseudo-terminal, and what a
person types arrives through it.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from deeds import DELETE, PUBLISH, cases
from doomed import Doomed
from installation import ERAS, Installation, Person, Sprinklr, code_of, text_of
from mcp import Client
from terminals import terminal

pytestmark = pytest.mark.anyio


def approve(installation: Installation, *lines: str) -> str:
    """Answer what waits, line by line, and return all that was shown."""
    with terminal(installation, "approve") as at:
        shown = ""
        for line in lines:
            shown += at.read_until("\n> ")
            at.type(line)
        return shown + at.finish()


@pytest.fixture
def installation(installation_of_file: Installation, sprinklr: Sprinklr) -> Installation:
    """An installation in which nothing waits yet."""
    with installation_of_file.store() as store:
        store.execute("DELETE FROM approval")
    return installation_of_file


def with_ways(installation: Installation, ways: str) -> Installation:
    return installation.changed(SPRINKLR_APPROVAL_WAYS=ways)


@pytest.fixture(scope="module")
async def client(installation_of_file: Installation) -> AsyncGenerator[Client]:
    """A client that cannot ask anybody."""
    async with installation_of_file.client("2026-07-28") as connected:
        yield connected


async def delete(client: Client, number: int) -> Any:
    return await client.call_tool(DELETE, {"case_number": number})


def deleting(number: int) -> str:
    return f'{{"case_number": {number}}}'


@pytest.mark.parametrize("era", ERAS)
async def test_what_a_person_agrees_to_in_a_terminal_happens_once(
    installation: Installation, sprinklr: Sprinklr, era: str
) -> None:
    """SR-06: a client without forms is told of the terminal; a model is shown nothing to hand back."""
    message = {"case_number": 96827, "text": "It has been found."}
    async with installation.client(era) as client:
        for tool, arguments in ((DELETE, {"case_number": 96832}), (PUBLISH, message)):
            told = await client.call_tool(tool, arguments)
            assert_only_the_way_out_is_told(told, installation)
        assert sprinklr.commits() == []
        shown = approve(installation, "#96832", "northwind cycles")
        assert "1 of 2 · sprinklr_delete_case_by_number" in shown
        assert "Delete case 96832 for good? This cannot be undone." in shown
        assert "Subject: “TEST: please ignore, created during training”" in shown
        assert "2 of 2 · sprinklr_publish_message" in shown
        assert "It has been found." in shown
        assert shown.count("Agreed. It is sent when the assistant calls again, within 5 minutes.") == 2
        assert sprinklr.commits() == []
        for tool, arguments in ((DELETE, {"case_number": "96832"}), (PUBLISH, message)):
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, text_of(result)
        again = await client.call_tool(PUBLISH, message)
        assert_only_the_way_out_is_told(again, installation)
    tools = [commit["tool"] for commit in sprinklr.commits()]
    assert tools == ["delete_case_by_number", "publish_message"]
    agreed = [row["approved"] for row in installation.audit() if row["kind"] == "intent"]
    assert agreed[-2:] == ["terminal", "terminal"]


def assert_only_the_way_out_is_told(result: Any, installation: Installation) -> None:
    """A model gets nothing that it could hand back: neither an id, nor an address, nor a handle."""
    assert code_of(result) == "CONFIRMATION_REQUIRED"
    assert "`sprinklr-mcp approve`" in text_of(result)
    assert "Nothing was sent." in text_of(result)
    assert set(result.structured_content["error"]) == {"code", "message", "sent", "next"}
    told = text_of(result) + str(result.structured_content) + str(result.meta)
    assert not re.search(r"http|[0-9a-f]{8}|[A-Za-z0-9_-]{24}", told)
    with installation.store() as store:
        secrets = store.execute("SELECT handle, digest FROM approval").fetchall()
    assert secrets
    assert not any(secret in told for row in secrets for secret in row)


async def test_an_agreement_in_a_terminal_outlives_the_server(
    installation: Installation, sprinklr: Sprinklr, client: Client, tmp_path: Path
) -> None:
    number = next(cases)
    doomed = Doomed(installation, tmp_path)
    async with Client(doomed.serving) as its_client:
        await delete(its_client, number)
        approve(installation, str(number))
        doomed.gets(signal.SIGKILL)
    assert sprinklr.commits() == []
    assert not (await delete(client, number)).is_error
    assert "already deleted" in text_of(await delete(client, number))
    assert len(sprinklr.commits()) == 1


async def test_what_was_declined_in_a_form_can_still_be_agreed_to_in_a_terminal(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """Some clients decline by themselves."""
    person = Person(does="decline")
    number = next(cases)
    async with installation.client_here("2026-07-28", person) as client:
        for _ in range(3):
            result = await client.call_tool(DELETE, {"case_number": number})
            assert code_of(result) == "CONFIRMATION_DECLINED"
        assert len(person.asked) == 1
        assert "1 of 1" in approve(installation, str(number))
        result = await client.call_tool(DELETE, {"case_number": number})
        assert not result.is_error, text_of(result)
    assert len(person.asked) == len(sprinklr.commits()) == 1


async def test_the_form_is_not_shown_where_the_operator_allows_the_terminal_alone(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    person = Person(types="96832")
    async with with_ways(installation, "terminal").client_here("2026-07-28", person) as client:
        result = await client.call_tool(DELETE, {"case_number": 96832})
    assert_only_the_way_out_is_told(result, installation)
    assert person.asked == []
    assert sprinklr.commits() == []


def test_approve_refuses_where_the_operator_does_not_allow_the_terminal(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    only_form = with_ways(installation, "form")
    with terminal(only_form, "call", DELETE, deleting(96832)) as at:
        told = at.finish()
        assert "CONFIRMATION_REQUIRED" in told
        assert "The operator allows no other way" in told
        assert "sprinklr-mcp approve" not in told
        assert at.status == 1
    with terminal(only_form, "approve") as at:
        assert "SPRINKLR_APPROVAL_WAYS" in at.finish()
        assert at.status == 1
    assert sprinklr.commits() == []


async def test_what_was_agreed_to_in_a_way_that_is_not_allowed_here_is_not_used(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    await delete(client, 96832)
    assert "Agreed." in approve(installation, "96832")
    person = Person(does="cancel")
    async with with_ways(installation, "form").client_here("2026-07-28", person) as other:
        result = await other.call_tool(DELETE, {"case_number": 96832})
    assert code_of(result) == "CONFIRMATION_REQUIRED"
    assert len(person.asked) == 1
    assert sprinklr.commits() == []


async def test_approve_takes_nothing_from_a_pipe(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    number = next(cases)
    await delete(client, number)
    piped = installation.run("approve", stdin=f"{number}\n" * 3)
    assert piped.returncode == 1
    assert "no terminal" in piped.stderr
    assert str(number) not in piped.stdout
    assert installation.run("approve", str(number), stdin=f"{number}\n").returncode == 2
    assert code_of(await delete(client, number)) == "CONFIRMATION_REQUIRED"
    assert sprinklr.commits() == []


async def test_approve_reads_the_terminal_even_where_a_pipe_holds_the_answer(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    number = next(cases)
    await delete(client, number)
    outlet, inlet = os.pipe()
    os.write(inlet, f"{number}\n".encode())
    os.close(inlet)
    with terminal(installation, "approve", stdin=outlet) as at:
        at.read_until("\n> ")
        at.type("")
        assert "Left undecided." in at.finish()
    os.close(outlet)
    assert code_of(await delete(client, number)) == "CONFIRMATION_REQUIRED"
    assert sprinklr.commits() == []


async def test_a_wrong_or_empty_line_leaves_it_undecided(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    numbers = [next(cases) for _ in range(4)]
    for number in numbers:
        await delete(client, number)
    shown = approve(installation, "", "yes", str(numbers[0]), f"{numbers[3]} or not")
    assert (shown.count("Left undecided."), shown.count("; left undecided.")) == (1, 3)
    for number in numbers:
        assert code_of(await delete(client, number)) == "CONFIRMATION_REQUIRED"
    assert sprinklr.commits() == []
    assert "4 of 4" in approve(installation, *map(str, numbers))
    for number in numbers:
        assert not (await delete(client, number)).is_error
    assert len(sprinklr.commits()) == 4


async def test_an_agreement_that_is_not_used_in_time_is_worth_nothing(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    number = next(cases)
    await delete(client, number)
    assert "Agreed." in approve(installation, str(number))
    with installation.store() as store:
        store.execute("UPDATE approval SET expires_at = expires_at - 301")
    assert code_of(await delete(client, number)) == "CONFIRMATION_REQUIRED"
    assert sprinklr.commits() == []


async def test_a_dash_declines(installation: Installation, sprinklr: Sprinklr, client: Client) -> None:
    declined, kept = next(cases), next(cases)
    for number in (declined, kept):
        await delete(client, number)
    assert "Declined. Nothing will be sent." in approve(installation, "-", "")
    assert "1 of 1" in approve(installation, str(kept))
    assert code_of(await delete(client, declined)) == "CONFIRMATION_REQUIRED"
    assert sprinklr.commits() == []


def test_call_asks_at_its_own_terminal(installation: Installation, sprinklr: Sprinklr) -> None:
    number = next(cases)
    for line, told in (
        ("yes", "CONFIRMATION_DECLINED: What the person typed is not the case number. Nothing was sent."),
        ("-", "CONFIRMATION_DECLINED: The person said no. Nothing was sent."),
    ):
        with terminal(installation, "call", "delete_case_by_number", deleting(number)) as at:
            assert f"Delete case {number} for good?" in at.read_until("\n> ")
            at.type(line)
            assert told in at.finish()
            assert at.status == 1
    assert sprinklr.commits() == []
    with terminal(installation, "call", "delete_case_by_number", deleting(number)) as at:
        at.read_until("\n> ")
        at.type(str(number))
        assert '"deleted": true' in at.finish()
        assert at.status == 0
    assert len(sprinklr.commits()) == 1


def test_call_without_a_terminal_asks_nobody(installation: Installation, sprinklr: Sprinklr) -> None:
    number = next(cases)
    done = installation.run("call", DELETE, deleting(number), stdin=f"{number}\n" * 3)
    assert done.returncode == 1
    assert "CONFIRMATION_REQUIRED" in done.stderr
    assert sprinklr.commits() == []


async def test_a_text_too_long_for_a_form_is_shown_whole_in_a_terminal(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    text = "".join(f"Sentence {number} of a long letter. " for number in range(300))
    assert len(text) > 8_000
    message = {"case_number": 96827, "text": text}
    assert code_of(await client.call_tool(PUBLISH, message)) == "CONFIRMATION_REQUIRED"
    assert text.strip() in approve(installation, "Northwind Cycles")
    result = await client.call_tool(PUBLISH, message)
    assert not result.is_error, text_of(result)
    (commit,) = sprinklr.commits()
    assert commit["body"]["content"]["text"] == text
