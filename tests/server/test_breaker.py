"""A tool that fails again and again fails at once for a while; the others work meanwhile."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from clocks import Clock
from installation import ERAS, Installation, Sprinklr, code_of, text_of
from mcp import Client

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.sending.breaker import FAILURES, REST, WINDOW, Breaker

pytestmark = pytest.mark.anyio

ERA = list(ERAS)[-1]
CASE = ("sprinklr_get_case_by_number", {"case_number": 96832})
ME: tuple[str, dict[str, Any]] = ("sprinklr_get_me", {})
CASE_CALL = "/case/case-numbers"
TOOL, OTHER = "sprinklr_get_case_by_number", "sprinklr_get_me"


@pytest.fixture
def sprinklr(sprinklr_of_file: Sprinklr) -> Sprinklr:
    """The one Sprinklr of the file, without the faults of the test before."""
    sprinklr_of_file.clear_faults()
    return sprinklr_of_file


@pytest.fixture
async def fresh(installation_of_file: Installation, sprinklr: Sprinklr) -> AsyncGenerator[Client]:
    """A client of a server that has met no failure yet."""
    async with installation_of_file.client_here(ERA) as client:
        yield client


# --- in a server ---


async def test_after_five_failures_in_a_row_a_tool_fails_at_once_and_the_others_work(
    installation_of_file: Installation, sprinklr: Sprinklr
) -> None:
    async with installation_of_file.client(ERA) as client:
        before = len(sprinklr.requests(CASE_CALL))
        for _ in range(FAILURES):
            sprinklr.fault(CASE_CALL, "status", status=503)
            sprinklr.fault(CASE_CALL, "drop_before")
        while len(sprinklr.requests(CASE_CALL)) - before < FAILURES:
            assert code_of(await client.call_tool(*CASE)) == "UPSTREAM_DOWN"
        sprinklr.forget_faults()
        for _ in range(10):
            result = await client.call_tool(*CASE)
            assert code_of(result) == "UPSTREAM_DOWN"
            assert result.structured_content["error"]["sent"] == "no"
            assert "left alone for a moment" in text_of(result)
            assert "other tools may work meanwhile" in text_of(result)
        assert len(sprinklr.requests(CASE_CALL)) - before == FAILURES, "not one more was sent"
        assert not (await client.call_tool(*ME)).is_error


ANSWERS = {
    "over the rate": {"status": 429, "headers": {"Retry-After": "0"}},
    "a right that is missing": {"status": 403, "body": "{}"},
    "a key that is refused": {"status": 401, "body": "Invalid consumer key"},
    "a login that is refused": {"status": 401, "body": "{}"},
    "a request that is refused": {"status": 400, "body": "{}"},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_what_is_refused_is_an_answer_and_never_counts_as_a_failure(
    fresh: Client, sprinklr: Sprinklr, answer: dict[str, Any]
) -> None:
    before = len(sprinklr.requests(CASE_CALL))
    sprinklr.fault(CASE_CALL, "answer", times=1000, **answer)
    while len(sprinklr.requests(CASE_CALL)) - before <= FAILURES:
        assert code_of(await fresh.call_tool(*CASE)) != "UPSTREAM_DOWN"
    sprinklr.clear_faults()
    assert not (await fresh.call_tool(*CASE)).is_error


# --- what takes longer, with a clock of its own ---


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """Of a tool that has just failed too often."""
    breaker = Breaker(clock.now)
    for _ in range(FAILURES):
        breaker.check(TOOL)
        breaker.failed(TOOL)
    return breaker


def told(call: Callable[[], None]) -> str:
    with pytest.raises(Fault) as fault:
        call()
    assert fault.value.code is Code.UPSTREAM_DOWN
    return fault.value.next


def test_it_says_how_long_the_rest_still_lasts(breaker: Breaker, clock: Clock) -> None:
    assert "Wait 15 seconds" in told(lambda: breaker.check(TOOL))
    clock.at += REST - 0.1
    assert "Wait 1 seconds" in told(lambda: breaker.check(TOOL))


def test_after_the_rest_one_call_tries_and_the_others_wait_for_it(breaker: Breaker, clock: Clock) -> None:
    clock.at += REST
    breaker.check(TOOL)
    told(lambda: breaker.check(TOOL))
    breaker.answered(TOOL)
    for _ in range(FAILURES):
        breaker.check(TOOL)


def test_a_try_that_fails_begins_another_rest(breaker: Breaker, clock: Clock) -> None:
    clock.at += REST
    breaker.check(TOOL)
    breaker.failed(TOOL)
    clock.at += REST - 0.1
    told(lambda: breaker.check(TOOL))
    clock.at += 0.1
    breaker.check(TOOL)


def test_a_try_that_nobody_hears_of_again_is_followed_by_another(breaker: Breaker, clock: Clock) -> None:
    clock.at += REST
    breaker.check(TOOL)
    clock.at += REST
    breaker.check(TOOL)


def test_an_answer_in_between_begins_the_count_anew(clock: Clock) -> None:
    breaker = Breaker(clock.now)
    for _ in range(3):
        for _ in range(FAILURES - 1):
            breaker.failed(TOOL)
        breaker.answered(TOOL)
    breaker.check(TOOL)


def test_failures_that_lie_far_apart_are_not_in_a_row(clock: Clock) -> None:
    breaker = Breaker(clock.now)
    for _ in range(3 * FAILURES):
        breaker.failed(TOOL)
        clock.at += WINDOW / 2
    breaker.check(TOOL)


def test_a_rest_is_that_of_one_tool(breaker: Breaker) -> None:
    told(lambda: breaker.check(TOOL))
    for _ in range(FAILURES - 1):
        breaker.check(OTHER)
        breaker.failed(OTHER)
    breaker.check(OTHER)
