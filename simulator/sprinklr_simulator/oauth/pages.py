"""The pages of the authorization, plain HTML without script. Knows what is shown, not what it leads to."""

from collections.abc import Sequence
from html import escape

from ..answers import Answer
from ..json_values import JsonObject, text_of

STYLE = """
body { margin: 0; background: #f2f4f7; color: #1d2733; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 24rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 12px;
       box-shadow: 0 2px 16px rgb(20 40 60 / 12%); }
h1 { margin: 0 0 .25rem; font-size: 1.35rem; }
p { margin: 0 0 1.25rem; color: #4a5866; }
p.problem { color: #b3261e; }
label { display: block; margin: 0 0 1rem; }
input:not([type=checkbox]) { box-sizing: border-box; width: 100%; padding: .6rem .7rem; font: inherit;
       border: 1px solid #b9c3ce; border-radius: 8px; }
button { padding: .6rem 1.2rem; font: inherit; border: 1px solid #0b63ce; border-radius: 8px;
       background: #0b63ce; color: #fff; cursor: pointer; }
button.quiet { background: #fff; color: #0b63ce; }
small { display: block; margin-top: 1.5rem; color: #6b7885; }
"""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
BUTTONS = (
    '<button type="submit">{submit}</button> '
    '<button type="submit" class="quiet" name="cancel" value="1" formnovalidate>Cancel</button>'
)


def login_page(example: str, problem: str, email: str) -> Answer:
    """The page to log in on; the example is somebody who may let an app in."""
    form = (
        f"{problem_line(problem)}"
        '<form method="post">'
        '<label>E-mail <input type="email" name="email" autocomplete="username" required autofocus '
        f'value="{escape(email)}"></label>'
        '<label>Password <input type="password" name="password" autocomplete="current-password" required>'
        f"</label>{BUTTONS.format(submit='Log in')}</form>"
        "<small>This is a simulated Sprinklr. Everybody's password is <b>simulator</b>; for example, "
        f"<b>{escape(example)}</b> may let apps in.</small>"
    )
    return page(200, "Log in to Sprinklr", "An app asks to work on your behalf.", form)


def choice_page(workspaces: Sequence[JsonObject], name: str, ticket: str, problem: str = "") -> Answer:
    """The page to choose workspaces on."""
    boxes = "".join(
        '<label><input type="checkbox" name="workspace" checked '
        f'value="{escape(text_of(workspace.get("id")))}"> '
        f"{escape(text_of(workspace.get('name')))}</label>"
        for workspace in workspaces
    )
    form = (
        f"{problem_line(problem)}"
        f'<form method="post"><input type="hidden" name="ticket" value="{escape(ticket)}">'
        f"{boxes}{BUTTONS.format(submit='Submit')}</form>"
    )
    welcome = f"Welcome, {name}. " if name else ""
    return page(200, "Choose workspaces", f"{welcome}The app will reach these and no others.", form)


def message_page(status: int, title: str, text: str) -> Answer:
    """A page that only says something."""
    return page(status, title, text, "")


def problem_line(problem: str) -> str:
    """What went wrong before, if anything did."""
    return f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""


def page(status: int, title: str, text: str, content: str) -> Answer:
    """A whole page; the content is HTML, the rest text."""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{content}</main></body></html>"
    )
    return Answer(status, html.encode(), "text/html; charset=utf-8", HEADERS)
