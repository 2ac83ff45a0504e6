"""However a server over HTTP ends: what writes is answered, what waits is told, and it is gone in time."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from deeds import DELETE, new_deed
from endpoint import LEGACY, MODERN, Caller, Endpoint, served_over_http
from installation import ERAS, Installation, Since
from waiting import until

pytestmark = pytest.mark.anyio
COMMENT, ME = "sprinklr_add_comment", "sprinklr_get_me"
IN_TIME = 10.0
"""Seconds in which a server must be gone."""


@pytest.fixture
def endpoint(installation_of_file: Installation) -> Generator[Endpoint]:
    with served_over_http(installation_of_file) as endpoint:
        yield endpoint


@pytest.fixture(params=ERAS)
def caller(request: pytest.FixtureRequest, endpoint: Endpoint) -> Caller:
    caller = Caller(endpoint, request.param)
    caller.greet()
    return caller


@pytest.fixture
def pool() -> Generator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def comment(caller: Caller, text: str) -> dict[str, Any]:
    return caller.call(COMMENT, {"case_number": 96827, "text": text})


async def begun(since: Since, seconds: float, pool: ThreadPoolExecutor, caller: Caller) -> Future[Any]:
    """A write that has reached Sprinklr, whose answer takes that many seconds."""
    since.fault("/comment/", "delay", seconds=seconds)
    # Its words are new: a write whose twin came to an unknown end is refused for a while.
    answer = pool.submit(comment, caller, f"seen by {uuid4()}")
    await until(lambda: len(since.commits()) == 1)
    return answer


@contextmanager
def unread(endpoint: Endpoint, caller: Caller) -> Generator[None]:
    """Ask for lists until no more of them fits on the way, and read none."""
    message = caller.message("tools/list", {})
    body = json.dumps(message).encode()
    fields = {"Host": f"localhost:{endpoint.place[1]}", "Content-Length": str(len(body))}
    lines = [f"{name}: {value}\r\n" for name, value in {**caller.headers(message), **fields}.items()]
    with socket.socket() as connection:
        # Before it connects: the window that it offers the server is told then.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(endpoint.place)
        connection.settimeout(2)
        request = f"POST {endpoint.path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body
        with suppress(TimeoutError):
            while True:
                connection.sendall(request)
        yield


async def test_a_write_in_flight_is_answered_and_nobody_else_is_taken(
    endpoint: Endpoint, since: Since, pool: ThreadPoolExecutor, caller: Caller
) -> None:
    """SR-27: meanwhile health says 503; then the process ends with status 0."""
    answer = await begun(since, 3, pool, caller)
    endpoint.process.send_signal(signal.SIGTERM)
    await until(lambda: endpoint.http.get(f"{endpoint.origin}/health").status_code == 503)
    late = caller.post(caller.message("tools/list", {}))
    assert late.status_code == 503
    assert "Nothing was done and nothing was sent." in late.json()["error"]["message"]
    assert not answer.result(20)["result"].get("isError")
    assert endpoint.ended(IN_TIME) == 0
    assert len(since.commits()) == 1


async def test_a_message_that_is_only_half_there_when_the_end_begins_is_not_taken(
    endpoint: Endpoint, since: Since, pool: ThreadPoolExecutor
) -> None:
    """SR-27: whoever sends the rest is told so, and nothing is done."""
    caller = Caller(endpoint, MODERN)
    arguments = {"case_number": 96827, "text": "x"}
    message = caller.message("tools/call", {"name": COMMENT, "arguments": arguments})
    body = json.dumps(message).encode()
    host = f"localhost:{endpoint.place[1]}"
    fields = {"Host": host, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}\r\n" for name, value in {**caller.headers(message), **fields}.items()]
    with endpoint.connection() as connection:
        connection.sendall(f"POST {endpoint.path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + body[:9])
        answer = await begun(since, 3, pool, caller)
        endpoint.process.send_signal(signal.SIGTERM)
        await until(lambda: endpoint.http.get(f"{endpoint.origin}/health").status_code == 503)
        connection.sendall(body[9:])
        told = b"".join(iter(lambda: connection.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 503 ")
    assert b"Nothing was done and nothing was sent." in told
    assert not answer.result(20)["result"].get("isError")
    assert len(since.commits()) == 1


async def test_a_write_that_takes_too_long_is_called_unknown(
    endpoint: Endpoint, since: Since, pool: ThreadPoolExecutor, caller: Caller
) -> None:
    """SR-04, SR-27: its caller is told in words before the process ends, and not cut off."""
    answer = await begun(since, 30, pool, caller)
    endpoint.process.send_signal(signal.SIGINT)
    error = answer.result(20)["result"]["structuredContent"]["error"]
    assert (error["code"], error["sent"]) == ("OUTCOME_UNKNOWN", "unknown")
    assert endpoint.ended(IN_TIME) == 0


async def test_a_question_that_is_open_is_told_to_be_over_at_once(
    endpoint: Endpoint, since: Since, pool: ThreadPoolExecutor
) -> None:
    """SR-27: nobody waits for a person when the server is told to end."""
    caller, deed = Caller(endpoint, LEGACY), new_deed(DELETE)
    caller.greet()
    message = caller.message("tools/call", {"name": deed.tool, "arguments": deed.arguments})
    with caller.streamed(message) as events:
        assert next(one for one in events if one.get("method") == "elicitation/create")
        endpoint.process.send_signal(signal.SIGTERM)
        result = next(one for one in events if one.get("id") == message["id"])["result"]
    error = result["structuredContent"]["error"]
    assert (error["code"], error["sent"]) == ("BUSY", "no")
    assert endpoint.ended(3) == 0
    assert since.commits() == []


async def test_whoever_only_listens_does_not_keep_it(endpoint: Endpoint) -> None:
    """SR-27: the stream ends with the server, in good order."""
    caller = Caller(endpoint, LEGACY)
    caller.greet()
    with caller.listening() as lines:
        endpoint.process.send_signal(signal.SIGTERM)
        assert [line for line in lines if line.startswith("data")] == []
    assert endpoint.ended(3) == 0


async def test_a_client_that_stops_reading_holds_up_nobody_and_is_not_called_a_lost_call(
    endpoint: Endpoint,
) -> None:
    """SR-27: its calls were done; only their answers were left lying, and the log says that."""
    caller, other = Caller(endpoint, MODERN), Caller(endpoint, MODERN)
    with unread(endpoint, caller):
        assert not other.call(ME, {})["result"].get("isError")
        endpoint.process.send_signal(signal.SIGTERM)
        assert endpoint.ended(IN_TIME) == 0
    assert endpoint.process.stderr is not None
    log = endpoint.process.stderr.read()
    assert "answers that their clients did not read: 1" in log
    assert "cut off" not in log


async def test_a_second_signal_ends_it_where_it_stands(
    endpoint: Endpoint, since: Since, pool: ThreadPoolExecutor
) -> None:
    """SR-27: and the connection breaks, which no client takes for an answer."""
    answer = await begun(since, 30, pool, Caller(endpoint, MODERN))
    endpoint.process.send_signal(signal.SIGTERM)
    await until(lambda: endpoint.http.get(f"{endpoint.origin}/health").status_code == 503)
    endpoint.process.send_signal(signal.SIGTERM)
    assert endpoint.ended(2) == 128 + signal.SIGTERM
    with pytest.raises(httpx2.HTTPError):
        answer.result(20)
