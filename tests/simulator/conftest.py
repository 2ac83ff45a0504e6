"""A simulator on a real port with a small tenant in it, and an app that is logged in."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from customer_app import App, StartApp, started
from sample_tenant import SEED

from sprinklr_simulator.settings import SimulatorSettings


@pytest.fixture(scope="session")
def seed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("seed") / "seed.json"
    file.write_text(json.dumps(SEED))
    return file


@pytest.fixture(scope="session")
def generous(seed_file: Path) -> SimulatorSettings:
    """Limits that a test doesn't run into by accident."""
    return SimulatorSettings(data_file=seed_file, calls_per_second=10_000, calls_per_hour=1_000_000)


@pytest.fixture(scope="session")
def start_app(generous: SimulatorSettings) -> StartApp:
    """Start a simulator with other settings, and an app that is logged in to it."""

    @contextmanager
    def start(**changes: object) -> Generator[App]:
        settings = replace(generous, **changes)  # type: ignore[arg-type]
        with started(settings) as place, httpx2.Client(base_url=place.base_url, timeout=60) as http:
            yield App(place, http)

    return start


@pytest.fixture(scope="session")
def shared_app(start_app: StartApp) -> Generator[App]:
    with start_app() as app:
        yield app


@pytest.fixture
def app(shared_app: App) -> App:
    """An app that is logged in, at a Sprinklr that nobody has touched."""
    shared_app.reset()
    shared_app.log_in()
    return shared_app
