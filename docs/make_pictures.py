"""Takes the pictures of the pages that a person sees, into docs/images: `make pictures`.

A server asks for a reply to a customer, and then for a login, as it would anywhere; a real Chromium looks at
its pages, on a wide screen in the light and the dark, and on a phone. Needs the distribution's packages
chromium and chromium-driver; fonts-inter and fonts-noto-color-emoji have the letters of the pictures here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from chromium import Window, chromium
from installation import WIDE, Installation, running_sprinklr
from opened import Opened

FOLDER = Path(__file__).resolve().parent / "images"
REPLY = (
    "Hello Maya,\n\nthat is possible. A second jacket leaves us this afternoon by express and is with you on "
    "Saturday before noon. Once the first one turns up, send it back with the label in the parcel.\n\n"
    "Kind regards\nGrace, Northwind Cycles"
)
FONTS = """<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include>
<match><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
</fontconfig>"""
CALLBACK = "https://example.com/sprinklr/callback"


@dataclass(frozen=True)
class Screen:
    """What a person looks at a page on."""

    name: str
    width: int
    scheme: str
    scale: float


SCREENS = (Screen("light", 760, "light", 1), Screen("dark", 760, "dark", 1), Screen("phone", 360, "light", 1))


async def take(folder: Path) -> None:
    """Let a server open its pages, and take their pictures."""
    with (
        running_sprinklr("--redirect-uri", CALLBACK) as sprinklr,
        chromium() as window,
    ):
        settings = {**sprinklr.settings, **WIDE, "SPRINKLR_REDIRECT_URI": CALLBACK}
        opened = Opened(folder)
        installation = opened.by(Installation(folder / "home", settings))
        async with installation.client("2026-07-28") as client:
            await client.call_tool("sprinklr_get_case_by_number", {"case_number": 96827})
            await anyio.to_thread.run_sync(_pictures, window, "login", opened.next())
            await anyio.to_thread.run_sync(installation.log_in)
            reply: dict[str, Any] = {"case_number": 96827, "text": REPLY}
            await client.call_tool("sprinklr_publish_message", reply)
            await anyio.to_thread.run_sync(_pictures, window, "approval", opened.next())
            window.type("To agree, type", "Northwind Cycles")
            window.press("Agree")
            window.shows("You agreed")
            await client.call_tool("sprinklr_publish_message", reply)
            window.shows("Done")
            _pictures(window, "done", None, SCREENS[:1])


def _pictures(window: Window, name: str, address: str | None, screens: tuple[Screen, ...] = SCREENS) -> None:
    for screen in screens:
        size = {"width": screen.width, "height": 400, "deviceScaleFactor": screen.scale, "mobile": False}
        window.emulate("setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": screen.scheme}
        window.emulate("setEmulatedMedia", features=[scheme])
        if address is not None:
            window.open(address)
        height = window.driver.execute_script("return document.documentElement.scrollHeight")
        window.emulate("setDeviceMetricsOverride", **{**size, "height": height})
        window.driver.save_screenshot(str(FOLDER / f"{name}-{screen.name}.png"))


@contextmanager
def _same_letters(folder: Path) -> Generator[None]:
    """Give the browser the same font on every machine that has it."""
    (folder / "fonts.conf").write_text(FONTS)
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    yield
    del os.environ["FONTCONFIG_FILE"]


def main() -> None:
    """Take all of them anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, _same_letters(Path(name)):
        anyio.run(take, Path(name))


if __name__ == "__main__":
    main()
