"""What `setup` asks for: the app's key and secret, its environment and its callback address.

Knows what a setting may hold only from the settings themselves. Writes nothing, sends nothing.
"""

from __future__ import annotations

import click

from sprinklr_mcp.commands.running import settings_given
from sprinklr_mcp.errors import Fault
from sprinklr_mcp.settings import Settings

REGISTER = """\
An app at Sprinklr gives this server its key and its secret. If there is none for it yet:

  1. Register one in the developer portal, https://dev.sprinklr.com, or in the Developer Tools inside
     Sprinklr, which Sprinklr advises since its release 26.1.
  2. It asks for a callback address. Sprinklr asks for one that is public, and compares it to the letter.
     Whether it takes one of this machine, such as http://127.0.0.1:8721/callback, it does not say: try
     it, for then the login comes back here by itself. With any other, such as https://www.google.com/,
     you copy the address from your browser at the end of the login.
  3. Give this installation an app of its own: a key has one login at a time, and each new one ends the
     one before, wherever that is.
  4. Whoever logs in needs the permission 'Generate Token', and the server may do what that person may.
"""
ENVIRONMENT = """\
Your environment is in the source of your Sprinklr page: open Sprinklr, show the page's source, and search it
for sentry-environment. It is prod (app.sprinklr.com), prod0, prod2, … A test tenant has the same one.
"""
END = 4
"""How many letters of a key tell the person which it is."""


def ask_account(known: Settings) -> Settings:
    """Ask for the four values; Enter keeps what is known. Returns settings of this terminal with them."""
    key, secret = known.api_key, known.api_secret
    answers = {"SPRINKLR_BASE_URL": known.base_url}
    answers["SPRINKLR_API_KEY"] = _ask(
        "API key", "SPRINKLR_API_KEY", key.get_secret_value() if key else None, end_of(known)
    )
    # Of another key, it is not the secret.
    same = key is not None and secret is not None and key.get_secret_value() == answers["SPRINKLR_API_KEY"]
    kept = secret.get_secret_value() if same and secret else None
    answers["SPRINKLR_API_SECRET"] = _ask(
        "API secret, which is not shown", "SPRINKLR_API_SECRET", kept, "kept", hidden=True
    )
    click.echo(f"\n{ENVIRONMENT}")
    there = known.environment if key is not None else None
    answers["SPRINKLR_ENVIRONMENT"] = _ask("Environment", "SPRINKLR_ENVIRONMENT", there, there).lower()
    back = known.redirect_uri
    answers["SPRINKLR_REDIRECT_URI"] = _ask(
        "Callback address, as registered", "SPRINKLR_REDIRECT_URI", back, back
    )
    return settings_given(answers)


def end_of(settings: Settings) -> str:
    """Return the end of the key, by which a person knows it; nothing of a short one."""
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    return f"…{key[-END:]}" if len(key) >= 3 * END else "kept"


def _ask(label: str, variable: str, kept: str | None, shown: str | None, *, hidden: bool = False) -> str:
    """Ask until the answer is one that the setting may hold."""
    text = f"{label} [{shown}]" if kept else label
    while True:
        typed = str(click.prompt(text, default=kept, show_default=False, hide_input=hidden)).strip()
        try:
            Settings.from_environment({variable: typed.lower() if "ENVIRONMENT" in variable else typed})
        except Fault as fault:
            click.echo(fault.message)
        else:
            if typed:
                return typed
