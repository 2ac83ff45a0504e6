"""The wire itself: every line gets its answer, and nothing but the protocol leaves on stdout."""

from __future__ import annotations

import json
import pty
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from installation import COMMAND, ERAS, Installation, Sprinklr
from piped import ENVELOPE, piped

from sprinklr_mcp.edge.lines import Lines, TooLong
from sprinklr_mcp.edge.messages import understood

GET_CASE, COMMENT = "sprinklr_get_case_by_number", "sprinklr_add_comment"
LEGACY, MODERN = ERAS


@pytest.fixture(scope="module")
def installation(installation_of_file: Installation) -> Installation:
    return installation_of_file


def call_line(number: object, arguments: str, more: str = "") -> bytes:
    """A call with arguments that no JSON library would write."""
    params = f'{{"name":"{GET_CASE}","arguments":{arguments}}}'
    return f'{{"jsonrpc":"2.0","id":{number},"method":"tools/call","params":{params}{more}}}'.encode()


NO_JSON = [b"no json", b"{", b'{"jsonrpc":"2.0",', b"\xff\xfe\x00", b"\x00", '{"id":1}'.encode("utf-16")]
NO_MESSAGE = [
    b"[]",
    b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    b"null",
    b'"text"',
    b"42",
    b"NaN",
    b"{}",
    b'{"jsonrpc":"2.0"}',
    b'{"jsonrpc":"2.0","id":5}',
    b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
    b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    b'{"jsonrpc":"2.0","id":true,"method":"ping"}',
    b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
    b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}',
    b'{"jsonrpc":"2.0","id":' + b"9" * 10_000 + b',"method":"ping"}',
    b'{"jsonrpc":"1.0","method":"ping"}',
    b'{"jsonrpc":"2.0","id":5,"result":"text"}',
]
NO_REQUEST = [
    b'{"jsonrpc":"1.0","id":7,"method":"ping"}',
    b'{"id":7,"method":"ping"}',
    b'{"jsonrpc":"2.0","id":7,"method":5}',
    b'{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}',
    b'{"jsonrpc":"2.0","id":7,"method":"ping","params":"text"}',
    call_line(7, '{"case_number":NaN}'),
    call_line(7, '{"case_number":-Infinity}'),
    call_line(7, '{"case_number":1e999}'),
    call_line(7, '{"case_number":' + "[" * 100 + "]" * 100 + "}"),
    call_line(7, '{"case_number":' + "[" * 50_000 + "]" * 50_000 + "}"),
    b'{"method":"tools/call","params":{"a":' + b"[" * 50_000 + b"]" * 50_000 + b'},"jsonrpc":"2.0","id":7}',
]


def test_a_line_that_is_no_message_is_answered(installation: Installation) -> None:
    """SR-26: not JSON, no message, no request: each gets an error, with its id where one can be read."""
    with piped(installation, LEGACY) as server:
        for lines, number, code in (
            (NO_JSON, None, -32700),
            (NO_MESSAGE, None, -32600),
            (NO_REQUEST, 7, -32600),
        ):
            for line in lines:
                server.say(line)
                error = server.answer_to(number)["error"]
                assert error["code"] == code, line[:80]
                assert "Nothing was done and nothing was sent." in error["message"]
                assert len(error["message"]) < 300
        server.say(b"", b" \r", b'\xef\xbb\xbf{"jsonrpc":"2.0","id":"marked","method":"ping"}\r')
        assert server.answer_to("marked")["result"] == {}
        assert len(server.messages) == 2 + sum(map(len, (NO_JSON, NO_MESSAGE, NO_REQUEST)))


