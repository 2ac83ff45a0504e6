"""An app of a Sprinklr customer, and a simulator for it to talk to. Knows HTTP alone."""

import asyncio
import re
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from sprinklr_simulator.serving import Announcement, running
from sprinklr_simulator.settings import SimulatorSettings


class App:
    """An app of a Sprinklr customer: what a client has to do, and no more."""

    def __init__(self, place: Announcement, http: httpx2.Client) -> None:
        self.place = place
        self.http = http
        self.token = ""

    def path(self, path: str) -> str:
        prefix = "" if self.place.environment in ("", "prod") else f"/{self.place.environment}"
        return prefix + path

    def call(self, method: str, path: str, **request: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Key": self.place.api_key}
        headers |= request.pop("headers", {})
        return self.http.request(method, self.path(path), headers=headers, **request)

    def get(self, path: str, **request: Any) -> httpx2.Response:
        return self.call("GET", path, **request)

    def post(self, path: str, body: object) -> httpx2.Response:
        return self.call("POST", path, json=body)

    def ask_token(self, **fields: str) -> httpx2.Response:
        client = {
            "client_id": self.place.api_key,
            "client_secret": self.place.api_secret,
            "redirect_uri": self.place.redirect_uri,
        }
        return self.http.post(self.path("/oauth/token"), data={**client, **fields})

    def log_in(self) -> dict[str, Any]:
        answer = self.ask_token(grant_type="client_credentials").json()
        self.token = answer["access_token"]
        return answer

    def authorize_address(self, **query: str) -> str:
        standard = {
            "client_id": self.place.api_key,
            "response_type": "code",
            "redirect_uri": self.place.redirect_uri,
            "state": "s/1",
        }
        return str(httpx2.URL(self.path("/oauth/authorize"), params={**standard, **query}))

    def authorize(self, email: str = "grace@example.com", workspaces: tuple[str, ...] = ("7001",)) -> str:
        """Go the way of a person in a browser; answers the code."""
        address = self.authorize_address()
        page = self.http.post(address, data={"email": email, "password": "simulator"})
        choice = {"ticket": ticket_on(page.text), "workspace": list(workspaces)}
        return sent_back(self.http.post(address, data=choice))["code"]

    def log(self, name: str) -> list[dict[str, Any]]:
        return self.http.get(f"/_simulator/{name}").json()[name]

    def add_fault(self, **fault: object) -> httpx2.Response:
        return self.http.post("/_simulator/faults", json=fault)

    def advance(self, seconds: float) -> None:
        assert self.http.post("/_simulator/clock", json={"advance": seconds}).status_code == 200

    def reset(self) -> None:
        assert self.http.post("/_simulator/reset").status_code == 200


def ticket_on(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, page
    return found[1]


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    """What the browser brings back to the app."""
    assert answer.status_code == 302, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


@contextmanager
def started(settings: SimulatorSettings) -> Generator[Announcement]:
    """Serve a simulator from a thread with a loop of its own."""
    places: list[Announcement] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with running(settings) as place:
            places.append(place)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield places[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def by_code_token(app: App, workspaces: tuple[str, ...]) -> str:
    """The access token that a person's choice of workspaces leads to."""
    answer = app.ask_token(grant_type="authorization_code", code=app.authorize(workspaces=workspaces))
    return answer.json()["access_token"]


StartApp = Callable[..., AbstractContextManager[App]]
