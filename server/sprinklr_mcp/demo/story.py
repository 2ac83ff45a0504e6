"""The story that the demo tells, each scene one function. Every byte crosses a real process or socket."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import mcp_types as types
from anyio.abc import Process
from mcp import Client, StdioServerParameters

from sprinklr_mcp.commands.simulator import CAMPAIGN
from sprinklr_mcp.demo.browser import log_in
from sprinklr_mcp.demo.screen import Screen
from sprinklr_simulator.serving import Announcement, running
from sprinklr_simulator.settings import SimulatorSettings

CASE = "96832"
EMAIL, PASSWORD = "grace.okafor@example.com", "simulator"
NOTE = "Seen in the demo: a training case, safe to delete."
DELETE = "sprinklr_delete_case_by_number"
Person = Callable[[str], Awaitable[str]]
"""Whoever answers the question: gets its text, returns what they type."""


class Story:
    """One run of the demo on a simulator of its own."""

    def __init__(self, screen: Screen, person: Person, sprinklr: Announcement, home: Path) -> None:
        self._screen = screen
        self._person = person
        self._sprinklr = sprinklr
        self._environment = _environment(sprinklr, home)

    async def tell(self) -> bool:
        """Run all scenes; return whether everything went as promised."""
        await self._log_in()
        self._screen.step("An MCP client starts the server over stdio")
        async with Client(self._serving, elicitation_callback=_never_asked) as client:
            await self._look_around(client)
            await self._read(client)
            await self._comment(client)
            once = await self._delete(client)
        refused = await self._without_elicitation()
        await self._audit()
        return once and refused

    async def _log_in(self) -> None:
        self._screen.step("Log in, with the real OAuth authorization code")
        self._screen.say(f"The demo plays the browser: it logs in as {EMAIL} and submits the page.")
        command = [*_COMMAND, "login", "--no-browser"]
        async with await anyio.open_process(command, env=self._environment) as login:
            await log_in(await _address_to_open(login), EMAIL, PASSWORD)
            await login.wait()
        if login.returncode != 0:
            raise RuntimeError("the login did not succeed")
        self._screen.good("Logged in; the token pair is stored, sealed, on this machine only.")

    async def _look_around(self, client: Client) -> None:
        tools = (await client.list_tools()).tools
        self._screen.say(f"Protocol {client.protocol_version}; the server offers {len(tools)} tools:")
        for tool in tools:
            self._screen.say(f"  {tool.name}: {(tool.description or '').split('. ')[0]}.")

    async def _read(self, client: Client) -> None:
        self._screen.step(f"“What is case {CASE} about?”")
        case = await client.call_tool("sprinklr_get_case_by_number", {"case_number": CASE})
        facts, texts = _parts(case)
        self._screen.good(f"Case {facts['case_number']}, {facts['status']}: {texts['subject']}")
        listed = await client.call_tool("sprinklr_list_case_messages", {"case_number": CASE})
        ids = [message["message_id"] for message in _parts(listed)[0]["messages"]]
        facts, texts = _parts(await client.call_tool("sprinklr_get_messages", {"message_ids": ids}))
        for number, message in enumerate(facts["messages"]):
            self._screen.quote(message["sender"], texts.get(f"messages[{number}].text", ""))

    async def _comment(self, client: Client) -> None:
        self._screen.step("Add an internal note: no question, since it can be put right")
        added = await client.call_tool("sprinklr_add_comment", {"case_number": CASE, "text": NOTE})
        self._screen.good(f"Note {_parts(added)[0]['comment_id']} was added.")

    async def _delete(self, client: Client) -> bool:
        self._screen.step("“Delete that test case.” The server asks the person, not the model")
        arguments = {"case_number": CASE}
        asked = await client.session.call_tool(DELETE, arguments, allow_input_required=True)
        if not isinstance(asked, types.InputRequiredResult) or not asked.input_requests:
            raise RuntimeError("the server did not ask")
        name, request = next(iter(asked.input_requests.items()))
        form = _form_of(request)
        self._screen.question(form.message)
        answer: types.InputResponses = {name: _answer(form, await self._person(form.message))}

        async def reply() -> Any:
            return await client.session.call_tool(
                DELETE, arguments, input_responses=answer, request_state=asked.request_state
            )

        first = await reply()
        (self._screen.refused if first.is_error else self._screen.good)(_text(first))
        self._screen.step("The same answer is sent five more times")
        for text in sorted({_text(await reply()) for _ in range(5)}):
            self._screen.refused(text)
        deletions = await self._deletions()
        self._screen.good(f"Sprinklr's own log shows {deletions} deletion{'s' * (deletions != 1)}.")
        return deletions == (0 if first.is_error else 1)

    async def _deletions(self) -> int:
        async with httpx2.AsyncClient(base_url=self._sprinklr.base_url, trust_env=False) as control:
            commits = (await control.get("/_simulator/commits")).json()["commits"]
        return sum("delete" in commit["path"] for commit in commits)

    async def _without_elicitation(self) -> bool:
        self._screen.step("A client that cannot ask a person is refused, with the way out")
        async with Client(self._serving) as client:
            result = await client.call_tool(DELETE, {"case_number": "96827"})
        self._screen.refused(_text(result))
        return bool(result.is_error)

    async def _audit(self) -> None:
        self._screen.step("What was done, refused and agreed to: `sprinklr-mcp audit`")
        done = await anyio.run_process([*_COMMAND, "audit"], env=self._environment)
        for line in done.stdout.decode().splitlines():
            self._screen.say(line)

    @property
    def _serving(self) -> StdioServerParameters:
        return StdioServerParameters(
            command=_COMMAND[0], args=[*_COMMAND[1:], "serve"], env=self._environment
        )


async def tell(screen: Screen, person: Person) -> bool:
    """Start a simulator and tell the story on it; return whether everything went as promised."""
    screen.title("Sprinklr MCP, the whole path, on a simulated Sprinklr")
    redirect_uri = f"http://127.0.0.1:{_free_port()}/callback"
    with tempfile.TemporaryDirectory() as folder:
        async with running(SimulatorSettings(redirect_uri=redirect_uri)) as sprinklr:
            screen.say(f"A simulated Sprinklr is running at {sprinklr.base_url}.")
            return await Story(screen, person, sprinklr, Path(folder)).tell()


_COMMAND = [sys.executable, "-P", "-c", "from sprinklr_mcp.command_line import main; main()"]
"""This very installation's command, wherever the demo was started from."""


