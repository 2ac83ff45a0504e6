"""The `sprinklr-mcp` command. Each subcommand is imported when it is called: serving must start fast."""

from __future__ import annotations

import importlib

import click

from sprinklr_mcp import __version__

COMMANDS = {
    "serve": ("serve", "Serve the tools to an MCP client over stdin and stdout."),
    "setup": ("setup", "Connect your Sprinklr account, step by step."),
    "login": ("login", "Log in to Sprinklr in the browser."),
    "logout": ("login", "Forget the stored login."),
    "status": ("status", "Show settings, login, and which tools are on."),
    "doctor": ("doctor", "Check everything that can be wrong, and say how to mend it."),
    "assumptions": ("assumptions", "Check what is assumed about Sprinklr, by reads alone."),
    "actions": ("actions", "List the actions and their arguments."),
    "call": ("call", "Run one action from the terminal."),
    "approve": ("approve", "Answer what waits for a person's agreement."),
    "audit": ("audit", "Show what was done and refused."),
    "pause": ("pause", "Stop every tool that changes something, at once."),
    "resume": ("pause", "Let writes go on."),
    "install": ("install", "Enter this server at an MCP client."),
    "uninstall": ("install", "Take it out of an MCP client."),
    "simulator": ("simulator", "Run a simulated Sprinklr on this machine."),
    "demo": ("demo", "See the whole path on the simulator, with no account."),
}
"""Each command's module in `sprinklr_mcp.commands`, and its help."""


class _Lazy(click.Group):
    """Knows its commands by name, and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"sprinklr_mcp.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sprinklr-mcp")
def main() -> None:
    """Sprinklr for AI assistants, with a person in the loop."""
