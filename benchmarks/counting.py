"""Tokens as the o200k vocabulary counts them: that of the GPT-4o family, and near enough to others'."""

from __future__ import annotations

import functools
import json
from typing import Any

import bpe_openai


@functools.cache
def _vocabulary() -> bpe_openai.Encoding:
    return bpe_openai.get_encoding("o200k_base")


def tokens(text: str) -> int:
    """Return how many tokens a text is; special marks in it count as plain text."""
    return len(_vocabulary().encode(text, disallowed_special=()))


def compact(value: Any) -> str:
    """Write JSON as clients put it before a model."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
