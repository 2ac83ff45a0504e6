"""What an installation keeps: for its owner alone, sealed, shared by processes, never lost in silence."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import anyio
import pytest
from installation import Installation, Sprinklr, code_of
from mcp import Client

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.store.audit import AuditLog, Verification
from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.keys import KeyFile
from sprinklr_mcp.store.schema import VERSION
from sprinklr_mcp.store.sealing import Sealer
from sprinklr_mcp.store.tokens import Pair, TokenState, TokenStore

pytestmark = pytest.mark.anyio

ERA = "2025-11-25"
CALL = ("call", "get_case_by_number", '{"case_number": 96832}')
Spoil = Callable[[Path], Callable[[], object]]


def spoilt_by_rights(home: Path) -> Callable[[], object]:
    store = home / "store.sqlite3"
    store.chmod(0o644)
    return lambda: store.chmod(0o600)


def spoilt_key_by_rights(home: Path) -> Callable[[], object]:
    key = home / "store.key"
    key.chmod(0o640)
    return lambda: key.chmod(0o600)


def replaced_by_a_link(home: Path) -> Callable[[], object]:
    store, real = home / "store.sqlite3", home / "elsewhere.sqlite3"
    store.rename(real)
    store.symlink_to(real)
    return lambda: real.replace(store)


def replaced_by_a_link_to_nothing(home: Path) -> Callable[[], object]:
    store, real = home / "store.sqlite3", home / "elsewhere.sqlite3"
    store.rename(real)
    store.symlink_to(home / "nothing")
    return lambda: real.replace(store)


def written_by_a_newer_version(home: Path) -> Callable[[], object]:
    def version(number: int) -> None:
        with closing(sqlite3.connect(home / "store.sqlite3")) as store:
            store.execute(f"PRAGMA user_version = {number}")

    version(999)
    return lambda: version(VERSION)


def not_a_database(home: Path) -> Callable[[], object]:
    store = home / "store.sqlite3"
    content = store.read_bytes()
    store.write_bytes(b"not a database, " * 300)
    return lambda: store.write_bytes(content)


def given_to_somebody_else(home: Path) -> Callable[[], object]:
    store = home / "store.sqlite3"
    os.chown(store, 65_534, -1)
    return lambda: os.chown(store, os.getuid(), -1)


def damaged_key(home: Path) -> Callable[[], object]:
    return other_key(home, b"c2hvcnQ=")


def other_key(home: Path, content: bytes = b"A" * 43 + b"=") -> Callable[[], object]:
    key = home / "store.key"
    right = key.read_bytes()
    key.write_bytes(content)
    return lambda: key.write_bytes(right)


def lost_key(home: Path) -> Callable[[], object]:
    key, kept = home / "store.key", home / "kept.key"
    key.rename(kept)
    return lambda: kept.replace(key)


SPOILS: list[tuple[Spoil, str]] = [
    (spoilt_by_rights, "store.sqlite3 is not private"),
    (spoilt_key_by_rights, "store.key is not private"),
    (replaced_by_a_link, "store.sqlite3 is not private"),
    (replaced_by_a_link_to_nothing, "store.sqlite3 is not private"),
    (written_by_a_newer_version, "The data was written by a newer sprinklr-mcp"),
    (not_a_database, "The server's own data is damaged"),
    (damaged_key, "store.key is damaged"),
    # Only root can give a file away.
    *([(given_to_somebody_else, "store.sqlite3 is not private")] if os.geteuid() == 0 else []),
]


async def state_of(home: Path) -> TokenState:
    """Read the login as a new process would."""
    database = Database(home / "store.sqlite3")
    try:
        return await TokenStore(database, Sealer(KeyFile(home / "store.key")), "prod:1", Redactor()).read()
    finally:
        await database.close()


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """The folder of an installation that is logged in."""
    home = tmp_path / "home"
    database = Database(home / "store.sqlite3")
    pair = Pair("access", "refresh", "refresh_token", None, 0.0)
    assert await TokenStore(database, Sealer(KeyFile(home / "store.key")), "prod:1", Redactor()).replace(
        0, pair
    )
    await database.close()
    return home


@pytest.mark.parametrize(("spoil", "words"), SPOILS)
async def test_a_store_that_cannot_be_trusted_is_refused_in_words_and_nothing_of_it_is_lost(
    home: Path, spoil: Spoil, words: str
) -> None:
    """SR-32: rights, owner, links, another version, damage."""
    repair = spoil(home)
    with pytest.raises(Fault) as refused:
        await state_of(home)
    assert refused.value.code is Code.STORE_UNAVAILABLE
    assert words in refused.value.message
    assert refused.value.next.startswith("Ask the person to")
    repair()
    assert (await state_of(home)).pair is not None, "repaired, the login is there as before"


@pytest.mark.parametrize("spoil", [other_key, lost_key])
async def test_a_login_that_the_key_does_not_open_is_not_thrown_away(home: Path, spoil: Spoil) -> None:
    """SR-32: another key, or none."""
    repair = spoil(home)
    state = await state_of(home)
    assert (state.pair, state.unreadable) == (None, True)
    repair()
    assert (await state_of(home)).pair is not None


def test_a_store_that_cannot_be_used_is_said_to_whoever_calls(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    asked = len(sprinklr.requests())
    for spoil, words in (
        (spoilt_by_rights, "store.sqlite3 is not private"),
        (other_key, "LOGIN_REQUIRED: The stored login cannot be opened with the key of this store."),
    ):
        repair = spoil(installation.home)
        done = installation.run(*CALL)
        repair()
        assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert len(sprinklr.requests()) == asked
    assert installation.run(*CALL).returncode == 0


def test_a_folder_that_cannot_be_one_is_said_in_words(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = install(SPRINKLR_MCP_HOME=str(tmp_path / "file")).run("status")
    assert done.returncode == 1
    assert "STORE_UNAVAILABLE" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def a_usual_umask() -> Generator[None]:
    """What a new file's rights would be, had nobody thought of them."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


