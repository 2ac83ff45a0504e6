"""The log on stderr: without secrets, whatever is logged; and nobody waits for whoever does not read it."""

from __future__ import annotations

import base64
import logging
import os
import random
import re
import subprocess
import sys
import threading
import time

import pytest
from installation import Installation, Sprinklr
from piped import piped

from faults.canaries import Canaries, new_secret
from sprinklr_mcp.commands.log import StderrLog
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.settings import Settings

READ = "sprinklr_get_case_by_number"
PIPE = 65_536
"""Bytes that a pipe holds whose other end nobody reads."""
FAILING = """
import logging, sys, threading
from sprinklr_mcp.commands.log import log_to_stderr
from sprinklr_mcp.redacting import Redactor

secret = sys.stdin.read()
redactor = Redactor()
redactor.learn(secret)
log_to_stderr(redactor)
logging.getLogger("one").warning("said %s, %r", secret, secret.encode())
try:
    raise ValueError(secret)
except ValueError:
    logging.getLogger("two").exception("failed")
raise RuntimeError(f"with {secret}")
"""


def test_no_line_and_no_traceback_holds_a_secret_and_all_are_written_before_the_end() -> None:
    """SR-11: also of the exception that ends the process."""
    canaries = Canaries()
    secret = canaries.add("secret", new_secret(random.Random(3)))
    done = subprocess.run(
        [sys.executable, "-c", FAILING], input=secret, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert canaries.leaked_in(done.stdout + done.stderr) is None
    for words in (
        "WARNING one: said [redacted], b'[redacted]'",
        "ValueError: [redacted]",
        "RuntimeError: with ",
    ):
        assert words in done.stderr


def test_a_server_whose_stderr_nobody_reads_goes_on_answering_and_ends(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """More than a pipe holds is logged: every call is answered, and the end comes in time."""
    long = b"x " * 145
    calls = PIPE // len(long) + 50
    encoded = base64.b64encode(long).decode()
    sprinklr.fault("GET /case/case-numbers", "answer", calls, status=400, body_base64=encoded)
    with piped(installation, "2026-07-28", stderr=subprocess.PIPE) as server:
        for number in range(calls):
            server.call(number, READ, {"case_number": 96832})
            assert server.answer_to(number)["result"]["isError"]
        server.call("last", READ, {"case_number": 96832})
        assert not server.answer_to("last")["result"].get("isError")
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert server.ended(10) == 0
        assert server.process.stderr is not None
        assert PIPE // 2 < len(server.process.stderr.read()) <= PIPE < calls * len(long)


def test_lines_that_nobody_read_are_counted_once_somebody_reads() -> None:
    """Those left out are told of before the next one; none is lost without a word."""
    reading, writing = os.pipe()
    log, logger, heard = StderrLog(Redactor(), writing, most_waiting=3), logging.Logger("test"), list[str]()
    logger.addHandler(log)
    long = "x" * PIPE
    for _ in range(10):
        logger.warning(long)
    said = 10
    with os.fdopen(reading) as file:
        reader = threading.Thread(target=lambda: heard.extend(file))
        reader.start()
        while not heard_of(heard):
            time.sleep(0.01)
            logger.warning("again")
            said += 1
        log.close()
        os.close(writing)
        reader.join(20)
    left_out = heard_of(heard)
    assert left_out
    assert heard[-1] == "again\n"
    assert len(heard) - len(left_out) + sum(left_out) == said


def heard_of(lines: list[str]) -> list[int]:
    """How many lines were left out, as the log says."""
    return [
        int(found[1]) for line in lines if (found := re.match("WARNING: ([0-9]+) lines are left out", line))
    ]


def test_a_log_whose_reader_is_gone_takes_lines_and_ends() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    log = StderrLog(Redactor(), writing)
    logger = logging.Logger("test")
    logger.addHandler(log)
    for _ in range(2000):
        logger.warning("nobody hears this")
    log.close()
    os.close(writing)


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("http://proxy.example.com:3128", None),
        ("http://user@proxy.example.com:3128", None),
        ("http://user:one%2Ftwo%2Bthree@proxy.example.com:3128", "one/two+three"),
    ],
)
def test_a_proxys_password_is_a_secret_and_its_address_is_none(address: str, password: str | None) -> None:
    """SR-11: it is in the setting as the address has it, and sent as it was before."""
    settings = Settings.from_environment({"SPRINKLR_PROXY": address, "SPRINKLR_API_KEY": "a-key"})
    assert settings.secrets() == ["a-key", *([password] if password else [])]
