"""More calls over HTTP than one process takes: told at once, while those that are taken keep their places.

Sprinklr holds its answers back until every call is in, so no machine is too slow for this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from typing import Any

import anyio
import httpx2
import pytest
from endpoint import EVERY, Caller, Endpoint, answer_in, served_over_http
from installation import Installation, Sprinklr
from waiting import until

pytestmark = pytest.mark.anyio
ME = "sprinklr_get_me"
UNDER_WAY, WAITING, BEYOND = 32, 64, 14


@pytest.fixture(scope="module")
def endpoint(installation_of_file: Installation) -> Generator[Endpoint]:
    with served_over_http(installation_of_file.changed(SPRINKLR_READ_DEADLINE="120")) as endpoint:
        yield endpoint


async def test_calls_beyond_the_queue_are_told_busy_and_the_others_are_answered(
    endpoint: Endpoint, sprinklr_of_file: Sprinklr, era: str
) -> None:
    """SR-34: and lists, which wait for nothing, are served meanwhile."""
    every = UNDER_WAY + WAITING + BEYOND
    before = len(sprinklr_of_file.requests("/me"))
    sprinklr_of_file.fault("GET /me", "delay", times=every, seconds=100)
    caller = Caller(endpoint, era)
    caller.greet()
    results, refused = list[dict[str, Any]](), anyio.Event()

    async def call(http: httpx2.AsyncClient) -> None:
        message = caller.message("tools/call", {"name": ME, "arguments": {}})
        told = await http.post(endpoint.url, json=message, headers=caller.headers(message))
        answer = answer_in(told)
        assert answer["id"] == message["id"]
        results.append(answer["result"])
        if len(results) == BEYOND:
            refused.set()

    async with httpx2.AsyncClient(timeout=120, limits=EVERY) as http, anyio.create_task_group() as group:
        for _ in range(every):
            group.start_soon(call, http)
        await refused.wait()
        await until(lambda: len(sprinklr_of_file.requests("/me")) == before + UNDER_WAY)
        assert Counter(map(code_or_none, results)) == {"BUSY": BEYOND}
        assert answer_in(caller.post(caller.message("tools/list", {})))["result"]["tools"]
        sprinklr_of_file.clear_faults()
    assert Counter(map(code_or_none, results)) == {"BUSY": BEYOND, None: UNDER_WAY + WAITING}


def code_or_none(result: dict[str, Any]) -> str | None:
    if not result.get("isError"):
        return None
    assert "Nothing was sent. Wait until some of them are answered" in result["content"][0]["text"]
    return result["structuredContent"]["error"]["code"]