@pytest.mark.parametrize("era", ERAS)
def test_arguments_that_no_library_writes_are_judged_in_words(installation: Installation, era: str) -> None:
    """SR-26: half characters become U+FFFD and the call goes on; numbers without end are refused by name."""
    envelope = json.dumps(ENVELOPE) if era == MODERN else "{}"

    def call(number: int, tool: str, arguments: str) -> bytes:
        params = f'{{"name":"{tool}","arguments":{arguments},"_meta":{envelope}}}'
        return f'{{"jsonrpc":"2.0","id":{number},"method":"tools/call","params":{params}}}'.encode()

    with piped(installation, era) as server:
        server.say(call(1, COMMENT, '{"case_number":96832,"text":"a\\ud83d b\\udfff","dry_run":true}'))
        told = server.answer_to(1)["result"]
        assert not told.get("isError"), told
        assert "a\ufffd b\ufffd" in json.dumps(told, ensure_ascii=False)
        for digits in (400, 5_000, 1_000_000):
            server.say(call(digits, GET_CASE, '{"case_number":' + "9" * digits + "}"))
            told = server.answer_to(digits)["result"]
            assert told["structuredContent"]["error"]["code"] == "INVALID_REQUEST"
            assert "case_number: " in told["content"][0]["text"]
            assert "99999" not in json.dumps(told)
        server.say(call(2, "\\ud800", '{"\\udfff":1}'))
        assert "There is no tool" in server.answer_to(2)["error"]["message"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":"%s"}}',
        b'{"jsonrpc":"2.0","method":"tools/call","id":"7","params":{"a":"%s"}}',
        b'{"method":"tools/call","params":{"a":"%s"},"jsonrpc":"2.0","id":7}',
        b'{"jsonrpc":"2.0","id":7,"result":{"a":"%s"}}',
        b'{"result":{"a":"%s"},"jsonrpc":"2.0","id":7}',
        b"%s",
    ],
)
def test_only_the_ends_of_a_line_that_is_too_long_are_kept(line: bytes) -> None:
    """Whose call it was can be told by either end; a client's answer is not taken for its call."""
    lines = Lines(longest=10_000)
    found: list[bytes | TooLong] = []
    whole = line % (b'\\"id\\":8,' * 3_000) + b"\nnext\n"
    for begin in range(0, len(whole), 700):
        found += lines.fed(whole[begin : begin + 700])
    too_long, after = found
    assert after == b"next"
    assert isinstance(too_long, TooLong)
    assert len(too_long.beginning) + len(too_long.end) <= 2_048
    told = understood(too_long)
    assert told is not None
    assert told.message is None
    assert told.answer is not None
    wanted = None if b'"method"' not in line else "7" if b'"7"' in line else 7
    assert told.answer.id == wanted
    assert lines.fed(b"a" * 10_000 + b"\n") == [b"a" * 10_000]


# --- thousands of lines that went wrong somewhere ---

ODD = [
    b"NaN",
    b"1e999",
    b"9" * 5_000,
    b"[" * 70,
    b'"\\ud800"',
    b"\xff",
    b'"id":',
    b"null",
    b"\x00",
    b"\xef\xbb\xbf",
]
MANY = 4_000


def mutated(line: bytes, chance: random.Random) -> bytes:
    """The line with one or two things done to it."""
    for _ in range(chance.choice((1, 1, 2))):
        at, to = sorted((chance.randrange(len(line) + 1), chance.randrange(len(line) + 1)))
        kind = chance.randrange(5)
        if kind == 0:
            line = line[:at] + bytes([chance.randrange(256)]) + line[at + 1 :]
        elif kind == 1:
            line = line[:at] + line[min(to, at + 3) :]
        elif kind == 2:
            line = line[:to] + line[at:to][:3] + line[to:]
        elif kind == 3:
            line = line[:at] + chance.choice(ODD) + line[at:]
        else:
            line = line[:at] + line[at:to].swapcase() + line[to:]
    return line.replace(b"\n", b" ")


