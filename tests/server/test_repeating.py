"""Repetitions are few: when Sprinklr fails everybody, repeating every call would only make it worse."""

from __future__ import annotations

import pytest
from clocks import Clock
from installation import ERAS, Installation, Sprinklr, code_of, text_of

from sprinklr_mcp.sending.retrying import LEAST, MINUTE, RetryBudget

pytestmark = pytest.mark.anyio

READ = ("sprinklr_get_case_by_number", {"case_number": 96832})
READ_CALL = "/case/case-numbers"


async def test_a_server_repeats_three_calls_a_minute_and_then_says_that_sprinklr_is_down(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    async with installation.client_here(list(ERAS)[-1]) as client:
        for number in range(1, LEAST + 1):
            sprinklr.fault(READ_CALL, "status", status=503)
            assert not (await client.call_tool(*READ)).is_error
            assert len(sprinklr.requests(READ_CALL)) == 2 * number
        sprinklr.fault(READ_CALL, "status", status=503)
        result = await client.call_tool(*READ)
        assert code_of(result) == "UPSTREAM_DOWN"
        assert "Try again in a few minutes" in text_of(result)
        assert len(sprinklr.requests(READ_CALL)) == 2 * LEAST + 1, "and it was not repeated"
        assert not (await client.call_tool(*READ)).is_error


def taken(budget: RetryBudget) -> int:
    """Take all that is left."""
    count = 0
    while budget.take():
        count += 1
    return count


def test_a_tenth_of_the_calls_of_a_minute_may_be_repeated_and_three_in_any_case() -> None:
    clock = Clock()
    budget = RetryBudget(clock.now)
    assert taken(budget) == LEAST
    for _ in range(200):
        budget.called()
    assert taken(budget) == 20 - LEAST
    clock.at += MINUTE / 2
    for _ in range(100):
        budget.called()
    assert taken(budget) == 10
    clock.at += MINUTE / 2 + 1
    assert taken(budget) == 0, "100 calls and 10 repetitions are younger than a minute"
    clock.at += MINUTE
    assert taken(budget) == LEAST
