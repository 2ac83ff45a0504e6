"""What `setup` asks for: the app's key and secret, its environment and its callback address.

Knows what a setting may hold only from the settings themselves. Writes nothing, sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import click

from sprinklr_mcp.commands.running import settings_given
from sprinklr_mcp.errors import Fault
from sprinklr_mcp.settings import Settings

REGISTER = """\
An app at Sprinklr gives this server its key and its secret. If there is none
for it yet, register one in the developer portal, https://dev.sprinklr.com, or
in the Developer Tools inside Sprinklr, which Sprinklr advises since its
release 26.1.

- Callback address: Sprinklr asks for one that is public, and compares it to
  the letter. Whether it takes one of this machine, it does not say. Try
  http://127.0.0.1:8721/callback: then the login comes back here by itself.
  Otherwise take a page of your own company's, and copy the address from your
  browser at the end of the login. Never a stranger's page, such as a search
  engine's: the login's code would land in its log.
- An app for this installation alone: a key has one login at a time, and each
  new one ends the one before, wherever that is.
- Whoever logs in needs the permission 'Generate Token'. The server may do
  what that person may.

Ctrl-C stops this at any time.
"""
ENVIRONMENT = """
Your environment is in the source of your Sprinklr page: open Sprinklr, show
the page's source, and search it for sentry-environment. A test tenant has the
same one as the real one.
"""
END = 4
"""How many letters of a key tell the person which it is."""


@dataclass(frozen=True)
class Question:
    """What is asked for, the variable that would set it, and what is told of an answer that cannot be."""

    text: str
    variable: str
    correction: str


KEY = Question(
    "API key", "SPRINKLR_API_KEY", "A key has no spaces and no accented letters. Copy it whole from the app."
)
SECRET = Question(
    "API secret (nothing shows while you type)",
    "SPRINKLR_API_SECRET",
    "A secret has no spaces and no accented letters. Copy it whole from the app.",
)
PLACE = Question(
    "Environment",
    "SPRINKLR_ENVIRONMENT",
    "It is one short word: prod (app.sprinklr.com), prod0, prod2, …",
)
CALLBACK = Question(
    "Callback address, as registered",
    "SPRINKLR_REDIRECT_URI",
    "Give the whole address, such as http://127.0.0.1:8721/callback.",
)


def ask_account(known: Settings) -> Settings:
    """Ask for the four values; Enter keeps what is known. Returns settings of this terminal with them."""
    key, secret = known.api_key, known.api_secret
    answers = {"SPRINKLR_BASE_URL": known.base_url}
    kept = key.get_secret_value() if key else None
    answers[KEY.variable] = _ask(KEY, kept, end_of(known))
    # Of another key, it is not the secret.
    same = secret.get_secret_value() if secret and kept == answers[KEY.variable] else None
    answers[SECRET.variable] = _ask(SECRET, same, "kept", hidden=True)
    click.echo(ENVIRONMENT)
    there = known.environment if key else None
    answers[PLACE.variable] = _ask(PLACE, there, there).lower()
    answers[CALLBACK.variable] = _ask(CALLBACK, known.redirect_uri, known.redirect_uri)
    return settings_given(answers)


def end_of(settings: Settings) -> str:
    """Return the end of the key, by which a person knows it; nothing of a short one."""
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return f"…{key[-END:]}" if len(key) >= 3 * END else "kept"


def _ask(question: Question, kept: str | None, shown: str | None, *, hidden: bool = False) -> str:
    """Ask until the answer is one that the setting may hold."""
    text = f"{question.text} [{shown}]" if kept else question.text
    while True:
        typed = str(click.prompt(text, default=kept, show_default=False, hide_input=hidden)).strip()
        if typed and _may_be(question, typed):
            return typed
        click.echo(question.correction)


def _may_be(question: Question, typed: str) -> bool:
    """Tell whether the setting may hold it; an environment may be typed in capitals."""
    try:
        Settings.from_environment({question.variable: typed.lower() if question is PLACE else typed})
    except Fault:
        return False
    return True