def readable_id(line: bytes) -> int | str | None:
    """The id that a request must be answered with, by another reading than the product's."""
    try:
        message = json.loads(line.decode("utf-8", "replace").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    number = message.get("id") if isinstance(message, dict) and "method" in message else None
    if (
        isinstance(number, bool)
        or not isinstance(number, int | str)
        or (isinstance(number, int) and abs(number) > 10**299)
    ):
        return None
    return None if any("\ud800" <= letter <= "\udfff" for letter in str(number)) else number


def test_thousands_of_broken_lines_are_answered_once_each_and_the_next_call_works(
    installation: Installation, sprinklr_of_file: Sprinklr
) -> None:
    """SR-26: mutated lines in one process; each request whose id can be read gets exactly one answer."""
    chance = random.Random(20261125)
    with piped(installation, LEGACY) as server:
        bases = [
            lambda n: server.message(n, "ping", {}),
            lambda n: server.message(f"text-{n}", "ping", {}),
            lambda n: server.message(n, "tools/call", {"name": GET_CASE, "arguments": {"case_number": "x"}}),
            lambda n: server.message(n, "tools/call", {"name": "no_such", "arguments": {"a": [{"b": None}]}}),
            lambda n: {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": n}},
            lambda n: {"jsonrpc": "2.0", "id": n, "result": {"action": "accept"}},
        ]
        lines = [
            mutated(json.dumps(chance.choice(bases)(number)).encode(), chance)
            for number in range(10_000, 10_000 + MANY)
        ]
        expected = Counter(number for line in lines if (number := readable_id(line)) is not None)
        assert len(expected) > 600
        server.listen()
        server.say(*lines)
        server.call("good", GET_CASE, {"case_number": 96832})
        assert server.answer_to("good")["result"]["structuredContent"]["facts"]["case_number"] == "96832"
        assert server.process.stdin is not None
        server.process.stdin.close()
        list(server.heard())
        assert server.ended(within=10) == 0
    del server.messages[0]
    got = Counter(one["id"] for one in server.messages if one.get("id") not in (None, "good"))
    assert got == expected


# --- stdout is the protocol's ---

LOUD = """\
import os, subprocess, sys
from sprinklr_mcp.calls.pipeline import Pipeline

quiet = Pipeline.call

async def loud(self, *given):
    print("printed")
    sys.stdout.flush()
    os.write(1, b"written\\n")
    subprocess.run([sys.executable, "-c", "import sys; print('child', repr(sys.stdin.read()))"], check=True)
    return await quiet(self, *given)

Pipeline.call = loud
from sprinklr_mcp.command_line import main
main(["serve"])
"""


def test_what_libraries_and_children_print_does_not_reach_the_client(installation: Installation) -> None:
    """SR-34: a print, a write to the descriptor and a child process end on stderr; a child has no stdin."""
    command = [sys.executable, "-c", LOUD]
    with piped(installation, MODERN, command, stderr=subprocess.PIPE) as server:
        server.call(1, GET_CASE, {"case_number": 96832})
        assert not server.answer_to(1)["result"].get("isError")
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert list(server.heard()) == []
        assert server.process.stderr is not None
        told = server.process.stderr.read().decode()
        assert server.ended(within=10) == 0
    for words in ("printed\n", "written", "child ''"):
        assert words in told


@pytest.mark.parametrize("kind", ["file", "nothing", "closed"])
def test_whatever_stdin_is_it_is_read_to_its_end(
    installation: Installation, tmp_path: Path, kind: str
) -> None:
    """A file, the null device, or no descriptor at all: the server serves what there is and ends."""
    script = tmp_path / "script"
    request = {"jsonrpc": "2.0", "id": 1, "method": "no/such"}
    script.write_bytes(json.dumps(request).encode())
    ends = {"file": f"< {script}", "nothing": "< /dev/null", "closed": "<&-"}
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" serve {ends[kind]}', COMMAND],
        env=installation.environment,
        capture_output=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr
    if kind != "file":
        assert done.stdout == b""
    assert b"Traceback" not in done.stderr


def test_a_terminal_is_read_like_any_other_stdin(installation: Installation) -> None:
    """A person may type messages; the end they type is the end."""
    ours, theirs = pty.openpty()
    with (
        subprocess.Popen(
            [COMMAND, "serve"], env=installation.environment, stdin=theirs, stdout=subprocess.PIPE
        ) as process,
        open(ours, "wb", buffering=0) as terminal,
    ):
        assert process.stdout is not None
        terminal.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "no/such"}).encode() + b"\n")
        assert json.loads(process.stdout.readline())["id"] == 1
        terminal.write(b"\x04")
        assert process.wait(20) == 0
