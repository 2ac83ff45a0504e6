"""`sprinklr-mcp assumptions`: what is assumed about Sprinklr, checked on a tenant without changing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from installation import Installation, Sprinklr

MOST_READS = 24
"""The command's help says two dozen."""


def checked(installation: Installation) -> tuple[int, dict[str, dict[str, Any]]]:
    done = installation.run("assumptions", "--json")
    return done.returncode, {one["assumption"]: one for one in json.loads(done.stdout)}


def test_the_simulator_does_what_is_assumed_and_nothing_is_changed(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    before = len(sprinklr.requests("/api/"))
    status, found = checked(installation)
    assert {number: one["found"] for number, one in found.items() if one["holds"] is not True} == {}
    assert status == 0
    assert len(found) == 12
    assert sprinklr.commits() == []
    assert 12 <= len(sprinklr.requests("/api/")) - before <= MOST_READS


def test_what_does_not_hold_is_said_with_what_it_means_and_status_1(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    sprinklr.fault("/api/v2/case/case-numbers", "status", status=404)
    status, found = checked(installation)
    assert status == 1
    assert [number for number, one in found.items() if one["holds"] is False] == ["A17"]
    assert found["A17"]["found"] == "It answers with a 404."
    assert found["A17"]["otherwise"]


def test_a_read_that_fails_shows_nothing_and_the_others_go_on(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    sprinklr.fault("/api/v2/knowledgebase", "status", times=9, status=503)
    _, found = checked(installation)
    assert found["A55"]["holds"] is None
    assert "UPSTREAM_DOWN" in found["A55"]["found"]
    assert found["A62"]["holds"] is True


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_without_a_login_it_says_so(install: Callable[..., Installation], options: list[str]) -> None:
    done = install().run("assumptions", *options)
    assert done.returncode == 1
    assert "LOGIN_REQUIRED" in done.stderr


def test_a_person_reads_one_line_for_each_and_what_was_found(installation: Installation) -> None:
    said = installation.run("assumptions").stdout
    assert "A17  holds          An unknown case number is answered by an empty list." in said
    assert "                    It answers with an empty answer." in said
