"""Every promise that the documents make to an operator is kept by a test that names it."""

from __future__ import annotations

import re
from pathlib import Path

from promises import PROMISES, proofs_by_promise

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reliability.md"
ROW = re.compile(r"^\| (SR-\d\d) \|.*$", re.MULTILINE)


def test_each_promise_stands_once_on_the_page_and_has_a_test() -> None:
    ids = [one.id for one in PROMISES]
    assert ROW.findall(PAGE.read_text()) == ids == sorted(set(ids))
    proofs = proofs_by_promise()
    assert [id for id in ids if not proofs.get(id)] == []


def test_each_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text())
    assert len(named) > len(PROMISES)
    assert [name for name in named if not (PAGE.parent / name).is_file()] == []


def test_no_test_names_a_promise_that_is_not_made() -> None:
    made = {one.id for one in PROMISES}
    assert {id for id in proofs_by_promise() if id not in made} == set()