def _environment(sprinklr: Announcement, home: Path) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
    return {
        **others,
        "SPRINKLR_MCP_HOME": str(home),
        "SPRINKLR_BASE_URL": sprinklr.base_url,
        "SPRINKLR_ENVIRONMENT": sprinklr.environment,
        "SPRINKLR_API_KEY": sprinklr.api_key,
        "SPRINKLR_API_SECRET": sprinklr.api_secret,
        "SPRINKLR_REDIRECT_URI": sprinklr.redirect_uri,
        "SPRINKLR_DEFAULT_CAMPAIGN": CAMPAIGN,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _address_to_open(login: Process) -> str:
    """Return the address that the login command prints for the person."""
    seen = ""
    if login.stderr is not None:
        async for chunk in login.stderr:
            seen += chunk.decode()
            found = [line for line in seen.split("\n")[:-1] if line.startswith("http")]
            if found and "Waiting" in seen:
                return found[0]
    raise RuntimeError(f"the login command ended early: {seen}")


async def _never_asked(context: Any, params: Any) -> types.ElicitResult:  # noqa: ARG001
    """Declare that this client shows forms; the demo itself carries them to the person."""
    return types.ElicitResult(action="cancel")


def _form_of(request: Any) -> types.ElicitRequestFormParams:
    if not isinstance(request, types.ElicitRequest):
        raise TypeError("not a question")
    if not isinstance(request.params, types.ElicitRequestFormParams):
        raise TypeError("not a form")
    return request.params


def _answer(form: types.ElicitRequestFormParams, typed: str) -> types.ElicitResult:
    if not typed:
        return types.ElicitResult(action="decline")
    return types.ElicitResult(action="accept", content={form.requested_schema["required"][0]: typed})


def _parts(result: Any) -> tuple[dict[str, Any], dict[str, str]]:
    if result.is_error:
        raise RuntimeError(_text(result))
    return result.structured_content["facts"], result.structured_content.get("customer_text", {})


def _text(result: Any) -> str:
    return result.content[0].text
