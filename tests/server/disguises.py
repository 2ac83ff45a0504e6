"""The forms in which a text can come back from a server that repeats what it was sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote


def in_json(text: str, form: str = "\\u{:04x}") -> str:
    return "".join(form.format(ord(one)) for one in text)


FORMS: dict[str, Callable[[str], str]] = {
    "raw": lambda text: text,
    "percent": lambda text: quote(text, safe=""),
    "percent, small": lambda text: quote(text, safe="").replace("%2B", "%2b").replace("%2F", "%2f"),
    "percent, all of it": lambda text: "".join(f"%{ord(one):02X}" for one in text),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "percent three times": lambda text: quote(quote(quote(text, safe=""), safe=""), safe=""),
    "JSON": lambda text: text.replace("/", "\\/"),
    "JSON, all of it": in_json,
    "JSON, large": lambda text: in_json(text, "\\u{:04X}"),
    "JSON twice": lambda text: json.dumps(in_json(text))[1:-1],
    "percent in JSON": lambda text: in_json(quote(text, safe="")),
    "HTML": lambda text: text.replace("+", "&#43;").replace("/", "&#x2F;").replace("=", "&equals;"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, one before": lambda text: base64.b64encode(b":" + text.encode() + b":").decode(),
    "base64, two before": lambda text: base64.b64encode(b"::" + text.encode() + b"::").decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64url of percent": lambda text: base64.urlsafe_b64encode(quote(text, safe="").encode()).decode(),
    "base64 in percent": lambda text: quote(base64.b64encode(text.encode()), safe=""),
    "base64 in JSON": lambda text: base64.b64encode(text.encode()).decode().replace("/", "\\/"),
    "UTF-16": lambda text: text.encode("utf-16-le").decode("latin-1"),
}
