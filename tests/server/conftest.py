"""One simulated Sprinklr for the whole run; installations logged in to it, for a test or for a whole file.

A file whose tests share an installation or a Sprinklr takes the fixtures of the file, and where its tests
name them `installation` or `sprinklr`, says so itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

import pytest
from client_files import CURSOR, ORIGINAL, Desktop
from deeds import DELETE, PUBLISH, Deed, new_deed
from installation import ERAS, WIDE, Installation, Since, Sprinklr, running_sprinklr
from mcp import Client
from seats import Desk, Seat


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    """Each era of the protocol in turn."""
    return request.param


@pytest.fixture(scope="session")
def shared_sprinklr() -> Generator[Sprinklr]:
    with running_sprinklr() as sprinklr:
        yield sprinklr


# --- as new for each test ---


@pytest.fixture
def sprinklr(shared_sprinklr: Sprinklr) -> Sprinklr:
    shared_sprinklr.reset()
    return shared_sprinklr


@pytest.fixture
def install(sprinklr: Sprinklr, tmp_path: Path) -> Callable[..., Installation]:
    """Make an installation that is not logged in; more variables may be given."""

    def make(**variables: str) -> Installation:
        return Installation(tmp_path / "home", {**sprinklr.settings, **WIDE, **variables})

    return make


@pytest.fixture
def installation(install: Callable[..., Installation]) -> Installation:
    """An installation that is logged in."""
    made = install()
    made.log_in()
    return made


# --- for a whole file ---


@pytest.fixture(scope="module")
def sprinklr_of_file(shared_sprinklr: Sprinklr) -> Sprinklr:
    """As new when the file begins."""
    shared_sprinklr.reset()
    return shared_sprinklr


@pytest.fixture
def since(sprinklr_of_file: Sprinklr) -> Since:
    """Not as new for each test: going back to the seed takes longer than most of these tests."""
    sprinklr_of_file.clear_faults()
    return Since(sprinklr_of_file)


@pytest.fixture
def as_new(sprinklr_of_file: Sprinklr) -> None:
    """For tests that say what stands in the seed."""
    sprinklr_of_file.reset()


@pytest.fixture(scope="module")
def more_settings() -> dict[str, str]:
    """What a file sets for its installation beside what leads to Sprinklr; it says so itself."""
    return {}


@pytest.fixture(scope="module")
def installation_of_file(
    sprinklr_of_file: Sprinklr, more_settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """One login for the whole file; it renews itself when the simulator is as new."""
    variables = {**sprinklr_of_file.settings, **WIDE, **more_settings}
    made = Installation(tmp_path_factory.mktemp("file") / "home", variables)
    made.log_in()
    return made


@pytest.fixture(scope="module")
async def served(installation_of_file: Installation) -> AsyncGenerator[dict[str, Client]]:
    """One server process for each era of the protocol; both work on the same data."""
    legacy, modern = ERAS
    async with installation_of_file.client(legacy) as one, installation_of_file.client(modern) as other:
        yield {legacy: one, modern: other}


@pytest.fixture(scope="module")
def seat() -> Seat:
    return Seat()


@pytest.fixture(scope="module")
async def desk(installation_of_file: Installation, era: str) -> AsyncGenerator[Desk]:
    """One client and its server, in each era of the protocol."""
    seat = Seat()
    async with installation_of_file.client(era, seat) as client:
        yield Desk(client, seat)


@pytest.fixture(params=[DELETE, PUBLISH], ids=["delete", "publish"])
def deed(request: pytest.FixtureRequest) -> Deed:
    return new_deed(request.param)


# --- clients on a machine ---


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    return Desktop(tmp_path, {})


@pytest.fixture
def cursor(desktop: Desktop) -> Path:
    """Cursor's file, with comments and another server in it."""
    file = desktop.home / CURSOR
    file.parent.mkdir()
    file.write_bytes(ORIGINAL)
    return file
