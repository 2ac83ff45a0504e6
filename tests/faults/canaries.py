"""Secrets that must never be seen: every form in which one could leave, down to runs of 12 characters."""

from __future__ import annotations

import base64
import json
import random
import threading
from collections.abc import Iterator
from urllib.parse import quote

RUN = 12
"""Characters in a row that count as a leak; nothing harmless shares so many with a random secret."""
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def new_secret(dice: random.Random, length: int = 42) -> str:
    """Return a secret as Sprinklr's look: base64, with the characters that encodings change."""
    middle = "".join(dice.choice(ALPHABET) for _ in range(length - 6))
    return f"{middle[:9]}+/{middle[9:]}/+=="


class Canaries:
    """The secrets of a run. Added to by threads of the peer, looked for by the campaign."""

    def __init__(self) -> None:
        self._runs: dict[str, str] = {}
        self._turn = threading.Lock()

    def add(self, name: str, secret: str) -> str:
        """Take a secret under the name that a report gives it, and return it."""
        runs = {form[at : at + RUN]: name for form in _forms(secret) for at in range(len(form) - RUN + 1)}
        with self._turn:
            self._runs.update(runs)
        return secret

    def leaked_in(self, text: str) -> str | None:
        """Return the name of a secret of which a run stands in the text."""
        runs = self._runs
        for at in range(len(text) - RUN + 1):
            name = runs.get(text[at : at + RUN])
            if name is not None:
                return name
        return None


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote(quote(secret, safe=""), safe="")
    yield json.dumps(secret)[1:-1]
    yield secret.replace("/", "\\/")
    # Base64 of a text that holds it somewhere: it may begin at each of three places in a group.
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret.encode()).decode()
        inside = encoded[4:-4] if before else encoded[:-4]
        yield inside
        yield inside.translate(str.maketrans("+/", "-_"))
