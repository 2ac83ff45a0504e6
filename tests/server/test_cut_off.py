"""A write whose process was killed is called unknown by whoever looks; one of a running process is not."""

from __future__ import annotations

import contextlib
import json
import signal
from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from deeds import PUBLISH, new_deed
from doomed import Doomed
from installation import ERAS, Installation, Person, Sprinklr
from mcp import Client
from waiting import until

pytestmark = pytest.mark.anyio

ERA = next(iter(ERAS))


async def test_a_killed_write_is_called_unknown_by_audit_status_and_the_next_server(
    installation: Installation, sprinklr: Sprinklr, tmp_path: Path
) -> None:
    """SR-33, SR-28: without another write, and without touching what a running process has under way."""
    sprinklr.fault("POST /publishing/message", "delay", times=2, seconds=30)
    killed, running = Doomed(installation, tmp_path), Doomed(installation, tmp_path / "running")
    (tmp_path / "running").mkdir()

    async def publish(client: Client) -> None:
        with contextlib.suppress(Exception):
            await client.call_tool(PUBLISH, new_deed(PUBLISH).arguments)

    person = Person(types="Northwind Cycles")
    async with (
        Client(killed.serving, mode=ERAS[ERA], elicitation_callback=person) as one,
        Client(running.serving, mode=ERAS[ERA], elicitation_callback=person) as other,
        anyio.create_task_group() as group,
    ):
        group.start_soon(publish, one)
        await until(lambda: len(sprinklr.commits()) == 1)
        group.start_soon(publish, other)
        await until(lambda: len(sprinklr.commits()) == 2)
        first, second = operations(installation)
        killed.gets(signal.SIGKILL)
        await until(lambda: unknown(installation) == [first])
        reopen(installation, first)
        told = await anyio.to_thread.run_sync(lambda: installation.run("status", "--json"))
        assert json.loads(told.stdout)["unknown"] == 1
        assert ended(installation) == [first, first]
        reopen(installation, first)
        async with installation.client(ERA):
            await until(lambda: ended(installation) == [first] * 3)
        running.gets(signal.SIGKILL)
        await until(lambda: unknown(installation) == [first] * 3 + [second])
    assert "2 of the last day's writes" in installation.run("status").stdout
    assert installation.run("audit", "--verify").returncode == 0


def operations(installation: Installation) -> list[str]:
    with installation.store() as store:
        return [one for (one,) in store.execute("SELECT operation FROM operation ORDER BY started_at")]


def unknown(installation: Installation) -> list[str]:
    """Return the writes that the command calls unknown."""
    done = installation.run("audit", "--outcome", "unknown", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line)["operation"] for line in done.stdout.splitlines()]


def ended(installation: Installation) -> list[str]:
    """Return the writes that have an outcome, without letting the product look."""
    with installation.store() as store:
        records = [
            json.loads(record) for (record,) in store.execute("SELECT record FROM audit ORDER BY number")
        ]
    return [record["operation"] for record in records if record["kind"] == "outcome"]


def reopen(installation: Installation, operation: str) -> None:
    """Make a write as it was when its process was killed."""
    with installation.store() as store:
        store.execute("UPDATE operation SET status = 'sending' WHERE operation = ?", (operation,))
