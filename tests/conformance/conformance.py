"""The official conformance suite judges this server, in both eras of the protocol, over HTTP.

Not part of the tests: `make conformance` gets the suite from npm and runs this. `scenarios.py` says what
applies.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conformance.judging import Verdict, judged, running
from conformance.scenarios import (
    APPLIES,
    ASKED,
    DOES_NOT_APPLY,
    EXCUSED,
    LEGACY,
    MODERN,
    NOTHING_FAILS,
)

OURS = str(Path(sys.executable).with_name("sprinklr-mcp"))
PLAIN = [OURS, "serve", "--http", "--open", "--simulator", "--json"]
ASKING = [sys.executable, "-m", "conformance.asking_server"]
JUDGED = [(era, scenario) for era in APPLIES for scenario in sorted(APPLIES[era])]

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Verdict]]:
    """What is found of the server as anybody starts it, in each era."""
    folder = tmp_path_factory.mktemp("plain")
    with running(PLAIN, folder / "home") as url:
        return {era: judged(url, era, folder / era) for era in (LEGACY, MODERN)}


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """What is found of the server with tools that ask under the suite's names."""
    folder = tmp_path_factory.mktemp("asking")
    with running(ASKING, folder / "home") as url:
        return judged(url, MODERN, folder / "found")


@pytest.mark.parametrize(("era", "scenario"), JUDGED)
def test_a_scenario_that_applies_is_passed(
    plain: dict[str, dict[str, Verdict]], era: str, scenario: str
) -> None:
    verdict = plain[era][scenario]
    assert {check: told for check, told in verdict.failed.items() if check not in EXCUSED} == {}
    assert verdict.passed


@pytest.mark.parametrize("scenario", sorted(ASKED))
def test_a_question_of_our_pipeline_is_what_the_protocol_wants(
    asking: dict[str, Verdict], scenario: str
) -> None:
    assert asking[scenario].failed == {}
    assert asking[scenario].passed


def test_what_is_excused_still_fails(plain: dict[str, dict[str, Verdict]]) -> None:
    applied = [plain[era][scenario] for era, scenario in JUDGED]
    assert set(EXCUSED) == {check for verdict in applied for check in verdict.failed}


@pytest.mark.parametrize("era", [LEGACY, MODERN])
def test_every_scenario_either_applies_or_has_the_reason_why_not(
    plain: dict[str, dict[str, Verdict]], era: str
) -> None:
    asked = ASKED if era == MODERN else set[str]()
    others = plain[era].keys() - APPLIES[era] - asked
    assert APPLIES[era] | asked <= plain[era].keys()
    assert others <= DOES_NOT_APPLY.keys()


def test_every_reason_is_one_for_a_scenario_that_is_run(plain: dict[str, dict[str, Verdict]]) -> None:
    run = plain[LEGACY].keys() | plain[MODERN].keys()
    assert DOES_NOT_APPLY.keys() <= run
    assert DOES_NOT_APPLY.keys().isdisjoint(APPLIES[LEGACY] | APPLIES[MODERN] | ASKED)


def test_what_does_not_apply_is_not_passed(
    plain: dict[str, dict[str, Verdict]], asking: dict[str, Verdict]
) -> None:
    found = {scenario: verdict.failed for era in plain for scenario, verdict in plain[era].items()}
    # With a tool to call they have more to say.
    found.update({scenario: verdict.failed for scenario, verdict in asking.items()})
    assert {scenario for scenario in DOES_NOT_APPLY if not found[scenario]} == NOTHING_FAILS
