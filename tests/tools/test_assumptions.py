"""What is assumed about Sprinklr and can be checked: each probe sees when a tenant answers otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from sprinklr_tools.action import Action, Risk
from sprinklr_tools.assumptions.catalogue import all_probes
from sprinklr_tools.assumptions.probe import Outcome, Probe, Told
from sprinklr_tools.platform import Verdict
from sprinklr_tools.reading import Json

LIST = Path(__file__).parents[2] / "docs/assumptions.md"
PROBES = {probe.number: probe for probe in all_probes()}
NOTHING, REFUSED, FORBIDDEN = Told(Verdict.DONE, []), Told(Verdict.REFUSED), Told(Verdict.FORBIDDEN)


def cases(*numbers: int, **more: Any) -> Told:
    found: list[Json] = [
        {"id": f"{number:024}", "subject": "Broken spoke", "createdTime": number} for number in numbers
    ]
    return Told(Verdict.DONE, {"results": found, "count": 90, **more})


def older(*times: int) -> Told:
    return Told(
        Verdict.DONE,
        {"searchResults": [{"universalCaseApiDTO": {"caseCreationTime": time}} for time in times]},
    )


def outcome_of(number: str, *answers: Told) -> Outcome:
    """What a probe finds on a tenant that gives these answers, the last one for good."""
    left = list(answers)

    async def ask(action: Action) -> Told:
        assert action.risk is Risk.READ
        return left.pop(0) if len(left) > 1 else left[0]

    return anyio.run(PROBES[number].run, ask)


def test_each_stands_in_the_list() -> None:
    listed = re.findall(r"^\| (A\d+) \|", LIST.read_text(), re.MULTILINE)
    assert len(PROBES) == len(all_probes())
    assert set(PROBES) <= set(listed)


@pytest.mark.parametrize("probe", all_probes(), ids=lambda probe: probe.number)
def test_each_makes_only_reads(probe: Probe) -> None:
    asked: list[Action] = []

    async def ask(action: Action) -> Told:
        asked.append(action)
        return cases(4, 3, 2, 1)

    anyio.run(probe.run, ask)
    assert asked
    assert {action.risk for action in asked} == {Risk.READ}


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("A4", [REFUSED]),
        ("A17", [Told(Verdict.NOT_FOUND)]),
        ("A17", [cases(1)]),
        ("A18", [NOTHING]),
        ("A22", [NOTHING]),
        ("A36", [cases(*range(1, 51))]),
        ("A37", [cases(9, 8), cases(8, 7), cases(9, 8, 7, 6)]),
        ("A37", [cases(9, 8, cursor="id=1"), cases(7, 6), cases(9, 8, 7, 6)]),
        ("A37", [cases(9, 8), cases(9, 8), cases(9, 8, 7, 6)]),
        ("A38", [NOTHING]),
        ("A48", [FORBIDDEN]),
        (
            "A54",
            [
                Told(Verdict.DONE, {"email": "g@example.com"}),
                Told(Verdict.DONE, {"Resources": [{"id": 1}]}),
                NOTHING,
            ],
        ),
        ("A55", [REFUSED]),
        ("A62", [Told(Verdict.NOT_FOUND)]),
        ("A62", [NOTHING, Told(Verdict.DONE, {"fieldName": "spr_uc_status"})]),
        ("A87", [cases(9), older(1, 2)]),
        ("A87", [cases(9), REFUSED]),
    ],
)
def test_each_sees_that_a_tenant_answers_otherwise(number: str, answers: list[Told]) -> None:
    assert outcome_of(number, *answers).holds is False


@pytest.mark.parametrize(
    ("number", "answers"),
    [
        ("A36", [Told(Verdict.DONE, {"results": [], "count": 3})]),
        ("A37", [cases(9, 8), cases(7), cases(9, 8, 7)]),
        ("A54", [Told(Verdict.DONE, {"id": 1})]),
        ("A54", [Told(Verdict.DONE, {"email": "g@example.com"}), FORBIDDEN]),
        ("A54", [Told(Verdict.DONE, {"email": "g@example.com"}), NOTHING]),
        ("A87", [NOTHING]),
        ("A87", [cases(9), older(9)]),
    ],
)
def test_a_tenant_that_cannot_show_it_is_told_from_one_that_answers_otherwise(
    number: str, answers: list[Told]
) -> None:
    found = outcome_of(number, *answers)
    assert found.holds is None
    assert found.found


def test_nothing_of_a_case_or_a_person_is_shown() -> None:
    told: Callable[..., Told] = cases
    for number in PROBES:
        found = outcome_of(number, told(4, 3, 2, 1, email="grace@example.com"))
        assert "spoke" not in found.found
        assert "grace" not in found.found
