"""A store that cannot grow: what must be written down is refused, and reading goes on."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from browser import log_in_as_a_person
from doomed import Doomed
from installation import Installation, Sprinklr, code_of, text_of
from mcp import Client
from waiting import until

pytestmark = pytest.mark.anyio

READ = ("sprinklr_get_case_by_number", {"case_number": 96832})
NOTE = ("sprinklr_add_comment", {"case_number": 96832, "text": "Called back."})


async def test_a_full_disk_stops_the_writes_and_not_the_reads(
    installation: Installation, sprinklr: Sprinklr, tmp_path: Path
) -> None:
    """SR-33: a write that could not be audited does not leave."""
    server = Doomed(installation, tmp_path)
    async with Client(server.serving, mode="legacy") as client:
        assert not (await client.call_tool(*READ)).is_error
        # The kernel refuses to let any file of this process grow, as it does when the disk is full.
        resource.prlimit(server.process_id, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        for _ in range(2):
            read = await client.call_tool(*READ)
            assert not read.is_error, text_of(read)
        refused = await client.call_tool(*NOTE)
        assert code_of(refused) == "STORE_UNAVAILABLE"
        assert "Nothing was sent." in text_of(refused)
        assert sprinklr.commits() == []
        room = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.process_id, resource.RLIMIT_FSIZE, room)
        assert not (await client.call_tool(*NOTE)).is_error
    assert len(sprinklr.commits()) == 1


async def test_a_login_that_is_renewed_while_the_disk_is_full_is_kept_until_there_is_room(
    install: Callable[..., Installation], sprinklr: Sprinklr, tmp_path: Path
) -> None:
    """SR-03: the old token is spent by then, so that the new pair is the only one that works."""
    person = install(SPRINKLR_READ_DEADLINE="4")
    log_in_as_a_person(person)
    server, results = Doomed(person, tmp_path), list[Any]()

    async def read(client: Client) -> None:
        results.append(await client.call_tool(*READ))

    async with Client(server.serving, mode="legacy") as client:
        await read(client)
        sprinklr.control.post("/_simulator/clock", json={"advance": 28_800}).raise_for_status()
        sprinklr.fault("POST /oauth/token", "delay", seconds=1)
        async with anyio.create_task_group() as group:
            group.start_soon(read, client)
            await until(lambda: len(sprinklr.requests("/oauth/token")) == 2)
            resource.prlimit(server.process_id, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        room = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.process_id, resource.RLIMIT_FSIZE, room)
        await read(client)
    first, meanwhile, afterwards = results
    assert not first.is_error, text_of(first)
    assert code_of(meanwhile) == "AUTH_BUSY"
    assert not afterwards.is_error, text_of(afterwards)
    assert len(sprinklr.requests("/oauth/token")) == 2, "and nobody has to log in again"
