"""A moment as a person names it on the command line: a time, or how long ago."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import click

AGO = re.compile(r"([0-9]{1,5})([mhd])")
SECONDS = {"m": 60, "h": 3600, "d": 86_400}


def moment(text: str) -> float:
    """Return seconds since 1970. A time without a zone is UTC, as all times are shown.

    Ends the command in words where it is none.
    """
    ago = AGO.fullmatch(text)
    if ago is not None:
        return time.time() - int(ago[1]) * SECONDS[ago[2]]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time: give one such as 2026-11-24T18:00Z, or how long ago, such as 90m, 2h, 3d."
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
