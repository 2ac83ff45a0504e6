"""What the demo looks like: steps, facts, and the question in a frame. Knows nothing of what happens."""

from __future__ import annotations

import shutil
import textwrap

import click


class Screen:
    """Prints the story, step by step."""

    def __init__(self) -> None:
        self._step = 0
        self._width = min(100, max(60, shutil.get_terminal_size().columns))

    def title(self, text: str) -> None:
        """Print the first line."""
        click.secho(f"\n{text}\n", bold=True)

    def step(self, text: str) -> None:
        """Begin a step."""
        self._step += 1
        click.echo()
        click.secho(f"{self._step}. {text}", fg="cyan", bold=True)

    def say(self, text: str) -> None:
        """Tell what is happening."""
        for line in text.split("\n"):
            self._wrapped(line, "   ", "   ")

    def good(self, text: str) -> None:
        """Tell of something that went as promised."""
        self._wrapped(text, f"   {click.style('✓', fg='green', bold=True)} ", "     ")

    def refused(self, text: str) -> None:
        """Show a refusal, as the model reads it."""
        self._wrapped(text, f"   {click.style('✗', fg='yellow', bold=True)} ", "     ")

    def quote(self, who: str, text: str) -> None:
        """Show what somebody wrote."""
        self._wrapped(f"{who}: {text}", "   │ ", "   │ ")

    def question(self, text: str) -> None:
        """Show a question in a frame, as a person would see it."""
        inner = self._width - 7
        click.secho("   ┌" + "─" * (inner + 2) + "┐", fg="magenta")
        for line in text.split("\n"):
            for part in textwrap.wrap(line, inner) or [""]:
                edge = click.style("│", fg="magenta")
                click.echo(f"   {edge} {part:<{inner}} {edge}")
        click.secho("   └" + "─" * (inner + 2) + "┘", fg="magenta")

    def _wrapped(self, text: str, first: str, rest: str) -> None:
        width = self._width - len(rest)
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
        click.echo("\n".join([first + lines[0], *(rest + line for line in lines[1:])]))
