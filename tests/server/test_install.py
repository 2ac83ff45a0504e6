"""A person enters this server at their client with one command, and takes it out again with another."""

from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from client_files import CURSOR, ORIGINAL, Desktop
from installation import COMMAND
from mcp import Client, StdioServerParameters

from sprinklr_mcp.clients.catalogue import CLIENTS
from sprinklr_mcp.clients.launching import is_passing
from sprinklr_mcp.clients.places import Places

pytestmark = pytest.mark.anyio
FILES = {
    "claude-desktop": (".config/Claude/claude_desktop_config.json", "mcpServers"),
    "claude-code": (".claude.json", "mcpServers"),
    "vscode": (".config/Code/User/mcp.json", "servers"),
    "cursor": (CURSOR, "mcpServers"),
    "windsurf": (".codeium/windsurf/mcp_config.json", "mcpServers"),
    "zed": (".config/zed/settings.json", "context_servers"),
    "gemini-cli": (".gemini/settings.json", "mcpServers"),
    "codex": (".codex/config.toml", "mcp_servers"),
}


def entry_in(file: Path, servers: str, name: str = "sprinklr") -> dict[str, Any]:
    """The entry as a reader that is not ours finds it."""
    text = file.read_text()
    return (tomllib.loads(text) if file.suffix == ".toml" else json.loads(text))[servers][name]


async def test_each_client_is_given_an_entry_that_starts_a_server_with_its_tools(desktop: Desktop) -> None:
    desktop.variables = {"SPRINKLR_ENVIRONMENT": "prod2"}
    for client, (path, servers) in FILES.items():
        said = desktop.run("install", client, "--simulator", "--read-only")
        assert f"Restart {CLIENTS[client].title}." in said
        entry = entry_in(desktop.home / path, servers)
        assert entry["command"] == COMMAND
        assert entry["args"] == ["serve", "--read-only", "--simulator"]
        assert entry["env"] == {
            "SPRINKLR_ENVIRONMENT": "prod2",
            "SPRINKLR_MCP_HOME": str(desktop.home / "data"),
        }
        assert ("type" in entry) == (client in ("claude-code", "vscode"))
    rows = {row["client"]: row for row in desktop.told("install")}
    assert set(rows) == set(FILES)
    assert all(row["found"] and row["entries"] == ["sprinklr"] for row in rows.values())
    # A desktop starts it with hardly an environment, and with no PATH that would find it.
    for client in ("zed", "codex"):
        path, servers = FILES[client]
        entry = entry_in(desktop.home / path, servers)
        variables = {"PATH": "/nowhere", "HOME": str(desktop.home), **entry["env"]}
        server = StdioServerParameters(command=entry["command"], args=entry["args"], env=variables)
        async with Client(server, mode="legacy") as running:
            names = {tool.name for tool in (await running.list_tools()).tools}
            assert "sprinklr_get_case_by_number" in names
            assert "sprinklr_add_comment" not in names


def test_it_is_entered_once_renewed_when_it_changes_and_taken_out_without_a_trace(
    desktop: Desktop, cursor: Path
) -> None:
    first = desktop.told("install", "cursor")
    assert first["changed"] is True
    assert Path(first["backup"]).read_bytes() == ORIGINAL
    entered = cursor.read_bytes()
    assert entered != ORIGINAL
    again = desktop.run("install", "cursor")
    assert 'Cursor has "sprinklr" already, just so. Nothing was changed.' in again
    assert cursor.read_bytes() == entered
    assert len(list(cursor.parent.iterdir())) == 2, "and no second copy is made"
    assert desktop.told("install", "cursor", "--read-only")["changed"] is True
    assert desktop.told("install", "cursor", "--name", "second")["changed"] is True
    assert '"second" is' not in desktop.run("uninstall", "cursor", "--name", "second")
    assert desktop.told("uninstall", "cursor")["changed"] is True
    assert cursor.read_bytes() == ORIGINAL
    assert 'has no entry "sprinklr". Nothing was changed.' in desktop.run("uninstall", "cursor")
    copies = [one for one in cursor.parent.iterdir() if one != cursor]
    assert len(copies) == 3, "the newest three states stay beside it"


