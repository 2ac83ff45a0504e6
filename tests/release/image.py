"""What the image is made of: the files that the Dockerfile copies and .dockerignore lets in.

Both are read as far as this project writes them: `COPY FILE… FOLDER` and lists of whole paths.
"""

from __future__ import annotations

import subprocess
from fnmatch import fnmatch

import about


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile in turn, with what follows it."""
    text = (about.ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def sources() -> list[str]:
    """The files and folders of the repository that the Dockerfile copies."""
    copies = [rest.split() for word, rest in instructions() if word == "COPY"]
    return [one for copy in copies if not copy[0].startswith("--") for one in copy[:-1]]


def copied_into_the_image() -> list[str]:
    """Every file of the repository that gets there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=about.ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split("\0") if name]
    return [name for name in names if _let_in(name) and any(_below(name, one) for one in sources())]


def settings() -> set[str]:
    """The settings that the image makes itself."""
    given = " ".join(rest for word, rest in instructions() if word == "ENV")
    return {
        name for name, _, _ in (one.partition("=") for one in given.split()) if name.startswith("SPRINKLR_")
    }


def _let_in(name: str) -> bool:
    """Say whether .dockerignore lets a file in: the last line that fits decides."""
    decided = True
    for line in (about.ROOT / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            if _below(name, pattern) or fnmatch(name, pattern) or fnmatch(f"/{name}", f"*{pattern[2:]}"):
                decided = line.startswith("!")
    return decided


def _below(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}/")
