"""A Sprinklr of raw sockets for one API key: right by default, and wrong exactly as a script says.

Runs in threads of its own. Its log decides what is true, never what the product says.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from faults.answers import ENVIRONMENT, Heard, answer_to, as_bytes
from faults.canaries import Canaries, new_secret
from faults.commits import WireLog
from faults.connections import Connection
from faults.grants import Grants, Mode, Pair
from faults.scripts import Script, http

EXPIRED = http(401, b'{"error": "invalid_token", "message": "Access token expired"}')
LIFE = 28_799


@dataclass
class Plan:
    """A script for requests of one kind and one deed, after some of them were answered rightly."""

    mark: str
    kind: str
    script: Script
    skip: int
    left: int


class Peer:
    """One listener, one key, one log."""

    def __init__(self, seed: int, canaries: Canaries, mode: Mode = "strict") -> None:
        dice = random.Random(seed)
        self.key = canaries.add("API key", new_secret(dice))
        self.secret = canaries.add("API secret", new_secret(dice))
        self.grants = Grants(dice, canaries, mode)
        self.log = WireLog()
        self.expires_in: Any = LIFE
        self.token_patience = 0.7
        """Seconds in which an answer with tokens must have left to be surely received."""
        self.strangers = 0
        """Requests that came to a host named in a redirection."""
        self._plans: list[Plan] = []
        self._turn = threading.Lock()
        self._open: set[Connection] = set()
        self._running = True
        self._present = threading.Event()
        self._listener = _listening(0)
        self.port: int = self._listener.getsockname()[1]
        self._present.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        """Return the variables that lead an installation here."""
        return {
            "SPRINKLR_BASE_URL": f"http://127.0.0.1:{self.port}",
            "SPRINKLR_ENVIRONMENT": ENVIRONMENT.strip("/"),
            "SPRINKLR_API_KEY": self.key,
            "SPRINKLR_API_SECRET": self.secret,
            "SPRINKLR_REDIRECT_URI": "http://127.0.0.1:8721/callback",
            "SPRINKLR_DEFAULT_CAMPAIGN": "7001_12",
        }

    def plan(self, mark: str, kind: str, script: Script, skip: int = 0) -> None:
        """Let a script happen to the next requests of that kind that name the deed."""
        with self._turn:
            self._plans.append(Plan(mark, kind, script, skip, script.times))

    def forget_plans(self) -> None:
        with self._turn:
            self._plans.clear()

    def go_away(self, seconds: float) -> None:
        """Refuse every connection for a while, and cut those that are open and idle."""
        self._present.clear()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()
        threading.Timer(seconds, self._come_back).start()

    def be_there(self) -> bool:
        """Wait until connections are taken again."""
        return self._present.wait(10)

    def close(self) -> None:
        self._running = False
        self._present.wait(10)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()

    def _cut_all(self) -> None:
        with self._turn:
            for connection in self._open:
                connection.cut()

    def _come_back(self) -> None:
        self._listener = _listening(self.port)
        self._present.set()

    def _accept(self) -> None:
        while self._running:
            self._present.wait()
            try:
                stream, _ = self._listener.accept()
            except OSError:
                time.sleep(0.001)
                continue
            threading.Thread(target=self._serve, args=(Connection(stream),), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        with self._turn:
            self._open.add(connection)
        try:
            while (found := connection.next_request()) is not None:
                if not self._answered(connection, *found):
                    return
        except OSError:
            # The other side had enough, which is its right.
            return
        finally:
            with self._turn:
                self._open.discard(connection)
            connection.close()

    def _answered(self, connection: Connection, when: float, heard: Heard, size: int) -> bool:
        """Answer one request; False where the connection is over."""
        self.log.arrived(when, heard.method, heard.path, heard.kind, heard.mark)
        if not heard.target.startswith(ENVIRONMENT):
            self.strangers += 1
        script = self._script_for(heard) or Script("right")
        if script.heard is not None:
            connection.take(min(size, script.heard))
            connection.end(script.end)
            return False
        connection.take(size)
        reply, pair = self._reply(heard, script)
        if script.wait:
            time.sleep(script.wait)
        if script.away:
            reply = reply.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        connection.send(reply[: script.sent], script.drip)
        in_time = time.time() - when < self.token_patience
        if pair is not None and in_time and script.sent is None and script.reply is None:
            self.grants.left_whole(pair)
        if script.endless:
            connection.send_without_end(script.endless, script.drip)
        if script.away:
            self.go_away(script.away)
        if script.end != "keep" or script.away:
            connection.end("close" if script.away else script.end)
            return False
        return True

    def _script_for(self, heard: Heard) -> Script | None:
        with self._turn:
            for plan in self._plans:
                if plan.kind != heard.kind or plan.mark != heard.mark or plan.left == 0:
                    continue
                if plan.skip:
                    plan.skip -= 1
                    return None
                plan.left -= 1
                return plan.script
        return None

    def _reply(self, heard: Heard, script: Script) -> tuple[bytes, Pair | None]:
        """Do what is asked, unless the script keeps it from being done, and return what is said of it."""
        pair = None
        if heard.kind == "token":
            right, pair = self._token_answer(heard, script)
        elif not self._admitted(heard):
            # What is refused for its token is not done, whatever was planned for it.
            return EXPIRED, None
        else:
            right = self._right_answer(heard, script)
        if script.echo:
            return _echo(heard, self.key), None
        if script.reply is None:
            return right, pair
        here = f"http://127.0.0.1:{self.port}"
        reply = script.reply.replace(b"ELSEWHERE", f"localhost:{self.port}/elsewhere".encode())
        return reply.replace(b"HERE", f"{here}{heard.target}".encode()), pair

    def _right_answer(self, heard: Heard, script: Script) -> bytes:
        if heard.kind == "write" and script.commit:
            self.log.committed(heard.path, heard.mark, heard.body)
        gone = {one.mark for one in self.log.commits() if one.path.endswith("/delete")}
        status, answer = answer_to(heard, gone.__contains__)
        return http(status, as_bytes(answer))

    def _admitted(self, heard: Heard) -> bool:
        token = heard.headers.get("authorization", "").removeprefix("Bearer ")
        return heard.headers.get("key") == self.key and self.grants.admits(token)

    def _token_answer(self, heard: Heard, script: Script) -> tuple[bytes, Pair | None]:
        form = {name: values[0] for name, values in parse_qs(heard.body.decode("latin-1")).items()}
        if (form.get("client_id"), form.get("client_secret")) != (self.key, self.secret):
            return http(401, b'{"error": "invalid_client"}'), None
        if not script.commit:
            return http(503, b'{"message": "not now"}'), None
        pair = self.grants.refresh(form.get("refresh_token", ""))
        if pair is None:
            return http(400, b'{"error": "invalid_grant", "error_description": "expired"}'), None
        answer = {"access_token": pair.access, "refresh_token": pair.refresh, "token_type": "Bearer"}
        return http(200, json.dumps({**answer, "expires_in": self.expires_in}).encode()), pair


def _echo(heard: Heard, key: str) -> bytes:
    """Return an error that repeats all that came, as a careless gateway does."""
    came = {"headers": heard.headers, "body": heard.body.decode("latin-1"), "target": heard.target}
    headers = {"x-spr-api_key": key, "X-Echo": heard.headers.get("authorization", "none")}
    return http(400, json.dumps({"message": json.dumps(came), "errors": [came]}).encode(), headers)


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    return listener
