"""A simulator starts and stops with its block, keeps or leaves its state, and imports little before."""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from customer_app import App, StartApp

from sprinklr_simulator.serving import running
from sprinklr_simulator.settings import SimulatorSettings
from sprinklr_simulator.simulator import Simulator
from sprinklr_simulator.store.database import StateError
from sprinklr_simulator.store.seed import SeedError


def test_it_serves_on_the_running_loop_and_is_gone_afterwards(generous: SimulatorSettings) -> None:
    async def use() -> str:
        async with running(generous) as place, httpx2.AsyncClient() as http:
            assert (await http.get(f"{place.base_url}/_simulator/commits")).json() == {"commits": []}
            assert (place.environment, place.api_key) == ("prod2", "simulator-key")
            return place.base_url

    base_url = asyncio.run(use())
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(base_url)


def test_a_temporary_state_leaves_nothing(
    start_app: StartApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with start_app():
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_data_that_can_not_be_read_is_said_in_words(tmp_path: Path) -> None:
    async def start() -> None:
        async with running(SimulatorSettings(data_file=tmp_path / "missing.json")):
            pass

    with pytest.raises(SeedError, match=r"missing\.json"):
        asyncio.run(start())


def test_a_state_file_that_is_none_is_said_in_words(generous: SimulatorSettings, tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.write_text("no database " * 100)
    with pytest.raises(StateError, match=r"state\.sqlite can't be used"):
        Simulator(replace(generous, state_file=file))


def test_a_state_file_of_another_version_is_refused(generous: SimulatorSettings, tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="version 99"):
        Simulator(replace(generous, state_file=file))


def test_a_taken_port_is_an_error_and_no_hang(generous: SimulatorSettings) -> None:
    async def start_twice() -> None:
        async with running(generous) as place:
            port = int(place.base_url.rpartition(":")[2])
            async with running(SimulatorSettings(data_file=generous.data_file, port=port)):
                pass

    with pytest.raises(OSError, match="use"):
        asyncio.run(start_twice())


def test_simulators_that_start_together_on_one_new_file_seed_it_once(
    generous: SimulatorSettings, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from sprinklr_simulator.settings import SimulatorSettings\n"
        "from sprinklr_simulator.simulator import Simulator\n"
        "Simulator(SimulatorSettings(state_file=Path(sys.argv[1]), data_file=Path(sys.argv[2]))).close()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "state.sqlite"), str(generous.data_file)]
    with ThreadPoolExecutor(6) as threads:
        runs = list(threads.map(lambda _: subprocess.run(command, capture_output=True, text=True), range(6)))
    assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 6


def test_many_calls_at_once_are_all_answered(start_app: StartApp) -> None:
    with start_app() as app, ThreadPoolExecutor(8) as threads:
        app.log_in()
        path = "/api/v2/comment/CASE/20418877"
        answers = list(threads.map(lambda number: app.post(path, {"text": str(number)}), range(80)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(app.log("commits")) == 80


def test_importing_the_package_loads_no_library() -> None:
    code = (
        "import sys, sprinklr_simulator, sprinklr_simulator.settings\n"
        "sys.exit(any(name in sys.modules for name in ('starlette', 'uvicorn', 'jsonschema')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_shipped_data_can_be_served(app: App, start_app: StartApp) -> None:
    with start_app(data_file=None) as shipped:
        shipped.log_in()
        assert shipped.get("/api/v2/me").status_code == 200
