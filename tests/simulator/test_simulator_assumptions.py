"""Every assumption in the code stands in the list, and the other way round."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "assumptions.md"
PLACES = ("simulator/sprinklr_simulator", "server/sprinklr_mcp", "tools/sprinklr_tools")


def in_code() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for place in PLACES:
        for file in (ROOT / place).rglob("*.py"):
            for number in re.findall(r"# Assumption (A\d+):", file.read_text(encoding="utf-8")):
                found.setdefault(number, set()).add(str(file.relative_to(ROOT)))
    return found


def in_list() -> dict[str, str]:
    rows = re.findall(r"^\| (A\d+) \|.*\| `([^`]+)` \|$", LIST.read_text(encoding="utf-8"), re.MULTILINE)
    assert max(Counter(number for number, _ in rows).values()) == 1
    return dict(rows)


def test_every_assumption_of_the_code_stands_in_the_list_and_the_other_way_round() -> None:
    code, listed = in_code(), in_list()
    assert set(code) == set(listed)
    assert not {number for number, files in code.items() if listed[number] not in files}


def test_the_list_counts_without_gaps() -> None:
    assert list(in_list()) == [f"A{number}" for number in range(1, len(in_list()) + 1)]
