"""Wheel, sdist, image and registry entry, used as whoever gets them does. Run by `make release-check`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest
from desktop_client import BUNDLE, TOOLS
from image import copied_into_the_image
from mcp import Client, StdioServerParameters

import about
import make_bundle

pytestmark = pytest.mark.timeout(500)
WHEEL = about.DIST / f"sprinklr_mcp-{about.version()}-py3-none-any.whl"
SDIST = about.DIST / f"sprinklr_mcp-{about.version()}.tar.gz"
INSTALL = ["sh", "release/install.sh"]
JUNK = ("*.pyc", "*/tests/*", "*/.github/*", "*/seed_maker/*", "*/build/*", "*/dist/*", "*/.venv/*")
DEVELOPERS = ("pytest", "ruff", "hatchling", "pip", "hypothesis")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment of the image: made by the image's own step from the files that the image gets."""
    context, target = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("image") / "installed"
    for name in copied_into_the_image():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(about.ROOT / name, context / name)
    subprocess.run(
        [*INSTALL, target], cwd=context, env={**os.environ, "PYTHON": sys.executable}, check=True, timeout=480
    )
    return target


def in_zip(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_the_image_gets_installs_to_a_command_of_this_version(installed: Path) -> None:
    told = subprocess.run([command_in(installed), "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == f"sprinklr-mcp, version {about.version()}\n"


def command_in(installed: Path) -> str:
    return str(installed / "bin/sprinklr-mcp")


def test_nothing_but_what_the_server_needs_is_installed(installed: Path) -> None:
    packages = {folder.name.partition("-")[0] for folder in installed.glob("lib/*/site-packages/*.dist-info")}
    assert "sprinklr_mcp" in packages
    assert packages.isdisjoint(DEVELOPERS)


@pytest.mark.anyio
async def test_it_serves_its_tools_on_the_simulator(installed: Path, tmp_path: Path) -> None:
    tools = {tool["name"] for tool in json.loads((about.ROOT / "manifest.json").read_text())["tools"]}
    environment = {"SPRINKLR_MCP_HOME": str(tmp_path / "data"), "PATH": "/nowhere"}
    serving = StdioServerParameters(
        command=command_in(installed), args=["serve", "--simulator"], env=environment, cwd=tmp_path
    )
    async with Client(serving, read_timeout_seconds=60) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == tools
        found = await client.call_tool("sprinklr_get_case_by_number", {"case_number": 96832})
    assert not found.is_error


def test_the_sdist_makes_the_same_wheel_and_holds_no_junk(tmp_path: Path) -> None:
    with tarfile.open(SDIST) as archive:
        names = archive.getnames()
        archive.extractall(tmp_path, filter="data")
    assert [name for name in names if any(fnmatch(name, junk) for junk in JUNK)] == []
    (source,) = tmp_path.iterdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path / "made"],
        cwd=source,
        check=True,
    )
    (made,) = (tmp_path / "made").iterdir()
    assert in_zip(made) == in_zip(WHEEL)
    assert (source / "release/install.sh").is_file()


def test_the_page_of_the_package_leads_to_files_that_are_in_the_repository() -> None:
    """Where a package is looked at, no file of the repository lies beside what it says of itself."""
    (told,) = (text for name, text in in_zip(WHEEL).items() if name.endswith("/METADATA"))
    page = told.decode().partition("\n\n")[2]
    linked = re.findall(r"\]\(([^)#]+)[^)]*\)", page)
    place, version = re.escape(about.repository()), re.escape(about.version())
    own = re.compile(rf"{place}/(?:blob|raw)/v{version}/(.+)")
    files = [found[1] for link in linked if (found := own.fullmatch(link))]
    assert "docs/connect.md" in files
    assert "docs/images/demo.svg" in files
    assert [file for file in files if not (about.ROOT / file).is_file()] == []
    assert [link for link in linked if not own.fullmatch(link) and "modelcontextprotocol" not in link] == []


def test_the_bill_of_materials_names_every_package_of_the_lock_with_its_hashes() -> None:
    bill = json.loads((about.DIST / f"sprinklr-mcp-{about.version()}.cdx.json").read_text())
    named = {f"{one['name']}=={one['version']}" for one in bill["components"]}
    assert named == {pin.partition(" ;")[0] for pin in about.pins()}
    assert all(one["externalReferences"][0]["hashes"] for one in bill["components"])
    assert bill["metadata"]["component"]["version"] == about.version()


def test_the_registry_is_told_the_bundles_own_hash() -> None:
    entry = json.loads((about.DIST / "server.json").read_text())
    (bundle,) = [one for one in entry["packages"] if one["registryType"] == "mcpb"]
    assert bundle["fileSha256"] == hashlib.sha256(BUNDLE.read_bytes()).hexdigest()
    assert bundle["identifier"].endswith(f"/v{about.version()}/{BUNDLE.name}")


def test_the_registrys_own_schema_and_rules_take_the_entry(tmp_path: Path) -> None:
    """The linter brings the schema that the entry names."""
    shutil.copyfile(about.DIST / "server.json", tmp_path / "server.json")
    linter = [sys.executable, "-m", "skillsaw", "lint", "--strict", tmp_path]
    done = subprocess.run(
        linter, env={**os.environ, "PYTHONPATH": str(TOOLS)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout
    assert "mcp-registry" in done.stdout


def test_the_same_sources_make_the_same_bundle(tmp_path: Path) -> None:
    assert make_bundle.write(tmp_path).read_bytes() == BUNDLE.read_bytes()


def test_a_linter_of_images_finds_nothing() -> None:
    subprocess.run([TOOLS / "bin/hadolint", "Dockerfile"], cwd=about.ROOT, check=True, timeout=60)
