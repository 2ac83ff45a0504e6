"""The clients that we can be entered at, one row each: their files, and what they ask of an entry.

The facts are those of the clients' own documentation and sources, as of November 2026:

- Claude Desktop: its guide for local servers names `claude_desktop_config.json` in `%APPDATA%\\Claude` and
  `Application Support/Claude`; on Linux the same below `~/.config`. Since February 2026 its Windows installer
  makes a store package, which reads the copy in its own folder below `%LOCALAPPDATA%\\Packages\\Claude_…`
  and never the other (issue 26073 of anthropics/claude-code).
- Claude Code: its page on MCP has servers of user scope in `mcpServers` of `~/.claude.json`; with
  `CLAUDE_CONFIG_DIR`, that file is in the folder it names (tried with 2.1.197).
- VS Code: its MCP configuration reference has `mcp.json` of the user profile with `servers`; `User` below
  `Code` in the platform's folder. Comments and trailing commas are welcome there.
- Cursor: its page on MCP has `~/.cursor/mcp.json` with `mcpServers` for all projects.
- Windsurf, called Devin Desktop since June 2026: its page on Cascade and MCP has
  `~/.codeium/windsurf/mcp_config.json` with `mcpServers`; the update kept the file.
- Zed: `context_servers` of its `settings.json`, with comments; the folder is `~/.config/zed`, on Windows
  `%APPDATA%\\Zed` (its `paths` crate). Since the migration of 2025-11-25 an entry has no `source`.
- Gemini CLI: its configuration page has `~/.gemini/settings.json` with `mcpServers`; `GEMINI_CLI_HOME` stands
  in for the home folder (its `paths` module).
- Codex: its configuration page has `[mcp_servers.NAME]` in `~/.codex/config.toml`, or in `CODEX_HOME`. It
  hands on a short list of variables, and those that `env_vars` names (its `rmcp-client` crate).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sprinklr_mcp.clients.entries import SECRETS
from sprinklr_mcp.clients.formats import JSON, TOML, Format
from sprinklr_mcp.clients.places import Base, Places

STDIO = {"type": "stdio"}


@dataclass(frozen=True)
class Client:
    """What must be known of a client to enter a server at it."""

    name: str
    """As the person types it."""
    title: str
    program: str
    """The command that tells, when it is found, that the client is on this machine."""
    base: Base
    path: str
    """Its file, from the base on."""
    servers: str
    """The member of the file, or its table, that holds the servers."""
    format: Format = JSON
    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Members that every entry has beside command, arguments and environment."""
    variable: str = ""
    """A variable that names another folder,"""
    path_there: str = ""
    """and the file from there on."""
    package: str = ""
    """The name of its Windows package, with `*`."""

    def file(self, places: Places) -> Path:
        """Return the file that this client reads for this person."""
        moved = places.moved(self.variable)
        if moved is not None:
            return moved / self.path_there
        return (places.packaged(self.package) or places.folder(self.base)) / self.path


CLIENTS = {
    client.name: client
    for client in (
        Client(
            "claude-desktop",
            "Claude Desktop",
            "claude-desktop",
            Base.APPLICATIONS,
            "Claude/claude_desktop_config.json",
            "mcpServers",
            package="Claude_*",
        ),
        Client(
            "claude-code",
            "Claude Code",
            "claude",
            Base.HOME,
            ".claude.json",
            "mcpServers",
            fixed=STDIO,
            variable="CLAUDE_CONFIG_DIR",
            path_there=".claude.json",
        ),
        Client("vscode", "VS Code", "code", Base.APPLICATIONS, "Code/User/mcp.json", "servers", fixed=STDIO),
        Client("cursor", "Cursor", "cursor", Base.HOME, ".cursor/mcp.json", "mcpServers"),
        Client(
            "windsurf", "Windsurf", "windsurf", Base.HOME, ".codeium/windsurf/mcp_config.json", "mcpServers"
        ),
        Client("zed", "Zed", "zed", Base.DOT_CONFIG, "zed/settings.json", "context_servers"),
        Client(
            "gemini-cli",
            "Gemini CLI",
            "gemini",
            Base.HOME,
            ".gemini/settings.json",
            "mcpServers",
            variable="GEMINI_CLI_HOME",
            path_there=".gemini/settings.json",
        ),
        Client(
            "codex",
            "Codex",
            "codex",
            Base.HOME,
            ".codex/config.toml",
            "mcp_servers",
            TOML,
            fixed={"env_vars": list(SECRETS)},
            variable="CODEX_HOME",
            path_there="config.toml",
        ),
    )
}
"""Each client by its name."""