def test_a_file_that_did_not_exist_is_made_for_its_owner_alone_and_is_gone_afterwards(
    desktop: Desktop,
) -> None:
    file = desktop.home / ".codex" / "config.toml"
    told = desktop.told("install", "codex")
    assert told["backup"] is None
    # A checkout in a temporary folder is told of as well.
    assert "Nothing shows that Codex is on this machine; the file waits for it." in told["warnings"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    desktop.run("uninstall", "codex")
    assert list(file.parent.iterdir()) == []


def test_no_secret_reaches_the_file_and_the_person_is_told_where_it_belongs(
    desktop: Desktop, cursor: Path
) -> None:
    secrets = {"SPRINKLR_API_KEY": "k3yk3y", "SPRINKLR_API_SECRET": "s3cr3t"}
    proxy = {"SPRINKLR_PROXY": "http://someone:p4ss@127.0.0.1:9"}
    desktop.variables = {**secrets, **proxy, "SPRINKLR_WORKSPACE": "4711"}
    printed = desktop.run("install", "cursor", "--print")
    said = desktop.run("install", "cursor")
    written = cursor.read_text()
    for text in (printed, written):
        assert '"SPRINKLR_WORKSPACE": "4711"' in text
        assert [one for one in ("k3yk3y", "s3cr3t", "p4ss", "PROXY") if one in text] == []
    assert "The server takes SPRINKLR_API_KEY and SPRINKLR_API_SECRET from the environment" in said
    assert "`sprinklr-mcp login`" in said


def test_what_the_person_has_put_into_the_entry_stays(desktop: Desktop) -> None:
    file = desktop.home / CURSOR
    file.parent.mkdir()
    older = {"command": "uvx", "args": ["sprinklr-mcp@0.1", "serve"], "disabled": True, "env": {"MINE": "1"}}
    file.write_text(json.dumps({"mcpServers": {"sprinklr": older, "other": {}}}))
    desktop.run("install", "cursor")
    entry = entry_in(file, "mcpServers")
    assert (entry["command"], entry["args"], entry["disabled"]) == (COMMAND, ["serve"], True)
    assert entry["env"]["MINE"] == "1"


def test_printing_shows_the_entry_and_changes_nothing(desktop: Desktop, cursor: Path) -> None:
    printed = json.loads(desktop.run("install", "cursor", "--print", "--name", "work"))
    assert printed["mcpServers"]["work"]["command"] == COMMAND
    toml = tomllib.loads(desktop.run("install", "codex", "--print"))
    assert toml["mcp_servers"]["sprinklr"]["env_vars"] == ["SPRINKLR_API_KEY", "SPRINKLR_API_SECRET"]
    assert cursor.read_bytes() == ORIGINAL
    assert [one.name for one in desktop.home.iterdir()] == [".cursor"]


@pytest.mark.parametrize(
    ("client", "variable", "path"),
    [
        ("claude-code", "CLAUDE_CONFIG_DIR", ".claude.json"),
        ("codex", "CODEX_HOME", "config.toml"),
        ("gemini-cli", "GEMINI_CLI_HOME", ".gemini/settings.json"),
        ("vscode", "XDG_CONFIG_HOME", "Code/User/mcp.json"),
    ],
)
def test_a_folder_that_the_person_has_moved_is_found(client: str, variable: str, path: str) -> None:
    places = Places.of({"HOME": "/home/a", variable: "/moved"}, "linux")
    assert CLIENTS[client].file(places) == Path("/moved", path)


def test_other_platforms_have_their_own_places(tmp_path: Path) -> None:
    mac = Places.of({"HOME": "/Users/a", "XDG_CONFIG_HOME": "/x"}, "darwin")
    library = Path("/Users/a/Library/Application Support")
    assert CLIENTS["claude-desktop"].file(mac) == library / "Claude/claude_desktop_config.json"
    assert CLIENTS["vscode"].file(mac) == library / "Code/User/mcp.json"
    assert CLIENTS["zed"].file(mac) == Path("/Users/a/.config/zed/settings.json")
    local, roaming = tmp_path / "Local", tmp_path / "Roaming"
    windows = Places.of(
        {"USERPROFILE": str(tmp_path), "APPDATA": str(roaming), "LOCALAPPDATA": str(local)}, "win32"
    )
    assert CLIENTS["zed"].file(windows) == roaming / "zed/settings.json"
    assert CLIENTS["cursor"].file(windows) == tmp_path / CURSOR
    desktop_file = CLIENTS["claude-desktop"].file
    assert desktop_file(windows) == roaming / "Claude/claude_desktop_config.json"
    package = local / "Packages" / "Claude_pzs8sxrjxfjjc" / "LocalCache" / "Roaming"
    package.mkdir(parents=True)
    assert desktop_file(windows) == package / "Claude/claude_desktop_config.json"


def test_an_installation_that_is_cleared_away_some_day_is_known_as_one() -> None:
    assert is_passing("/home/a/.cache/uv/archive-v0/sdfg")
    assert is_passing("/home/a/.cache/pipx/0123")
    assert not is_passing("/home/a/.local/share/uv/tools/sprinklr-mcp")


def test_a_misspelt_setting_is_told_before_anything_is_written(desktop: Desktop, cursor: Path) -> None:
    desktop.variables = {"SPRINKLR_READONLY": "true"}
    assert "did you mean SPRINKLR_READ_ONLY?" in desktop.run("install", "cursor", fails=True)
    assert cursor.read_bytes() == ORIGINAL