def test_a_fresh_store_is_made_by_several_processes_at_once_and_private(
    install: Callable[..., Installation],
) -> None:
    """SR-32: files for their owner alone."""
    installation = install()
    with a_usual_umask(), ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: installation.run("login", "--grant", "client-credentials"), range(4)))
    assert [one.stderr for one in done if one.returncode != 0] == []
    assert rights(installation.home) == 0o700
    files = [file for file in installation.home.iterdir() if file.name != "simulator"]
    assert {file.name for file in files} >= {"store.sqlite3", "store.key"}
    assert {file.name: rights(file) for file in files if rights(file) != 0o600} == {}
    assert installation.run(*CALL).returncode == 0, "the last of the logins is the one that is kept"


def test_what_a_first_try_on_the_simulator_makes_is_private_too(install: Callable[..., Installation]) -> None:
    """SR-32: its folder is inside the one that the real login will be in."""
    installation = install()
    with a_usual_umask():
        assert installation.run("status", "--simulator").returncode == 0
        installation.run(*CALL, "--simulator")
    assert (rights(installation.home), rights(installation.home / "simulator")) == (0o700, 0o700)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


TEXT = "canary-text-9f1c7e52"
ACCESS, REFRESH = "canary-access-1b7d", "canary-refresh-77aa"


