"""The campaign itself: a small one runs to its end, and each of its counters can fail."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import socket
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest

from faults.campaign import MIX, Plan, run
from faults.canaries import Canaries, new_secret
from faults.commits import SECOND, Commit, passed
from faults.judging import Audited, Evidence, judge, judge_outcomes
from faults.peer import Peer
from faults.scripts import Script
from faults.tally import COUNTERS, DUPLICATES, FALSE_CERTAINTY, UNAUDITED, Tally
from faults.told import Told
from faults.work import Work, comment, delete

MARK = "700000042"


@pytest.mark.timeout(180)
def test_a_small_campaign_runs_every_family_of_faults_and_ends(tmp_path: Path) -> None:
    """What it finds in the product, `make campaign` fails on; here it must come to its end."""
    tally = Tally()
    asyncio.run(asyncio.wait_for(run(Plan(seed=7, faults=60, lanes=4, idle=0), tmp_path, tally), 150))
    assert set(tally.injected) == {*MIX, "ends"}
    assert sum(tally.injected.values()) >= 60
    assert set(tally.counts()) == set(COUNTERS)
    assert tally.answers["ok"] > 20


def test_the_same_seed_makes_the_same_faults() -> None:
    assert Plan(3, 200).trials() == Plan(3, 200).trials()
    assert Plan(3, 200).trials() != Plan(4, 200).trials()
    assert [len(Plan(1, count).trials()) for count in (200, 2000, 10_000)] == [200, 2000, 10_000]


# --- the judge ---


def told(work: Work, error: dict[str, str] | None = None) -> Told:
    return Told(work, began=10.0, ended=12.0, answered=True, error=error or {})


def judged(
    calls: list[Told], commits: list[float], *, agreed: int = 1, intents: int = 1, outcome: str = "unknown"
) -> Tally:
    """Judge one deed: commits by their times, and as many intents as are told, made at the beginning."""
    arguments = {"case_number": MARK}
    audit = [
        Audited(10.5, {"kind": "intent", "operation": str(number), "arguments": arguments})
        for number in range(intents)
    ]
    audit += [
        Audited(11.5, {"kind": "outcome", "operation": str(number), "outcome": outcome})
        for number in range(intents)
    ]
    done = [Commit(when, "/somewhere", MARK, "digest") for when in commits]
    tally = Tally()
    judge(Evidence(done, calls, audit, Counter({MARK: agreed}), {}), tally)
    return tally


UNKNOWN = {"code": "OUTCOME_UNKNOWN", "sent": "unknown"}
REFUSED = {"code": "UPSTREAM_REFUSED", "sent": "yes"}
NOT_SENT = {"code": "UPSTREAM_DOWN", "sent": "no"}
UNREADABLE = {"code": "UPSTREAM_BAD_RESPONSE", "sent": "yes"}


@pytest.mark.parametrize("work", [comment(MARK), delete(MARK)], ids=["comment", "delete"])
def test_a_write_done_once_and_told_so_is_no_defect(work: Work) -> None:
    assert judged([told(work)], [11.0], outcome="done").holds
    assert judged([told(work, UNREADABLE)], [11.0], outcome="done").holds
    assert judged([told(work, UNKNOWN)], [11.0]).holds
    assert judged([told(work, UNKNOWN)], []).holds
    assert judged([told(work, NOT_SENT)], [], outcome="failed").holds


@pytest.mark.parametrize("work", [comment(MARK), delete(MARK)], ids=["comment", "delete"])
def test_a_second_commit_for_one_call_is_counted(work: Work) -> None:
    assert judged([told(work)], [11.0, 11.2], intents=2).counts()[DUPLICATES] == 1


def test_a_second_commit_for_one_agreement_is_counted_however_many_calls_were_made() -> None:
    calls = [told(delete(MARK)), told(delete(MARK))]
    assert judged(calls, [11.0, 11.2], intents=2).counts()[DUPLICATES] == 1


def test_done_without_a_commit_is_counted() -> None:
    assert judged([told(comment(MARK))], []).counts()[FALSE_CERTAINTY] == 1
    assert judged([told(comment(MARK), UNREADABLE)], []).counts()[FALSE_CERTAINTY] == 1


@pytest.mark.parametrize("error", [REFUSED, NOT_SENT], ids=["refused", "not sent"])
def test_not_done_with_a_commit_is_counted(error: dict[str, str]) -> None:
    assert judged([told(comment(MARK), error)], [11.0]).counts()[FALSE_CERTAINTY] == 1


@pytest.mark.parametrize(("outcome", "commits"), [("done", []), ("failed", [11.0])], ids=["done", "failed"])
def test_a_log_that_says_what_is_not_so_is_counted(outcome: str, commits: list[float]) -> None:
    wrong = judged([told(comment(MARK), UNKNOWN)], commits, outcome=outcome)
    assert wrong.counts()[FALSE_CERTAINTY] == 1


def test_a_commit_without_an_earlier_intent_is_counted() -> None:
    assert judged([told(comment(MARK), UNKNOWN)], [11.0], intents=0).counts()[UNAUDITED] == 1
    assert judged([told(comment(MARK), UNKNOWN)], [10.1]).counts()[UNAUDITED] == 1


def test_an_intent_without_an_outcome_is_counted() -> None:
    intent = Audited(10.5, {"kind": "intent", "operation": "a", "arguments": {}})
    tally = Tally()
    judge_outcomes(Evidence([], [], [intent], Counter(), {}), tally)
    assert tally.counts()[UNAUDITED] == 1


# --- what looks for secrets and counts calls ---


def test_a_secret_is_found_in_every_form() -> None:
    canaries = Canaries()
    secret = canaries.add("secret", new_secret(random.Random(5)))
    encoded = [base64.b64encode(b"x" * before + secret.encode()).decode() for before in range(3)]
    escaped = secret.replace("/", "\\/")
    for form in [secret, quote(secret, safe=""), json.dumps({"a": secret}), escaped, secret[5:17], *encoded]:
        assert canaries.leaked_in(f"before {form} after") == "secret"
    assert canaries.leaked_in(f"before {secret[5:16]} after") is None


def test_more_calls_in_a_sliding_second_than_allowed_are_seen() -> None:
    assert passed([0.0, 0.1, 0.2, 1.1], SECOND, 3) == []
    (found,) = passed([0.0, 0.5, 0.9, 0.99], SECOND, 3)
    assert (found.calls, found.began) == (4, 0.0)


# --- the peer ---


def ask(peer: Peer, body: bytes = b"{}") -> bytes:
    """Write a comment over a raw socket, and return all that comes back until the end."""
    token = peer.grants.valid.access if peer.grants.valid else ""
    about = f"Key: {peer.key}\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", peer.port), timeout=5) as stream:
        stream.sendall(f"POST /prod2/api/v2/comment/CASE/{MARK} HTTP/1.1\r\n{about}\r\n\r\n".encode() + body)
        stream.settimeout(2)
        came = b""
        while part := stream.recv(65_536):
            came += part
        return came


def test_the_peer_commits_and_breaks_off_as_its_script_says() -> None:
    peer = Peer(1, Canaries())
    peer.grants.issue()
    peer.plan(MARK, "write", Script("cut", sent=10, end="close"))
    peer.plan(MARK, "write", Script("stopped", heard=20, commit=False, end="reset"))
    peer.plan(MARK, "write", Script("silent close", commit=False, sent=0, end="close"))
    assert ask(peer) == b"HTTP/1.1 2"
    assert len(peer.log.commits()) == 1
    with pytest.raises(ConnectionResetError):
        ask(peer)
    assert ask(peer) == b""
    assert len(peer.log.commits()) == 1
    assert [one.kind for one in peer.log.arrivals()] == ["write"] * 3
    peer.close()


def test_the_peer_is_away_and_comes_back() -> None:
    peer = Peer(1, Canaries())
    peer.go_away(0.2)
    with pytest.raises(ConnectionRefusedError):
        ask(peer)
    assert peer.be_there()
    peer.plan(MARK, "write", Script("end", end="close"))
    assert b"401" in ask(peer)
    peer.close()


def test_a_refresh_token_works_once_and_its_reuse_may_end_everything() -> None:
    for mode, survives in (("strict", True), ("family", False)):
        peer = Peer(1, Canaries(), mode)  # type: ignore[arg-type]
        first = peer.grants.issue()
        second = peer.grants.refresh(first.refresh)
        assert second is not None
        assert peer.grants.must_be_kept is None
        peer.grants.left_whole(second)
        assert peer.grants.must_be_kept == second.refresh
        assert peer.grants.refresh(first.refresh) is None
        assert peer.grants.reused_in_vain == 1
        assert (peer.grants.valid is not None) is survives
        peer.close()
