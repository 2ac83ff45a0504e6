"""The bundle does what a support agent needs: a client takes it, shows its tools, and they log in by a page.

Not part of the tests: `make release-check` makes the bundle, gets uv and the format's own library, and runs
this.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from browser import a_browser
from desktop_client import BUNDLE, DesktopClient, installed_in, mcpb
from installation import running_sprinklr
from opened import answer, heading, look
from raw_client import Wire

import about
from sprinklr_mcp.settings import Settings

pytestmark = pytest.mark.timeout(300)
ELSEWHERE = "https://callback.example.com/sprinklr"
TOOL, CASE = "sprinklr_get_case_by_number", {"case_number": 96832}
INSTALLED = ".venv/**/*.dist-info"
USED = re.compile(r"\$\{([^}]+)\}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> DesktopClient:
    return installed_in(tmp_path_factory.mktemp("machine"))


def tools_of(server: Wire) -> dict[str, str]:
    server.send(id="tools", method="tools/list")
    return {tool["name"]: tool["description"] for tool in server.receive()["result"]["tools"]}


def test_the_formats_own_program_takes_the_bundle(client: DesktopClient) -> None:
    assert "passes" in mcpb("validate", client.unpacked / "manifest.json")
    assert about.version() in BUNDLE.name
    assert client.manifest["version"] == about.version()


def test_what_the_manifest_names_is_there(client: DesktopClient) -> None:
    """The format's program looks at neither."""
    manifest = client.manifest
    started = manifest["server"]["mcp_config"]
    assert (client.unpacked / manifest["server"]["entry_point"]).is_file()
    assert manifest["server"]["entry_point"] in started["args"]
    assert (client.unpacked / manifest["icon"]).read_bytes().startswith(b"\x89PNG")
    used = {name for value in [*started["args"], *started["env"].values()] for name in USED.findall(value)}
    assert used == {"__dirname", *(f"user_config.{name}" for name in manifest["user_config"])}


def test_the_tools_are_seen_before_anything_is_entered_and_a_call_says_what_is_missing(
    client: DesktopClient,
) -> None:
    with client.server({}) as server:
        assert tools_of(server) == {tool["name"]: tool["description"] for tool in client.manifest["tools"]}
        result = server.call(TOOL, CASE)["result"]
    assert result["isError"] is True
    assert "SPRINKLR_API_KEY and SPRINKLR_API_SECRET are not set" in result["content"][0]["text"]
    assert result["structuredContent"]["error"]["sent"] == "no"


def test_what_is_installed_are_the_versions_that_were_tested(client: DesktopClient) -> None:
    with client.server({}):
        pass
    installed = [folder.name.removesuffix(".dist-info") for folder in client.unpacked.glob(INSTALLED)]
    found = {f"{normal(name)}=={version}" for name, version in (one.rsplit("-", 1) for one in installed)}
    assert found
    assert found <= {pin.partition(" ;")[0] for pin in about.pins()}


def test_a_person_without_a_terminal_logs_in_and_the_next_call_works(client: DesktopClient) -> None:
    opened = browser_of(client)
    with running_sprinklr("--redirect-uri", ELSEWHERE) as sprinklr:
        told = sprinklr.announced
        entered = {
            "api_key": told["api_key"],
            "api_secret": told["api_secret"],
            "environment": told["environment"],
            "redirect_uri": ELSEWHERE,
            "read_only": True,
        }
        where = {"SPRINKLR_BASE_URL": told["base_url"], "DISPLAY": ":0"}
        with client.server(entered, **where) as server:
            assert "sprinklr_add_comment" not in tools_of(server)
            refused = server.call(TOOL, CASE)["result"]
            assert refused["structuredContent"]["error"]["code"] == "LOGIN_REQUIRED"
            assert "A page to log in on has been opened" in refused["content"][0]["text"]
            page = opened.read_text().strip()
            with a_browser() as browser:
                redirected = browser.log_in(sprinklrs_page(look(page).text))
            assert heading(answer(page, address=redirected)) == "You are logged in"
            worked = server.call(TOOL, CASE)["result"]
    assert not worked.get("isError"), worked
    assert secrets_in(client, [told["api_key"], told["api_secret"]]) == []


def normal(name: str) -> str:
    """A package's name as the requirements files write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def browser_of(client: DesktopClient) -> Path:
    """Put on the machine what opens a browser; the file that it returns holds the address that was opened."""
    opened = client.home / "opened"
    program = client.programs / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >"{opened}"\n')
    program.chmod(0o700)
    return opened


def sprinklrs_page(page: str) -> str:
    """Where the page sends the person to log in."""
    found = re.search(r'<a class="button" href="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def secrets_in(client: DesktopClient, secrets: list[str]) -> list[Any]:
    """The files of the person's, the log among them, that hold a secret in the open."""
    data = Settings.from_environment({"SPRINKLR_MCP_HOME": str(client.home)}).data_folder
    files = [file for file in data.rglob("*") if file.is_file() and ".cache" not in file.parts]
    return [file for file in files if any(secret.encode() in file.read_bytes() for secret in secrets)]