async def test_no_token_secret_or_text_can_be_read_from_the_files(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    body = {"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": 3600}
    sprinklr.fault("POST /oauth/token", "answer", body=body)
    installation = install()
    installation.log_in()
    assert_nothing_is_readable(installation.home, "prod2:")
    async with installation.client_here(ERA) as client:
        note = {"case_number": 96832, "text": f"A note. {TEXT}"}
        assert not (await client.call_tool("sprinklr_add_comment", note)).is_error
        reply = {"case_number": 96832, "text": f"A reply. {TEXT}"}
        waiting = await client.call_tool("sprinklr_publish_message", reply)
        assert code_of(waiting) == "CONFIRMATION_REQUIRED"
        # While the server runs, what it wrote last stands in files of its own.
        assert (installation.home / "store.sqlite3-wal").stat().st_size > 0
        assert_nothing_is_readable(installation.home, "sprinklr_publish_message")
    told = installation.run("audit", "--json").stdout
    assert TEXT not in told
    assert "sprinklr_add_comment" in told


def assert_nothing_is_readable(home: Path, readable: str) -> None:
    """Look into every file; that something harmless is found proves that there is something to find."""
    content = b"".join(file.read_bytes() for file in home.iterdir())
    for canary in (ACCESS, REFRESH, TEXT, "simulator-secret", "simulator-key"):
        assert canary.encode() not in content, canary
    assert readable.encode() in content


async def test_two_processes_that_write_at_once_lose_nothing(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    async def write(client: Client, name: str) -> None:
        for number in range(5):
            note = {"case_number": 96832, "text": f"Note {name}{number}"}
            result = await client.call_tool("sprinklr_add_comment", note)
            assert not result.is_error

    async with (
        installation.client(ERA) as one,
        installation.client(ERA) as two,
        anyio.create_task_group() as group,
    ):
        for name, client in (("a", one), ("b", one), ("c", two), ("d", two)):
            group.start_soon(write, client, name)
    assert len(sprinklr.commits()) == 20
    records = installation.audit()
    intents = [one["operation"] for one in records if one["kind"] == "intent"]
    outcomes = [one["operation"] for one in records if one.get("outcome") == "done"]
    assert len(set(intents)) == 20
    assert sorted(intents) == sorted(outcomes)
    assert installation.run("audit", "--verify").stdout == "All 40 records fit together.\n"


async def test_a_store_that_another_process_is_just_making_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.touch(0o600)
    database = Database(path)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.2, other.rollback)
        done.start()
        assert [row async for row in AuditLog(database).rows()] == []
        done.join()
    await database.close()


TAMPERINGS = [
    (2, "UPDATE audit SET record = replace(record, '2', 'two') WHERE number = 2"),
    (2, "UPDATE audit SET time = time + 1 WHERE number = 2"),
    (2, "DELETE FROM audit WHERE number = 2"),
    (1, "DELETE FROM audit WHERE number = 1"),
    (3, "UPDATE audit SET record = (SELECT record FROM audit WHERE number = 1) WHERE number = 3"),
]


@pytest.mark.parametrize(("number", "tampering"), TAMPERINGS)
async def test_an_audit_record_that_was_changed_or_removed_is_found(
    tmp_path: Path, number: int, tampering: str
) -> None:
    database = Database(tmp_path / "store.sqlite3")
    log = AuditLog(database)
    for record in ("1", "2", "3"):
        await log.add({"kind": "intent", "operation": record})
    assert await log.verify() == Verification(3, None)
    await database.write(lambda connection: connection.execute(tampering))
    assert (await log.verify()).first_wrong == number
    await database.close()


def test_a_broken_audit_log_ends_the_command_that_checks_it(install: Callable[..., Installation]) -> None:
    installation = install()
    installation.run("pause")
    assert installation.run("audit", "--verify").returncode == 0
    with installation.store() as store:
        assert store.execute("UPDATE audit SET record = '{}'").rowcount == 1
    done = installation.run("audit", "--verify")
    assert done.returncode == 1
    assert "Record 1 was changed, or one before it is missing." in done.stderr


BACK = {
    3: """
        DROP TABLE page; DROP INDEX operation_by_tool; ALTER TABLE operation DROP COLUMN process;
        ALTER TABLE token DROP COLUMN sender
    """,
    2: """
        DROP TABLE cooling; DROP INDEX operation_under_way; ALTER TABLE operation DROP COLUMN ends_by
    """,
    1: "DROP TABLE cache",
}
"""What makes a store one of each older version, from the version after it."""


@pytest.mark.parametrize("version", BACK)
def test_an_older_store_becomes_a_newer_one_and_keeps_its_login(
    installation: Installation, version: int
) -> None:
    with installation.store() as store:
        made = tables_of(store)
        for older in range(VERSION - 1, version - 1, -1):
            store.executescript(f"{BACK[older]}; PRAGMA user_version = {older}")
        assert tables_of(store) != made
    done = installation.run(*CALL)
    assert done.returncode == 0, done.stderr
    with installation.store() as store:
        assert store.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert tables_of(store) == made


def tables_of(store: sqlite3.Connection) -> set[tuple[str, str]]:
    """Every column of every table and index."""
    names = store.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {
        (name, column)
        for (name,) in names
        for kind in ("table", "index")
        for _, _, column, *_ in store.execute(f"PRAGMA {kind}_xinfo({name})")
        if isinstance(column, str)
    }
