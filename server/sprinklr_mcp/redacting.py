"""Blanking live secrets in what comes from outside and in what is logged, in every form they take there.

Knows the secrets and nothing of where they are used. It never guesses: what merely looks like a key stays.

What is looked at are runs of characters that secrets and their encodings consist of. A run is blanked if
`PIECE` characters of a secret in a row stand in it, or of its base64, once escapes are undone. Wherever such
a piece begins, it holds two whole words of four characters, if a text is divided into such: so one look-up
for each word finds them all.
"""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.entities import html5

MARK = b"[redacted]"
PIECE = 12
"""Characters of a secret in a row that give it away; a shorter secret only counts as a whole."""
SHORTEST = 6
"""What is shorter is in many a word, and is not blanked."""
WORD = 4
ROUNDS = 4
"""How often text may be escaped one way over another."""
MOST_PASSING = 16
"""How many secrets that take each other's place are known at a time: those of several renewals."""

ONE_ALPHABET = bytes.maketrans(b"-_", b"+/")
"""Base64 has two alphabets; text is compared in one."""
SKIPPED = b"\\" + bytes({*range(32), 127} - {*b"\t\n\r"})
"""JSON puts backslashes before characters, UTF-16 zeros between them: text is compared without, as without
all that is cleaned away before anybody reads it.
"""
IN_ENCODINGS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=%&#;" + SKIPPED
BETWEEN_RUNS = b"\n"
TWO = b"\1\1"
"""Two words in a row that are known."""
NAMED = {
    name.encode(): character.encode()
    for name, character in html5.items()
    if name.endswith(";") and len(character) == 1 and "!" <= character <= "~"
}
CHARACTERS = [bytes([number]) for number in range(128)]
ESCAPE = re.compile(
    # The backslash of \u is skipped before.
    rb"(?:%|u00|&#[xX]0{0,4})(?P<hex>[0-7][0-9A-Fa-f]);?+|&#0{0,4}(?P<decimal>[0-9]{2,3});"
    rb"|&(?P<name>" + b"|".join(map(re.escape, NAMED)) + rb")"
)


class Redactor:
    """The live secrets of one process. May be asked in any thread while another learns."""

    def __init__(self) -> None:
        self._lasting: dict[str, _Traces] = {}
        self._passing: dict[str, _Traces] = {}
        self._finder = _Finder.of(())

    def learn(self, *secrets: str | None) -> None:
        """Take secrets that are live as long as the process is."""
        if new := _traces_of(secrets, self._lasting):
            self._lasting |= new
            self._renew()

    def learn_passing(self, *secrets: str | None) -> None:
        """Take secrets that will be replaced by others; the latest of the old ones stay known."""
        if new := _traces_of(secrets, self._passing):
            self._passing = dict([*self._passing.items(), *new.items()][-MOST_PASSING:])
            self._renew()

    def redacted(self, text: str) -> str:
        """Return the text with a mark in the place of each run that holds a secret."""
        given = text.encode("utf-8", "surrogatepass")
        blanked = self.redacted_bytes(given)
        return text if blanked is given else blanked.decode("utf-8", "replace")

    def redacted_bytes(self, body: bytes) -> bytes:
        """Return the body with a mark in the place of each run that holds a secret; else the body itself.

        A JSON text stays one: of an escape, all or nothing is blanked.
        """
        finder = self._finder
        if not finder.finds_any(BETWEEN_RUNS.join(finder.runs.findall(body))):
            return body
        return finder.runs.sub(lambda run: _blanked(run[0]) if finder.finds_any(run[0]) else run[0], body)

    def _renew(self) -> None:
        self._finder = _Finder.of([*self._lasting.values(), *self._passing.values()])


