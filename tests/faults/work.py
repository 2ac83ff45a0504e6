"""The work that faults happen to: one call of each class, each on a case that no other call touches."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from faults.answers import ACCOUNT, ACCOUNT_ID, case_id

HEADLINE = re.compile(r"Delete case ([0-9]+)")
_numbers = itertools.count(700_000_001)


@dataclass(frozen=True)
class Work:
    """One call. `mark` names it on the wire and in the audit log; `made` makes such calls."""

    tool: str
    arguments: dict[str, Any]
    mark: str
    made: Callable[[str], Work]
    writes: bool = False
    repeatable: bool = True
    asks: bool = False
    """Whether a person is asked first."""
    reads_first: bool = False
    """Whether facts that name the deed are read, twice, before its own request."""


def new_mark() -> str:
    return str(next(_numbers))


def read_case(mark: str) -> Work:
    return Work("sprinklr_get_case_by_number", {"case_number": mark}, mark, read_case)


def _search(mark: str) -> Work:
    return Work("sprinklr_search_cases", {"channel_id": f"c{mark}"}, mark, _search)


def _update(mark: str) -> Work:
    arguments = {"case_number": mark, "status": "Closed"}
    return Work("sprinklr_update_case", arguments, mark, _update, writes=True)


def _close(mark: str) -> Work:
    return Work("sprinklr_close_case", {"case_number": mark}, mark, _close, writes=True)


def comment(mark: str) -> Work:
    arguments = {"case_number": mark, "text": "Called the customer."}
    return Work("sprinklr_add_comment", arguments, mark, comment, writes=True, repeatable=False)


def _create(mark: str) -> Work:
    arguments = {"message_id": f"TWITTER_1_{mark}_P", "subject": "Bell is loose"}
    return Work("sprinklr_create_case", arguments, mark, _create, writes=True, repeatable=False)


def delete(mark: str) -> Work:
    return _asked("sprinklr_delete_case_by_number", {"case_number": mark}, mark, delete)


def _delete_by_id(mark: str) -> Work:
    return _asked("sprinklr_delete_case_by_id", {"case_id": case_id(mark)}, mark, _delete_by_id)


def publish(mark: str) -> Work:
    whom = {"account_id": str(ACCOUNT_ID), "channel_type": "TWITTER", "channel_id": f"c{mark}"}
    return _asked("sprinklr_publish_message", {"text": "It has been found.", **whom}, mark, publish)


def _asked(tool: str, arguments: dict[str, Any], mark: str, made: Callable[[str], Work]) -> Work:
    return Work(tool, arguments, mark, made, writes=True, repeatable=False, asks=True, reads_first=True)


READS: tuple[Callable[[str], Work], ...] = (read_case, _search)
REPEATABLE: tuple[Callable[[str], Work], ...] = (_update, _close)
ONCE: tuple[Callable[[str], Work], ...] = (comment, _create)
ASKED: tuple[Callable[[str], Work], ...] = (delete, _delete_by_id, publish)
CLASSES = (READS, REPEATABLE, ONCE, ASKED)


def any_work(dice: random.Random) -> Work:
    """Return new work of a class drawn first, so that every class gets its share of faults."""
    return dice.choice(dice.choice(CLASSES))(new_mark())


def typed_by_a_person(question: str) -> str:
    """Return what somebody types who read the question and agrees."""
    found = HEADLINE.search(question)
    return found[1] if found else ACCOUNT
