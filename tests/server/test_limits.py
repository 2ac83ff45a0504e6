"""Sprinklr's limits on calls, kept by all processes of one installation together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from clocks import Clock
from installation import Installation, Sprinklr, code_of, running_sprinklr, text_of
from mcp import Client

from limits import over
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.sending.limiter import Limiter
from sprinklr_mcp.store.database import Database

pytestmark = pytest.mark.anyio

ERA = "2025-11-25"
READ = ("sprinklr_get_case_by_number", {"case_number": 96832})


async def test_two_processes_together_never_pass_the_limit_of_a_second(tmp_path: Path) -> None:
    with running_sprinklr("--calls-per-second", "5") as sprinklr:
        variables = {**sprinklr.settings, "SPRINKLR_CALLS_PER_SECOND": "5"}
        installation = Installation(tmp_path / "home", variables)
        installation.log_in()
        results: list[Any] = []

        async def call(client: Client) -> None:
            results.append(await client.call_tool(*READ))

        async with (
            installation.client(ERA) as one,
            installation.client(ERA) as two,
            anyio.create_task_group() as group,
        ):
            for client in (one, two) * 8:
                group.start_soon(call, client)
        assert [text_of(one) for one in results if one.is_error] == []
        assert len(results) == 16
        assert {one["status"] for one in sprinklr.requests()} == {200}


async def test_a_pause_that_sprinklr_asks_for_holds_for_every_process(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    sprinklr.fault("/api/", "answer", status=429, headers={"Retry-After": "1800"})
    async with installation.client_here(ERA) as client:
        refused = await client.call_tool(*READ)
        assert code_of(refused) == "OVER_RATE"
        assert "Wait 1800 seconds" in text_of(refused)
        asked = len(sprinklr.requests())
        assert code_of(await client.call_tool(*READ)) == "OVER_RATE"
        done = installation.run("call", "get_case_by_number", '{"case_number": 96832}')
    assert (done.returncode, "OVER_RATE" in done.stderr) == (1, True)
    assert len(sprinklr.requests()) == asked


OVER_RATE: list[dict[str, Any]] = [
    {"status": 403, "body": "<h1>Developer Over Rate</h1>"},
    {"status": 429, "headers": {"Retry-After": "1"}},
]


def test_a_write_over_the_rate_is_made_after_a_pause_and_once(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    for number, answer in enumerate(OVER_RATE, 1):
        sprinklr.fault("POST /comment/CASE/96832", "answer", **answer)
        note = f'{{"case_number": 96832, "text": "Called back, {number}."}}'
        done = installation.run("call", "add_comment", note)
        assert (done.returncode, done.stderr) == (0, ""), answer
        assert len(sprinklr.commits()) == number


async def test_a_call_that_is_still_under_way_keeps_its_place(tmp_path: Path) -> None:
    database = Database(tmp_path / "store.sqlite3")
    limiter = Limiter(database, "prod:1", per_second=1, per_hour=1000)
    async with limiter.slot(60):
        # As if it had been sent ten seconds ago: Sprinklr counts when a call arrives, and it may yet.
        await database.write(lambda connection: connection.execute("UPDATE call_slot SET taken_at = 0"))
        with pytest.raises(Fault) as refused:
            async with limiter.slot(0.2):
                raise AssertionError("there is no room")
    assert refused.value.code is Code.OVER_RATE
    await database.close()


async def test_a_clock_that_is_set_back_holds_nobody_up_and_lets_nobody_pass_the_limit(
    tmp_path: Path,
) -> None:
    """SR-16: the calls before it count as of now, so that the next one waits a second and not ten minutes."""
    clock, arrivals, set_back = Clock(), list[float](), 600.0
    database = Database(tmp_path / "store.sqlite3")
    limiter = Limiter(database, "prod:1", 10, 1000, now=clock.now, sleep=clock.sleep)

    async def call(*, urgent: bool, since: float) -> None:
        async with limiter.slot(30, patience=5, urgent=urgent):
            arrivals.append(clock.at + since)

    for _ in range(15):
        await call(urgent=False, since=0)
    clock.at -= set_back
    await call(urgent=True, since=set_back)
    for _ in range(15):
        await call(urgent=False, since=set_back)
    assert over(arrivals, 10, 1.0) == 0
    assert arrivals[-1] - arrivals[0] < 5
    await database.close()


async def test_a_full_hour_is_said_at_once_and_leaves_room_for_a_login(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    installation = install(SPRINKLR_CALLS_PER_HOUR="20")
    installation.log_in()
    async with installation.client_here(ERA) as client:
        results = [await client.call_tool(*READ) for _ in range(12)]
    refused = [one for one in results if one.is_error]
    assert {code_of(one) for one in refused} == {"OVER_RATE"}
    assert "seconds, then call again with the same arguments" in text_of(refused[0])
    assert "Nothing was changed." in text_of(refused[0])
    assert len(sprinklr.requests()) == 10, "ten calls are kept for what cannot wait"
    installation.log_in()
    assert len(sprinklr.requests()) == 11
