"""What is blanked and what is not: every form of a secret, and nothing that only looks like one."""

from __future__ import annotations

import base64
import html
import json
import random

import pytest
from disguises import FORMS
from hypothesis import given, settings
from hypothesis import strategies as st

from faults.canaries import Canaries, new_secret
from sprinklr_mcp.redacting import MOST_PASSING, Redactor

SECRETS = st.integers(0, 1000).map(lambda seed: new_secret(random.Random(seed)))
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text("abcXYZ019+/-_=%&#;u\\\"'{}[]:, \n\0é", max_size=200),
    st.binary(max_size=200),
)
STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=25)
MARK = "[redacted]"


def knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    redactor.learn(*secrets)
    return redactor


@STEADY
@given(secret=SECRETS, before=TEXTS, after=TEXTS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_secret_is_blanked(
    form: str, secret: str, before: str | bytes, after: str | bytes
) -> None:
    """SR-11: raw, percent-encoded, in base64, escaped for JSON, whatever stands around it."""
    canaries = Canaries()
    canaries.add("secret", secret)
    shown = knowing(secret).redacted(f"{before!s} {FORMS[form](secret)} {after!s}")
    assert MARK in shown
    assert canaries.leaked_in(shown) is None
    assert canaries.leaked_in(shown.replace("\0", "").replace("\\", "")) is None


@STEADY
@given(secret=SECRETS, begin=st.integers(0, 30), length=st.integers(12, 20), around=st.text(".:", max_size=9))
@pytest.mark.parametrize("form", ["raw", "percent twice", "JSON, all of it"])
def test_any_piece_of_twelve_characters_is_blanked(
    form: str, secret: str, begin: int, length: int, around: str
) -> None:
    """SR-11: also where an answer cuts a secret, and whatever stands right beside it."""
    piece = secret[begin : begin + length]
    assert len(piece) >= 12
    shown = knowing(secret).redacted(f"{around}{FORMS[form](piece)}{around}")
    assert MARK in shown
    assert shown.strip(".:") == MARK


@STEADY
@given(secret=SECRETS, text=TEXTS)
def test_a_text_without_secrets_stays_as_it_is(secret: str, text: str | bytes) -> None:
    if isinstance(text, bytes):
        assert knowing(secret).redacted_bytes(text) is text
    else:
        assert knowing(secret).redacted(text) is text


@STEADY
@given(seed=st.integers(0, 1000), known=st.integers(0, 3))
def test_what_merely_looks_like_a_key_stays(seed: int, known: int) -> None:
    """Tokens, hashes, ids and addresses of a case's own, in every form."""
    dice = random.Random(seed)
    redactor = knowing(*(new_secret(dice) for _ in range(known)))
    another = new_secret(dice)
    for form in FORMS.values():
        assert redactor.redacted(form(another)) == form(another)
    noise = dice.randbytes(5000)
    assert redactor.redacted_bytes(noise) is noise


@STEADY
@given(secret=SECRETS, words=st.text(max_size=30), form=st.sampled_from(["raw", "JSON, all of it", "JSON"]))
def test_json_stays_json(secret: str, words: str, form: str) -> None:
    """Escapes that stand beside a secret are blanked whole or not at all."""
    inside = json.dumps({"said": f"{words}\n{secret}\t", "sent": json.dumps({"key": secret, "also": words})})
    escaped = inside.replace(secret, FORMS[form](secret))
    answer = json.loads(knowing(secret).redacted_bytes(escaped.encode()))
    assert set(answer) == {"said", "sent"}
    assert MARK in answer["said"]
    assert MARK in answer["sent"]


def test_secrets_of_a_few_characters_count_as_a_whole_and_the_shortest_not_at_all() -> None:
    redactor = knowing("hunter22", "abc12")
    assert redactor.redacted("proxy says hunter22, or hunter%32%32, not hunter2") == (
        f"proxy says {MARK}, or {MARK}, not hunter2"
    )
    assert redactor.redacted(base64.b64encode(b"user:hunter22").decode()) == MARK
    assert redactor.redacted("abc12") == "abc12"


def test_secrets_that_were_replaced_are_known_for_a_while_and_lasting_ones_for_ever() -> None:
    dice = random.Random(1)
    redactor, key = Redactor(), new_secret(dice)
    passing = [new_secret(dice) for _ in range(MOST_PASSING + 1)]
    redactor.learn(key, None)
    for one in passing:
        redactor.learn_passing(one, None)
    assert redactor.redacted(key) == MARK
    assert [redactor.redacted(one) == MARK for one in passing] == [False] + [True] * MOST_PASSING


@pytest.mark.parametrize(
    "text", ["%25" * 400_000, "\\" * 1_000_000, "&#" * 500_000, "\\u0041" * 200_000, "A" * 10**6]
)
def test_texts_made_to_take_long_do_not(text: str) -> None:
    """What takes the square of the length would take hours here."""
    assert knowing(new_secret(random.Random(2))).redacted(text) is text


def test_html_that_hides_a_secret_by_names_is_seen_through() -> None:
    secret = "abc/def+ghi=jkl(mno)pqr"
    hidden = "".join(html.escape(one) if one.isalnum() else f"&#{ord(one)};" for one in secret)
    assert knowing(secret).redacted(f"<p>{hidden}</p>") == f"<p>{MARK}</p>"
