"""A person in a browser, as far as a login needs one: opens the pages and fills in their forms."""

from __future__ import annotations

import re

import httpx2

TICKET = re.compile(r'name="ticket" value="([^"]*)"')
WORKSPACE = re.compile(r'name="workspace" checked value="([^"]*)"')


async def log_in(address: str, email: str, password: str) -> None:
    """Log in on the authorize page, let the app into every workspace, and follow the way back."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        await browser.get(address)
        choice = await browser.post(address, data={"email": email, "password": password})
        form = {"ticket": TICKET.findall(choice.text)[0], "workspace": WORKSPACE.findall(choice.text)}
        sent_back = await browser.post(address, data=form)
        await browser.get(sent_back.headers["location"])
