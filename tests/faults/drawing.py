"""Drawing a fault at random: transport faults, answers over HTTP, and the same around the token."""

from __future__ import annotations

import random
from collections.abc import Callable
from email.utils import formatdate

from faults import bodies
from faults.scripts import BAD_ENDS, Script, http

OVER_RATE_PAGE = b"<h1>Developer Over Rate</h1>"
SLOW = 0.02
"""Seconds between two bytes that drip: too slow for any answer within its deadline."""
Draw = Callable[[random.Random], Script]


def _silent(dice: random.Random) -> Script:
    return Script("silent", commit=dice.random() < 0.5, end="silence", sent=0)


def _stopped_request(dice: random.Random) -> Script:
    """The request is taken up to some byte; nothing can have been done."""
    end = dice.choice(BAD_ENDS)
    return Script(f"request stops, {end}", heard=dice.randrange(0, 400), commit=False, end=end)


def _lost_answer(dice: random.Random) -> Script:
    end = dice.choice(BAD_ENDS[:2])
    return Script(f"no answer, {end}", commit=dice.random() < 0.5, sent=0, end=end)


def _stopped_answer(dice: random.Random) -> Script:
    end = dice.choice(BAD_ENDS)
    return Script(f"answer stops, {end}", sent=dice.randrange(1, 260), end=end)


def _dripping(dice: random.Random) -> Script:
    return Script("drip", drip=SLOW if dice.random() < 0.7 else 0.0005)


def _slow(dice: random.Random) -> Script:
    return Script("slow", wait=dice.uniform(0.05, 1.5))


def _too_long(dice: random.Random) -> Script:
    end = dice.choice(BAD_ENDS)
    return Script(f"length too long, {end}", reply=http(200, bodies.GOOD, length=9000), end=end)


def _too_short(dice: random.Random) -> Script:
    length = dice.randrange(0, len(bodies.GOOD))
    return Script("length too short", reply=http(200, bodies.GOOD, length=length), end="close")


def _odd_chunks(dice: random.Random) -> Script:
    end = dice.choice(BAD_ENDS)
    coded = dice.choice(
        [b"zz\r\nabc\r\n", bodies.in_chunks(bodies.GOOD, ended=False), b"-5\r\n", b"ffffffffff\r\nx"]
    )
    return Script(f"odd chunks, {end}", reply=http(200, coded, chunked=True), end=end)


def _endless(dice: random.Random) -> Script:
    chunk = bodies.in_chunks(b" " * 65_536, 65_536, ended=False)
    return Script("endless chunks", reply=http(200, chunked=True), endless=chunk, end="close")


def _no_http(dice: random.Random) -> Script:
    said = dice.choice(
        [
            b"\x16\x03\x01\x00\xa5\x01\x00\x00",
            b"SSH-2.0-OpenSSH_9.6\r\n",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            b"\r\n" * 200,
            b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 300_000 + b"\r\n\r\n",
        ]
    )
    return Script("no HTTP", reply=said, end=dice.choice(BAD_ENDS))


def _continued(dice: random.Random) -> Script:
    return Script(
        "100 again and again", reply=b"", endless=b"HTTP/1.1 100 Continue\r\n\r\n", drip=SLOW, end="close"
    )


def _away(dice: random.Random) -> Script:
    return Script("refused", away=dice.choice([0.1, 0.4, 1.2, 3.0]), commit=True)


TRANSPORT: tuple[Draw, ...] = (
    _silent,
    _stopped_request,
    _stopped_request,
    _lost_answer,
    _lost_answer,
    _stopped_answer,
    _stopped_answer,
    _dripping,
    _slow,
    _too_long,
    _too_short,
    _odd_chunks,
    _endless,
    _no_http,
    _continued,
    _away,
)


