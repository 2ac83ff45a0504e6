"""A Sprinklr that drips, stays silent or swells: an answer of ours in time, and no memory lost to it."""

from __future__ import annotations

import base64
import gzip
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from itertools import chain, repeat

import anyio
import pytest
from installation import ERAS, Installation, Sprinklr, code_of, text_of
from piped import piped

pytestmark = pytest.mark.anyio

ERA = list(ERAS)[-1]
CASE = {"case_number": 96832}
GET_CASE, COMMENT = "sprinklr_get_case_by_number", "sprinklr_add_comment"
DELETE = "sprinklr_delete_case_by_number"
SWOLLEN_MEMORY = 20
"""In MB: what an answer may cost that is larger than we take."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
SLOW = {
    "silent": b"",
    "dripping from the first line on": HEAD,
    "dripping after the head": b"[",
}


@contextmanager
def slow_sprinklr(kind: str) -> Generator[str]:
    """Take every request and never come to the end of the answer; yields the address."""

    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(65_536)
            if kind == "dripping after the head":
                connection.sendall(HEAD)
            drops = chain(SLOW[kind], repeat(ord(" "))) if SLOW[kind] else ()
            try:
                for drop in drops:
                    connection.sendall(bytes([drop]))
                    if ended.wait(0.1):
                        return
                ended.wait()
            except OSError:
                """The other side had enough, and that is what this is about."""

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended.set()


@pytest.mark.parametrize("kind", SLOW)
async def test_an_answer_that_does_not_come_to_its_end_is_not_waited_for(
    installation_of_file: Installation, kind: str
) -> None:
    """SR-29: told by the deadline, of one second here; of a write nobody says that it did not happen."""
    with slow_sprinklr(kind) as address:
        impatient = installation_of_file.changed(
            SPRINKLR_BASE_URL=address, SPRINKLR_READ_DEADLINE="1", SPRINKLR_WRITE_DEADLINE="1"
        )
        async with impatient.client_here(ERA) as client:
            with anyio.fail_after(15):
                read = await client.call_tool(GET_CASE, CASE)
                write = await client.call_tool(COMMENT, {**CASE, "text": f"Called back, {kind}."})
                asked = await client.call_tool(DELETE, CASE)
    assert (code_of(read), code_of(asked)) in (
        ("UPSTREAM_DOWN", "UPSTREAM_DOWN"),
        ("UPSTREAM_BAD_RESPONSE", "UPSTREAM_BAD_RESPONSE"),
    )
    assert "Nothing was changed." in text_of(read)
    assert write.structured_content["error"]["sent"] in ("unknown", "yes")
    assert "sprinklr_list_comments" in text_of(write), "what shows whether it happened"


def test_an_answer_that_swells_when_it_is_unpacked_takes_no_memory(
    installation_of_file: Installation, sprinklr_of_file: Sprinklr
) -> None:
    """SR-26: a thousandth of its size on the wire; the next call is served."""
    bomb = base64.b64encode(gzip.compress(b"[" + b" " * 300_000_000 + b"]", 1)).decode()
    with piped(installation_of_file, ERA) as server:
        server.call("warm", GET_CASE, CASE)
        server.answer_to("warm")
        before = server.memory()
        sprinklr_of_file.fault(
            "/case/case-numbers", "answer", 3, body_base64=bomb, headers={"Content-Encoding": "gzip"}
        )
        server.call("swollen", GET_CASE, CASE)
        told = server.answer_to("swollen")["result"]
        assert told["structuredContent"]["error"]["code"] == "UPSTREAM_BAD_RESPONSE"
        assert server.memory() - before < SWOLLEN_MEMORY
        sprinklr_of_file.clear_faults()
        server.call("next", GET_CASE, CASE)
        assert not server.answer_to("next")["result"].get("isError")
