"""Makes dist/sprinklr-mcp-VERSION.mcpb: `make bundle`.

A bundle is a zip file with manifest.json, this project's packages as they are, and a pyproject.toml from
which the client's uv makes the environment. uv takes no hashes from there, and a uv.lock would name the
registry of whoever made it; so each package is pinned to one version, those of requirements-runtime.txt.
The same sources make the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import about
import icon

EDGE = 512
"""Of the icon, in pixels: what Claude Desktop shows best."""
MADE = (2026, 1, 1, 0, 0, 0)
"""The time that every file of a bundle bears: a zip file must have one."""


def write(folder: Path) -> Path:
    """Write the bundle into a folder that is there, and return its file."""
    bundle = folder / f"sprinklr-mcp-{about.version()}.mcpb"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(contents().items()):
            file = zipfile.ZipInfo(name, MADE)
            file.external_attr = 0o100644 << 16
            archive.writestr(file, content, zipfile.ZIP_DEFLATED)
    return bundle


def contents() -> dict[str, bytes]:
    """Return each file of the bundle by its name in it."""
    files = {
        "manifest.json": (about.ROOT / "manifest.json").read_bytes(),
        "LICENSE": (about.ROOT / "LICENSE").read_bytes(),
        "pyproject.toml": _project().encode(),
        "icon.png": icon.png(EDGE),
        "server/start.py": (about.ROOT / "release/start.py").read_bytes(),
    }
    for package in map(about.ROOT.joinpath, about.PACKAGES):
        for path in _files(package):
            files[f"server/{path.relative_to(package.parent).as_posix()}"] = path.read_bytes()
    return files


def _files(package: Path) -> Iterator[Path]:
    """Yield a package's files, without what Python itself writes there."""
    for path in package.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _project() -> str:
    """Return the pyproject.toml of the bundle: an environment, and nothing to build."""
    pins = "".join(f"    {json.dumps(pin)},\n" for pin in about.pins())
    return (
        f'[project]\nname = "sprinklr-mcp"\nversion = "{about.version()}"\nrequires-python = ">=3.11"\n'
        f"dependencies = [\n{pins}]\n\n[tool.uv]\npackage = false\n"
    )


if __name__ == "__main__":
    about.DIST.mkdir(exist_ok=True)
    print(write(about.DIST))
