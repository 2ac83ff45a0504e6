"""Draws what a terminal shows into docs/images, as SVG: `make pictures`.

Each command runs in a real terminal, on the simulator; what is typed there is typed by a person's hand here.
A picture loads nothing: it uses whatever font for code its reader has.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from client_files import MOVED
from installation import COMMAND, Installation, running_sprinklr
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text
from terminals import Terminal, in_a_terminal

FOLDER = Path(__file__).resolve().parent / "images"
COLUMNS = 100
FETCHED_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


@contextmanager
def as_new(folder: Path) -> Generator[Installation]:
    """Somebody who has set nothing."""
    yield Installation(folder, {})


@contextmanager
def misled(folder: Path) -> Generator[Installation]:
    """Somebody who was logged in before a slash was lost from their callback address."""
    with running_sprinklr("--redirect-uri", "http://127.0.0.1:8721/callback/") as sprinklr:
        elsewhere = {**dict.fromkeys(MOVED, ""), "HOME": str(folder), "PATH": os.defpath}
        proxy = {"HTTPS_PROXY": "http://proxy.example.com:3128"}
        person = Installation(folder, {**sprinklr.settings, **elsewhere, **proxy})
        person.log_in()
        yield person.changed(SPRINKLR_REDIRECT_URI="http://127.0.0.1:8721/callback")


@dataclass(frozen=True)
class Picture:
    """What is run and by whom, what they do there, and which lines of it are drawn."""

    name: str
    command: tuple[str, ...]
    person: Callable[[Terminal], str]
    installed: Callable[[Path], AbstractContextManager[Installation]] = as_new
    begin: str = ""
    end: str = ""


def watches(terminal: Terminal) -> str:
    """Do nothing until the command ends."""
    return terminal.finish()


def agrees(terminal: Terminal) -> str:
    """Read the question, and type the number of the case."""
    shown = terminal.read_until("\n> ")
    terminal.type("96832")
    return shown + terminal.finish()


PICTURES = (
    Picture("demo", ("demo",), watches, begin="3. ", end="8. "),
    Picture(
        "terminal-approval",
        ("call", "delete_case_by_number", '{"case_number": 96832}', "--simulator"),
        agrees,
    ),
    Picture("doctor", ("doctor",), watches, misled, begin="! proxies"),
)


def draw(picture: Picture, folder: Path) -> None:
    """Run the command and write the picture."""
    with picture.installed(folder / picture.name) as installation:
        environment = {**installation.environment, "COLUMNS": str(COLUMNS)}
        with in_a_terminal([COMMAND, *picture.command], environment) as terminal:
            shown = Text.from_ansi(_part(picture.person(terminal), picture))
    # What is recorded is drawn; what is printed on the way goes nowhere.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere)
        console.print(Text.assemble((f"$ sprinklr-mcp {_typed(picture.command)}\n", "bold"), shown))
    drawn = console.export_svg(title="sprinklr-mcp", theme=MONOKAI, unique_id=picture.name)
    (FOLDER / f"{picture.name}.svg").write_text(FETCHED_FONT.sub("", drawn), encoding="utf-8")


def _part(shown: str, picture: Picture) -> str:
    """Return the lines from the first that starts with `begin` up to the one that starts with `end`."""
    lines = shown.splitlines()
    plain = [Text.from_ansi(line).plain for line in lines]
    begins = next(number for number, line in enumerate(plain) if line.startswith(picture.begin))
    ends = next((n for n, line in enumerate(plain) if picture.end and line.startswith(picture.end)), None)
    return "\n".join(lines[begins:ends]).rstrip()


def _typed(command: tuple[str, ...]) -> str:
    return " ".join(f"'{part}'" if " " in part else part for part in command)


def main() -> None:
    """Draw all of them anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for picture in PICTURES:
            draw(picture, Path(name))


if __name__ == "__main__":
    main()
