"""A store that cannot grow: what must be written down is refused, and reading goes on."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from doomed import Doomed
from installation import Installation, Sprinklr, code_of, text_of
from mcp import Client

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
