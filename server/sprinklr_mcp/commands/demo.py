"""`demo`: the whole path in under a minute, with no account and no question it cannot answer itself."""

from __future__ import annotations

import anyio
import anyio.to_thread
import click


@click.command()
@click.option("--ask", is_flag=True, help="Answer the question yourself.")
def demo(ask: bool) -> None:
    """See the whole path on the simulator, with no account."""
    from sprinklr_mcp.demo.screen import Screen
    from sprinklr_mcp.demo.story import CASE, tell

    screen = Screen()

    async def types_the_number(question: str) -> str:  # noqa: ARG001
        screen.say(f"The demo plays the person and types: {click.style(CASE, bold=True)}")
        return CASE

    async def asks_you(question: str) -> str:  # noqa: ARG001
        return await anyio.to_thread.run_sync(
            lambda: str(click.prompt("   Your answer (Enter alone declines)", default="", show_default=False))
        )

    if not anyio.run(tell, screen, asks_you if ask else types_the_number):
        raise click.ClickException("Something did not go as promised.")
    screen.title("That was all of it. Nothing of it is left on this machine.")
