"""One simulated Sprinklr for the whole run, as new for each test; a fresh installation logged in to it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from installation import ERAS, Installation, Sprinklr, running_sprinklr


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_sprinklr() -> Generator[Sprinklr]:
    with running_sprinklr() as sprinklr:
        yield sprinklr


@pytest.fixture
def sprinklr(shared_sprinklr: Sprinklr) -> Sprinklr:
    shared_sprinklr.reset()
    return shared_sprinklr


@pytest.fixture
def install(sprinklr: Sprinklr, tmp_path: Path) -> Callable[..., Installation]:
    """Make an installation that is not logged in; more variables may be given."""

    def make(**variables: str) -> Installation:
        wide = {"SPRINKLR_CALLS_PER_SECOND": "1000", "SPRINKLR_CALLS_PER_HOUR": "1000000"}
        return Installation(tmp_path / "home", {**sprinklr.settings, **wide, **variables})

    return make


@pytest.fixture
def installation(install: Callable[..., Installation]) -> Installation:
    """An installation that is logged in."""
    made = install()
    made.log_in()
    return made


@pytest.fixture(params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    """Each era of the protocol in turn."""
    return request.param