def _over_rate(dice: random.Random) -> Script:
    """The gateway's refusals, with and without the headers that explain them. Nothing was done."""
    headers: dict[str, str] = {}
    status = dice.choice([403, 403, 429])
    if status == 403 and dice.random() < 0.6:
        window = dice.choice(["ERR_403_DEVELOPER_OVER_QPS", "ERR_403_DEVELOPER_OVER_RATE"])
        headers["X-Mashery-Error-Code"] = window
    soon = formatdate(usegmt=True)
    after = dice.choice([None, None, "1", "120", "3600", soon, "soon", "-5", "99999999999999"])
    if after is not None:
        headers["Retry-After"] = after
    body = OVER_RATE_PAGE if status == 403 else b'{"message": "limit"}'
    kind = "text/html" if status == 403 else "application/json"
    return Script(f"over rate {status} {headers}", commit=False, reply=http(status, body, headers, kind=kind))


REFUSALS: tuple[tuple[int, bytes], ...] = (
    (400, b'{"errors": [{"code": "BAD", "message": "no"}]}'),
    (400, b"access to resource is forbidden"),
    (401, b'{"error": "invalid_token", "message": "Access token expired"}'),
    (401, b"<h1>Invalid consumer key</h1>"),
    (401, b"Developer Inactive"),
    (403, b"<h1>Developer Inactive</h1>"),
    (403, b'{"message": "forbidden"}'),
    (404, b'{"message": "not there"}'),
    (405, b""),
    (409, b'{"message": "version conflict"}'),
    (411, b"Length Required"),
    (415, b""),
    (418, b"short and stout"),
    (421, b"Misdirected Request"),
)
"""By status and body; none was carried out."""


def _refused(dice: random.Random) -> Script:
    status, body = dice.choice(REFUSALS)
    # Also for ever: a 401 must not be tried in a circle.
    return Script(
        f"refused {status}", commit=False, reply=http(status, body), times=dice.choice([1, 1, 1, 9])
    )


def _broken(dice: random.Random) -> Script:
    status = dice.choice([500, 502, 503, 504, 507, 599])
    body = dice.choice([b"", b"<html>Bad Gateway</html>", b'{"message": "oh"}'])
    times = dice.choice([1, 1, 2, 9])
    return Script(f"broken {status}", commit=dice.random() < 0.5, reply=http(status, body), times=times)


def _echoing(dice: random.Random) -> Script:
    """An error that repeats every secret it was sent, in its body and in its headers."""
    return Script("echo", commit=False, echo=True, sent=None, times=dice.choice([1, 9]))


def _redirected(dice: random.Random) -> Script:
    status = dice.choice([301, 302, 303, 307, 308])
    where = dice.choice(["HERE", "ELSEWHERE", "//ELSEWHERE", "/oauth/token", "file:///etc/passwd", ""])
    return Script(
        f"redirected {status} to {where}",
        commit=dice.random() < 0.5,
        reply=http(status, b"", {"Location": where}),
        times=dice.choice([1, 9]),
    )


def _odd_body(dice: random.Random) -> Script:
    """An answer of success that cannot be read: it was carried out."""
    name = dice.choice(sorted(bodies.UNREADABLE))
    body, status = bodies.UNREADABLE[name], dice.choice([200, 200, 201, 202])
    reply = http(status, body)
    if dice.random() < 0.2:
        reply = http(status, bodies.in_chunks(body, 1000), chunked=True)
    return Script(f"{status} with {name}", reply=reply, times=dice.choice([1, 9]))


def _compressed(dice: random.Random) -> Script:
    name = dice.choice(sorted(bodies.COMPRESSED))
    coding, body = bodies.COMPRESSED[name]
    return Script(
        f"200 with {name}", reply=http(200, body, {"Content-Encoding": coding}), times=dice.choice([1, 9])
    )


def _odd_status(dice: random.Random) -> Script:
    status = dice.choice([203, 205, 206, 207, 226, 299, 300, 304, 399, 600, 999])
    return Script(f"status {status}", commit=dice.random() < 0.5, reply=http(status, b"{}"), end="close")


HTTP: tuple[Draw, ...] = (
    _over_rate,
    _refused,
    _refused,
    _broken,
    _broken,
    _echoing,
    _redirected,
    _odd_body,
    _odd_body,
    _compressed,
    _odd_status,
)
