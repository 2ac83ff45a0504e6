"""The grammar of a path to a file, judged by its words alone: asking the system about some is harmful.

On Windows a path such as `\\\\host\\x` reaches out to that host as soon as it is looked at, and one name may
stand for a device or for another file. So these are refused everywhere.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

LONGEST_PATH = 1_000
LONGEST_NAME = 200
"""In characters: a person sees the whole name and may have to type it."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
DEVICE = re.compile(
    r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3])", re.IGNORECASE
)
SHORTENED = re.compile(r"~[0-9]")


def _local_path(value: str) -> str:
    """Return the path if it can mean one thing only."""
    if len(value) > LONGEST_PATH:
        raise ValueError(f"a path is at most {LONGEST_PATH} characters long")
    if CONTROL.search(value):
        raise ValueError("a path holds no control characters")
    if "\\" in value or value.startswith("//"):
        raise ValueError("give a path of this machine, its parts separated by single slashes")
    if ":" in value:
        raise ValueError("a path holds no colon")
    parts = value.removeprefix("/").split("/")
    for part in parts:
        _check_part(part)
    if len(parts[-1]) > LONGEST_NAME:
        raise ValueError(f"the file's name is longer than {LONGEST_NAME} characters; rename it")
    return value


def _check_part(part: str) -> None:
    if part in ("", ".", ".."):
        raise ValueError("a path has no empty part and neither '.' nor '..'")
    if part.startswith("~"):
        raise ValueError("write the folder out instead of '~'")
    if part[-1] in ". " or part[0] == " ":
        raise ValueError("no part of a path begins with a space or ends with a dot or a space")
    if DEVICE.fullmatch(part.partition(".")[0].rstrip()):
        raise ValueError("a part of the path is the name of a device")
    if SHORTENED.search(part):
        raise ValueError("write names in full, without '~' and a digit")


LocalPath = Annotated[str, AfterValidator(_local_path)]
