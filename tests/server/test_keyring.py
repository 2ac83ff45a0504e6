"""The key that seals stored secrets may be in the system's keyring: then it is there and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest
from installation import Installation
from waiting import until

CALL = ("call", "get_case_by_number", '{"case_number": 96832}', "--json")
PASSWORD = b"opens the keyring"
PLAIN = """
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username): return None
    def set_password(self, service, username, password): open("kept", "w").write(password)
    def delete_password(self, service, username): pass
"""


@pytest.fixture
def installation(install: Callable[..., Installation]) -> Installation:
    """An installation with a login, whose key is in a file."""
    one = install()
    one.log_in()
    return one


def key_file(installation: Installation) -> Path:
    return installation.home / "store.key"


@pytest.mark.parametrize("backend", ["keyring.backends.null", "keyring.backends.fail", "plain"])
def test_what_is_no_keyring_of_the_systems_is_refused_and_the_file_stays(
    installation: Installation, tmp_path: Path, backend: str
) -> None:
    """SR-32: no silent downgrade to a plain file, or to nothing."""
    (tmp_path / "plain.py").write_text(PLAIN)
    before = key_file(installation).read_bytes()
    other = installation.changed(
        SPRINKLR_MCP_KEYRING="1", PYTHON_KEYRING_BACKEND=f"{backend}.Keyring", PYTHONPATH=str(tmp_path)
    )
    done = other.run(*CALL)
    assert done.returncode == 1
    assert f"There is no keyring of the system's here, only {backend}." in done.stdout + done.stderr
    assert "do without SPRINKLR_MCP_KEYRING" in done.stdout + done.stderr
    assert key_file(installation).read_bytes() == before
    assert not (tmp_path / "kept").exists()
    assert installation.run(*CALL).returncode == 0


@pytest.fixture
def keyring(tmp_path: Path) -> Generator[dict[str, str]]:
    """A session bus with an unlocked keyring on it; yields the variables that lead there."""
    home = tmp_path / "desktop"
    home.mkdir()
    variables = {"XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    ) as bus:
        assert bus.stdout is not None
        variables["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        with subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as daemon:
            assert daemon.stdin is not None
            daemon.stdin.write(PASSWORD)
            daemon.stdin.close()
            anyio.run(until, (home / "keyrings" / "login.keyring").exists)
            yield variables
            daemon.terminate()
        bus.terminate()


@pytest.mark.desktop
def test_a_key_moves_from_its_file_into_the_keyring_however_many_processes_come_at_once(
    installation: Installation, keyring: dict[str, str]
) -> None:
    """SR-32: all of them open what was sealed before, and the file is gone."""
    other = installation.changed(SPRINKLR_MCP_KEYRING="1", **keyring)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: other.run(*CALL), range(4)))
    assert [one.returncode for one in done] == [0] * 4, done[0].stderr
    assert not key_file(installation).exists()
    assert json.loads(other.run("status", "--json").stdout)["sealed_with"] == "the system's keyring"
    assert installation.run(*CALL).returncode != 0, "without the keyring, what it sealed stays shut"


@pytest.mark.desktop
def test_a_new_login_seals_with_a_key_that_is_in_the_keyring_alone(
    install: Callable[..., Installation], keyring: dict[str, str]
) -> None:
    one = install().changed(SPRINKLR_MCP_KEYRING="1", **keyring)
    done = one.run("login", "--grant", "client-credentials")
    assert done.returncode == 0, done.stderr
    assert one.run(*CALL).returncode == 0
    assert not key_file(one).exists()
