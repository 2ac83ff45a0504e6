"""What describes a release agrees with the project, with each other, and with what publishes it."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import image
import pytest
import yaml

import about
from sprinklr_mcp import __version__
from sprinklr_mcp.settings import Settings

MANIFEST = json.loads((about.ROOT / "manifest.json").read_text())
ENTRY = json.loads((about.ROOT / "server.json").read_text())
WORKFLOWS = sorted((about.ROOT / ".github/workflows").glob("*.yml"))
SETTINGS = {str(field.alias): field for field in Settings.model_fields.values() if field.alias}
SECRETS = {"SPRINKLR_API_KEY", "SPRINKLR_API_SECRET", "SPRINKLR_PROXY"}
PINNED = re.compile(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}")
OURS = re.compile(r"(?<![\w./-])(?:release|docs|\.ci)/[\w./-]+|\b[\w-]+\.(?:json|toml)\b")


def test_the_version_is_the_same_everywhere() -> None:
    packages = {one["registryType"]: one for one in ENTRY["packages"]}
    assert about.version() == __version__
    assert MANIFEST["version"] == ENTRY["version"] == packages["pypi"]["version"] == __version__
    assert packages["oci"]["identifier"].endswith(f":{__version__}")


def test_the_repositorys_address_is_the_same_everywhere() -> None:
    address = about.repository()
    assert MANIFEST["repository"]["url"] == ENTRY["repository"]["url"] == address
    owner = address.removeprefix("https://github.com/").split("/")[0]
    assert ENTRY["name"] == f"io.github.{owner}/sprinklr-mcp"


# --- the bundle's manifest ---


def test_what_a_person_enters_is_a_setting_and_is_used() -> None:
    variables = MANIFEST["server"]["mcp_config"]["env"]
    assert set(variables) <= set(SETTINGS)
    used = [value.removeprefix("${user_config.").removesuffix("}") for value in variables.values()]
    assert sorted(used) == sorted(MANIFEST["user_config"])


def test_nothing_must_be_entered_and_secrets_are_kept_as_such() -> None:
    options: dict[str, dict[str, Any]] = MANIFEST["user_config"]
    assert not any(option["required"] for option in options.values())
    secret = {name for name, option in options.items() if option.get("sensitive")}
    assert secret == {"api_key", "api_secret"}
    assert not any("default" in options[name] for name in secret)


def test_no_list_is_asked_for_since_a_variable_cannot_hold_one() -> None:
    assert not any(option.get("multiple") for option in MANIFEST["user_config"].values())


@pytest.mark.parametrize("blank", ["", "  ", "${user_config.api_key}", " ${user_config.read_only}\n"])
def test_what_a_client_did_not_fill_counts_as_not_set(blank: str) -> None:
    assert Settings.from_environment(dict.fromkeys(SETTINGS, blank)) == Settings.from_environment({})


# --- the registry's entry ---


def test_the_entry_keeps_the_rules_of_the_registry_that_it_can_break() -> None:
    assert ENTRY["$schema"].endswith("/2025-12-11/server.schema.json")
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", ENTRY["name"])
    assert 1 <= len(ENTRY["description"]) <= 100
    assert {one["transport"]["type"] for one in ENTRY["packages"]} == {"stdio"}
    for package in ENTRY["packages"]:
        assert not package.get("runtimeArguments") or package["runtimeHint"]
        for variable in package["environmentVariables"]:
            kinds = ("string", "number", "boolean", "filepath")
            assert variable.get("format", "string") in kinds


def test_the_entry_names_every_setting_and_marks_the_secret_ones() -> None:
    for package in ENTRY["packages"]:
        told = {one["name"]: one for one in package["environmentVariables"]}
        assert {name for name, one in told.items() if one.get("isSecret")} == SECRETS
        kept = image.settings() if package["registryType"] == "oci" else set[str]()
        assert set(SETTINGS) - set(told) <= kept | {"SPRINKLR_MCP_KEYRING"}
        assert set(told) <= set(SETTINGS)


# --- the image ---


def test_everything_that_the_image_copies_is_let_in() -> None:
    copied, sources = image.copied_into_the_image(), image.sources()
    assert sources
    for source in sources:
        assert [name for name in copied if name == source or name.startswith(f"{source}/")], source


def test_the_image_gets_no_tests_and_no_documents() -> None:
    tops = {name.partition("/")[0] for name in image.copied_into_the_image() if "/" in name}
    assert tops == {"release", "server", "tools", "simulator"}


def test_the_image_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume() -> None:
    written = image.instructions()
    assert [rest for word, rest in written if word == "FROM"][-1] == "python:3.13-slim"
    assert ("USER", "10001") in written
    assert ("VOLUME", "/data") in written
    assert written.index(("USER", "10001")) < written.index(("ENTRYPOINT", '["sprinklr-mcp"]'))
    assert image.settings() == {"SPRINKLR_MCP_HOME"}


# --- what publishes it ---


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_uses_nothing_that_can_change_and_may_only_read_by_default(file: Any) -> None:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    used = [step["uses"] for step in steps_of(workflow) if "uses" in step]
    assert used
    assert [one for one in used if not PINNED.fullmatch(one)] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_what_a_workflow_runs_is_there(file: Any) -> None:
    runs = [step["run"] for step in steps_of(yaml.safe_load(file.read_text())) if "run" in step]
    assert runs
    for run in runs:
        for target in re.findall(r"^make ([a-z-]+)", run, re.MULTILINE):
            assert target in targets()
        assert [name for name in OURS.findall(run) if not (about.ROOT / name).exists()] == []


def test_ci_checks_the_release_and_names_only_targets_that_are_there() -> None:
    named = re.findall(
        r"^step \S+ make (?:--\S+ )*([a-z-]+)", (about.ROOT / ".ci/run").read_text(), re.MULTILINE
    )
    assert "release-check" in named
    assert set(named) <= targets()


def steps_of(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):(?!=)", (about.ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_locks_hold_the_same_versions_and_no_address() -> None:
    texts = [(about.ROOT / f"requirements{part}.txt").read_text() for part in ("", "-runtime", "-build")]
    whole, *parts = [set(re.findall(r"^[a-z0-9._-]+==[^\s;]+", text, re.MULTILINE)) for text in texts]
    assert all(part and part <= whole for part in parts)
    assert not any("://" in text for text in texts)


def test_the_installing_script_is_one_that_a_shell_reads() -> None:
    subprocess.run(["sh", "-n", "release/install.sh"], cwd=about.ROOT, check=True)


def test_the_readme_names_the_entry_as_the_registry_wants_it_of_a_package_on_pypi() -> None:
    name = json.loads((about.ROOT / "server.json").read_text())["name"]
    assert f"mcp-name: {name} " in (about.ROOT / "README.md").read_text()
