"""Turns a plan's texts into what was written: slots filled, e-mails dressed as letters. Knows no records."""

import html
import re

from seed_maker.planning import Plan
from seed_maker.texts import Phrases, Turn

_SLOT = re.compile(r"\{([a-z]+)\}")
_RIGHT_TO_LEFT = {"ar", "he"}


def fill(text: str, slots: dict[str, str]) -> str:
    """Fill the slots that have a value and leave every other brace as it is."""
    return _SLOT.sub(lambda match: slots.get(match[1], match[0]), text)


def plain_text(plan: Plan, turn: Turn, phrases: Phrases) -> str:
    """Return a message's text; the brand's e-mails get their greeting and signature."""
    text = fill(turn.text, plan.slots)
    if plan.channel.type != "EMAIL" or turn.who != "brand":
        return text
    language = phrases.languages[plan.person.language]
    greeted = plan.person.address in text[: len(plan.person.address) + 20]
    greeting = "" if greeted else f"{fill(language.greeting, plan.slots)}\n\n"
    return f"{greeting}{text}\n\n{language.regards}\n{plan.slots['agent']}\nNorthwind Cycles"


def html_text(plan: Plan, turn: Turn, text: str, earlier: str | None) -> str:
    """Return an e-mail's text as HTML, with the message before it as a quotation."""
    direction = ' dir="rtl"' if plan.person.language in _RIGHT_TO_LEFT else ""
    body = "".join(f"<p>{_lines(part)}</p>" for part in text.split("\n\n"))
    footer = _FOOTER if turn.who == "brand" else ""
    quotation = f'<blockquote type="cite">{_lines(earlier[:400])}</blockquote>' if earlier else ""
    return (
        f'<html><body{direction} style="font-family:Arial,sans-serif">{body}{footer}{quotation}</body></html>'
    )


_FOOTER = (
    '<table><tr><td><img src="https://example.com/northwind.png" alt="" width="96"></td>'
    '<td><a href="https://example.com/help">Northwind Cycles</a></td></tr></table>'
)


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
