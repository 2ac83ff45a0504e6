"""Configuration files as people have them, and how to tell that nothing but an entry was changed in one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation import Installation

MOVED = ("XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME")
"""Variables that lead some clients to another file than the one in the home folder."""
BOM = b"\xef\xbb\xbf"

JSON_FILES = {
    "comments": b"""// Zed settings
{
  "theme": "One Dark", // not the light one
  /* servers,
     by hand */
  "SERVERS": {
    "other": {
      "command": "/usr/bin/other", // "sprinklr": {}
      "args": ["--url", "http://localhost/*"],
    }, // the last one
  },
  "font": 14,
}
""",
    "tabs": b'{\n\t"SERVERS": {\n\t\t"other": {"command": "x"}\n\t},\n\t"z": [1, 2]\n}\n',
    "odd indentation": b'{\n     "a": 1,\n  "SERVERS":\n      { "one": {},\n         "two": {}  \n   }\n\n}',
    "windows": b'{\r\n  "SERVERS": {\r\n    "other": {"command": "C:\\\\x.exe"}\r\n  }\r\n}\r\n',
    "mark": BOM + b'{"SERVERS": {"other": {}}, "a": "\xc3\xa9"}\n',
    "one line": b'{"a":1,"SERVERS":{"other":{"command":"x"}},"b":2}',
    "no servers": b'{\n  "theme": "dark"\n}\n',
    "no servers, on one line": b'{"theme": "dark"}',
    "no server": b'{\n  "SERVERS": {},\n  "theme": "dark"\n}',
    "no server, but a comment": b'{\n  "SERVERS": { // none yet\n  }\n}',
    "no server, but a comment on its line": b'{ "SERVERS": { /* none */ } }',
    "nothing in it": b"{}",
    "empty": b"",
    "blank": b"\n \n",
    "only a comment": b"// nothing here",
    "comment at the end": b'{\n  "SERVERS": {\n    "other": {} // done\n    // "more": {}\n  }\n}\n// end',
    "escapes": b'{"SERVERS": {"ot\\u0068er": {"a": "}\\"//"}}, "\\\\": [[], {}, -1.5e3, true, null]}',
}
"""With the member that holds the servers called SERVERS."""

CURSOR = ".cursor/mcp.json"
"""Cursor's file, from the home folder on."""
ORIGINAL = JSON_FILES["comments"].replace(b"SERVERS", b"mcpServers")

TOML_FILES = {
    "comments": b"""# Codex
model = "gpt" # the new one

[mcp_servers.other] # by hand
command = "other"
args = ["[mcp_servers.sprinklr]"]

# about the rest
[tui]
notifications = true
""",
    "out of order": b'[mcp_servers.a]\ncommand = "a"\n[tui]\nx = 1\n[mcp_servers.b]\ncommand = "b"\n# end',
    "dotted": b'mcp_servers.a.command = "a"\nmodel = "x"\n',
    "windows": b'model = "x"\r\n\r\n[mcp_servers.a]\r\ncommand = "a"\r\n',
    "lists of tables": b'[[a]]\nx = 1\n[[a]]\nx = 2\ntext = """\n[mcp_servers.sprinklr]\n"""\n',
    "no server": b'model = "x"',
    "empty": b"",
}


def entered_alone(text: str, later: str) -> bool:
    """Whether the later text is the text with an entry in it, and a comma where one was missing before it."""
    if _one_piece_more(text, later):
        return True
    alike = _alike(text, later)
    return later[alike : alike + 1] == "," and _one_piece_more(text, later[:alike] + later[alike + 1 :])


def _one_piece_more(text: str, later: str) -> bool:
    return _alike(text, later) + _alike(text[::-1], later[::-1]) >= len(text) <= len(later)


def _alike(one: str, other: str) -> int:
    return len(os.path.commonprefix([one, other]))  # noqa: RUF071 character by character is what is meant


@dataclass
class Desktop:
    """A person's machine with clients on it: their files, and this command at their terminal."""

    home: Path
    variables: dict[str, str]

    @property
    def _installation(self) -> Installation:
        moved = ("XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME")
        nowhere = dict.fromkeys(moved, "")
        return Installation(self.home / "data", {"HOME": str(self.home), **nowhere, **self.variables})

    @property
    def environment(self) -> dict[str, str]:
        return self._installation.environment

    def run(self, *arguments: str, fails: bool = False) -> str:
        """What the command prints; where it should fail, what it says on stderr."""
        done = self._installation.run(*arguments)
        assert done.returncode == (1 if fails else 0), done
        assert "Traceback" not in done.stderr
        return done.stderr if fails else done.stdout

    def told(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))