@dataclass(frozen=True)
class _Traces:
    """What tells one secret: it and its base64, in the form in which text is compared."""

    forms: frozenset[bytes]
    words: frozenset[int]
    """Every four characters in a row, as one number: so a text need not be cut up to be compared."""

    @classmethod
    def of(cls, secret: str) -> _Traces:
        """Take a secret apart; one that is too short to be told from a word leaves no traces."""
        forms = frozenset(_forms_of(secret)) if len(secret) >= SHORTEST else frozenset[bytes]()
        long = [form for form in forms if len(form) >= PIECE]
        words = (_words(form[begin:]) for form in long for begin in range(WORD))
        return cls(forms, frozenset(itertools.chain.from_iterable(words)))


@dataclass(frozen=True)
class _Finder:
    """Finds traces in a text."""

    forms: tuple[bytes, ...]
    shorter: tuple[bytes, ...]
    """The forms that are shorter than a piece."""
    words: frozenset[int]
    runs: re.Pattern[bytes]
    """What can hold a secret: as many characters that occur in one as a trace has at least."""

    @classmethod
    def of(cls, traces: Iterable[_Traces]) -> _Finder:
        """Put the traces of several secrets together."""
        every = list(traces)
        forms = [form for one in every for form in one.forms]
        shorter = [form for form in forms if SHORTEST <= len(form) < PIECE]
        least = min([PIECE, *map(len, shorter)])
        characters = {*IN_ENCODINGS, *b"".join(forms)} - {*BETWEEN_RUNS}
        runs = re.compile(b"[%b]{%d,}+" % (re.escape(bytes(sorted(characters))), least))
        words = frozenset[int]().union(*(one.words for one in every))
        return cls(tuple(forms), tuple(shorter), words, runs)

    def finds_any(self, text: bytes) -> bool:
        """Tell whether a piece of a secret stands in the text, or would once escapes are undone."""
        return any(self._stands_in(plain) for plain in _plain_forms(text))

    def _stands_in(self, plain: bytes) -> bool:
        if any(one in plain for one in self.shorter):
            return True
        known = bytes(map(self.words.__contains__, _words(plain)))
        at = known.find(TWO)
        while at >= 0:
            if self._around(plain, at * WORD):
                return True
            at = known.find(TWO, at + 1)
        return False

    def _around(self, plain: bytes, at: int) -> bool:
        """Tell whether a whole piece holds the two words that begin there."""
        begins = range(max(at + 2 * WORD - PIECE, 0), at + 1)
        pieces = (plain[begin : begin + PIECE] for begin in begins)
        return any(piece in form for piece in pieces if len(piece) == PIECE for form in self.forms)


def _words(text: bytes) -> memoryview[int]:
    """Return the text as numbers of four characters each, without what is left at its end."""
    return memoryview(text)[: len(text) // WORD * WORD].cast("I")


def _traces_of(secrets: Iterable[str | None], known: dict[str, _Traces]) -> dict[str, _Traces]:
    return {one: _Traces.of(one) for one in secrets if one and one not in known}


def _blanked(run: bytes) -> bytes:
    """Return the mark; what a backslash at the end stands before is no part of the run, so both stay."""
    return MARK + run[len(run.rstrip(b"\\")) :]


def _forms_of(secret: str) -> Iterator[bytes]:
    """Yield a secret, and its base64 wherever it begins in what was encoded."""
    inside = secret.encode()
    yield _comparable(inside)
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + inside)
        # Only characters that hold nothing of what stands around the secret.
        yield _comparable(encoded[-(-8 * before // 6) : 8 * (before + len(inside)) // 6])


def _comparable(text: bytes) -> bytes:
    return text.translate(ONE_ALPHABET, SKIPPED)


def _plain_forms(text: bytes) -> Iterator[bytes]:
    """Yield the text as it is compared, with one round of escapes after the other undone."""
    plain = _comparable(text)
    yield plain
    for _ in range(ROUNDS):
        before, plain = plain, _comparable(ESCAPE.sub(_character, plain))
        if plain == before:
            return
        yield plain


def _character(escape: re.Match[bytes]) -> bytes:
    """Return what an escape stands for."""
    hexadecimal, decimal, name = escape.groups()
    if name:
        return NAMED[name]
    return CHARACTERS[int(hexadecimal, 16) if hexadecimal else int(decimal) & 0x7F]
