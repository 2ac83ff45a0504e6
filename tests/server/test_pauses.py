"""When Sprinklr says that it is too much, all processes of the key hold back, and one tries first."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

import anyio
import pytest
from clocks import Clock
from installation import ERAS, Installation, Sprinklr, code_of, text_of
from mcp import Client
from seed import SEED
from waiting import until

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.sending.limiter import FOREIGN, Limiter
from sprinklr_mcp.store.database import Database
from sprinklr_tools.platform import Pace

pytestmark = pytest.mark.anyio

ERA = list(ERAS)[-1]
CASE = ("sprinklr_get_case_by_number", {"case_number": 96832})
ME: tuple[str, dict[str, Any]] = ("sprinklr_get_me", {})
CASE_CALL = "/case/case-numbers"
FOUND = json.dumps([next(one for one in SEED["cases"] if one["caseNumber"] == 96832)])


# --- in servers ---


async def test_after_a_pause_one_call_of_one_process_tries_and_the_others_wait_for_it(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    results: list[Any] = []
    sprinklr.fault(CASE_CALL, "answer", status=429, headers={"Retry-After": "1"})
    sprinklr.fault(CASE_CALL, "delay", seconds=1)

    async def call(client: Client) -> None:
        results.append(await client.call_tool(*CASE))

    async with (
        installation.client(ERA) as one,
        installation.client(ERA) as two,
        anyio.create_task_group() as group,
    ):
        group.start_soon(call, one)
        await until(lambda: pauses(installation))
        for client in (one, two) * 3:
            group.start_soon(call, client)
    assert [text_of(one) for one in results if one.is_error] == []
    refused, tried, *others = [one["time"] / 1000 for one in sprinklr.requests(CASE_CALL)]
    assert len(others) == 6
    assert tried - refused > 0.95
    assert min(others) - tried > 0.95, "while one tried, no other was made"


def pauses(installation: Installation) -> int:
    with installation.store() as store:
        return store.execute("SELECT count(*) FROM cooling").fetchone()[0]


async def test_a_pause_that_concerns_one_endpoint_leaves_the_others_alone(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    headers = {"Retry-After": "1800", "X-RateLimit-Rule-Id": "17"}
    sprinklr.fault(CASE_CALL, "answer", status=429, headers=headers)
    async with installation.client_here(ERA) as client:
        for _ in range(2):
            refused = await client.call_tool(*CASE)
            assert code_of(refused) == "OVER_RATE"
            assert "Wait 1800 seconds" in text_of(refused)
        assert len(sprinklr.requests(CASE_CALL)) == 1
        assert not (await client.call_tool(*ME)).is_error


async def test_a_date_to_wait_for_is_waited_for(installation: Installation, sprinklr: Sprinklr) -> None:
    async with installation.client_here(ERA) as client:
        until = int(time.time()) + 3
        soon = {"Retry-After": formatdate(until, usegmt=True)}
        sprinklr.fault(CASE_CALL, "answer", status=429, headers=soon)
        assert not (await client.call_tool(*CASE)).is_error
        _refused, done = [one["time"] / 1000 for one in sprinklr.requests(CASE_CALL)]
        assert done >= until
        late = {"Retry-After": formatdate(time.time() + 1800, usegmt=True)}
        sprinklr.fault(CASE_CALL, "answer", status=429, headers=late)
        told = text_of(await client.call_tool(*CASE))
    seconds = int(told.split("Wait ")[1].split()[0])
    assert 1700 < seconds <= 1800


async def test_the_last_call_of_an_hour_is_followed_by_a_pause_though_it_was_answered(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """Somebody else has used up the limit of the same key: nothing remains, says an answer."""
    of_a_second = {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "10"}
    of_an_hour = {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "1000"}
    narrow = installation.changed(SPRINKLR_CALLS_PER_SECOND="10", SPRINKLR_CALLS_PER_HOUR="1000")
    async with narrow.client_here(ERA) as client:
        sprinklr.fault(CASE_CALL, "answer", body=FOUND, headers=of_a_second)
        assert not (await client.call_tool(*CASE)).is_error
        sprinklr.fault(CASE_CALL, "answer", body=FOUND, headers=of_an_hour)
        assert not (await client.call_tool(*CASE)).is_error
        refused = await client.call_tool(*ME)
    assert code_of(refused) == "OVER_RATE"
    assert f"Wait {FOREIGN:.0f} seconds" in text_of(refused)
    assert len(sprinklr.requests("/api/")) == 2


# --- what takes longer, on a real store, with a clock of its own ---

REFUSED, FINE = Pace(refused=True), Pace(refused=False)
NO_TIME, SOME = 3.0, 20.0
"""Seconds that a call waits: fewer than others are held back for, and more."""


@dataclass
class Key:
    """An API key, and what two processes that share a store make of it."""

    clock: Clock
    one: Limiter
    two: Limiter

    async def call(self, limiter: Limiter, pace: Pace | None, patience: float = SOME) -> bool:
        """Make a call that is answered so, or not at all; tell whether it was the one that tries."""
        async with limiter.slot(30, patience=patience) as slot:
            slot.pace = pace
        return slot.probing

    async def held_back(self, limiter: Limiter) -> None:
        with pytest.raises(Fault) as fault:
            await self.call(limiter, FINE, NO_TIME)
        assert fault.value.code is Code.OVER_RATE


@pytest.fixture
async def key(tmp_path: Path) -> AsyncGenerator[Key]:
    clock = Clock()
    async with AsyncExitStack() as stack:
        limiters: list[Limiter] = []
        for _ in range(2):
            database = Database(tmp_path / "store.sqlite3")
            stack.push_async_callback(database.close)
            limiters.append(Limiter(database, "prod:1", 10, 1000, now=clock.now, sleep=clock.sleep))
        yield Key(clock, *limiters)


async def test_a_pause_without_advice_is_doubled_each_time_the_try_is_refused(key: Key) -> None:
    assert not await key.call(key.one, REFUSED)
    begun = key.clock.at
    ends: list[float] = []
    for _ in range(3):
        assert await key.call(key.two, REFUSED), "it is the one that tries"
        ends.append(key.clock.at - begun)
    assert ends == pytest.approx([1, 1 + 2, 1 + 2 + 4])
    assert await key.call(key.one, FINE)
    assert not await key.call(key.two, FINE), "and then everybody goes on"
    assert key.clock.at - begun == pytest.approx(1 + 2 + 4 + 8)


async def test_while_one_tries_the_other_process_is_held_back(key: Key) -> None:
    await key.call(key.one, Pace(refused=True, wait=60))
    await key.held_back(key.two)
    key.clock.at += 60
    async with key.one.slot(30, patience=SOME) as slot:
        assert slot.probing
        await key.held_back(key.two)
        await key.held_back(key.one)
        slot.pace = FINE
    await key.call(key.two, FINE, NO_TIME)


async def test_a_try_that_is_never_answered_does_not_hold_the_others_back_for_ever(key: Key) -> None:
    await key.call(key.one, Pace(refused=True, wait=60))
    key.clock.at += 60
    assert await key.call(key.one, None)
    await key.held_back(key.two)
    assert await key.call(key.two, FINE), "after a moment another one tries"


async def test_many_refusals_at_once_make_one_pause(key: Key) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(5):
            slot = await stack.enter_async_context(key.one.slot(30))
            slot.pace = REFUSED
    begun = key.clock.at
    await key.call(key.two, FINE)
    assert key.clock.at - begun == pytest.approx(1)


async def test_no_pause_is_longer_than_an_hour_and_none_outlasts_a_clock_set_back(key: Key) -> None:
    await key.call(key.one, Pace(refused=True, wait=90_000))
    key.clock.at += 3599
    assert await key.call(key.two, FINE)
    await key.call(key.one, Pace(refused=True, wait=1800))
    key.clock.at -= 7200
    await key.call(key.two, FINE, NO_TIME)
