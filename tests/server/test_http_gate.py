"""Who may use a server over HTTP, and how much of it: whatever else comes is refused in words, as JSON."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack

import httpx2
import pytest
from endpoint import BEGIN, KINDS, LEGACY, MODERN, Caller, Endpoint, served_over_http
from installation import COMMAND, ERAS, Installation

MEBI = 1024 * 1024
ME = "sprinklr_get_me"
SESSIONS = 128
NOTHING = "Nothing was done and nothing was sent."


@pytest.fixture(scope="module")
def endpoint(installation_of_file: Installation) -> Generator[Endpoint]:
    with served_over_http(installation_of_file) as endpoint:
        yield endpoint


def asked(
    endpoint: Endpoint, path: str | None = None, method: str = "POST", body: object = BEGIN, **headers: str
) -> httpx2.Response:
    """Ask with everything right but what is given; None for the path is the right one."""
    url = endpoint.origin + (endpoint.path if path is None else path)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return endpoint.http.request(method, url, content=content, headers={**KINDS, **given})


def assert_refused(response: httpx2.Response, status: int) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert NOTHING in response.json()["error"]["message"]


def assert_serves(endpoint: Endpoint) -> None:
    caller = Caller(endpoint, MODERN)
    assert "facts" in caller.call(ME, {})["result"]["structuredContent"]


def raw(endpoint: Endpoint, sent: bytes) -> tuple[int, dict[str, object]]:
    """Send bytes that no client would, and return status and body."""
    with endpoint.connection() as connection:
        connection.sendall(sent)
        return heard(connection)


def heard(connection: socket.socket) -> tuple[int, dict[str, object]]:
    received = b""
    while part := connection.recv(65536):
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def session(endpoint: Endpoint) -> str:
    """Begin a session, and return its name."""
    return asked(endpoint).headers["mcp-session-id"]


def pinged(endpoint: Endpoint, name: str) -> int:
    return asked(
        endpoint, body={"jsonrpc": "2.0", "id": 1, "method": "ping"}, Mcp_Session_Id=name
    ).status_code


def listening(endpoint: Endpoint, name: str, **headers: str) -> AbstractContextManager[httpx2.Response]:
    return endpoint.http.stream("GET", endpoint.url, headers={**KINDS, "Mcp-Session-Id": name, **headers})


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "localhost.:{port}",
        "0.0.0.0:{port}",
        "user@127.0.0.1:{port}",
    ],
)
def test_a_name_that_is_not_this_machines_is_refused_on_every_route(endpoint: Endpoint, host: str) -> None:
    """SR-18: a page that leads its own name here sends that name."""
    host = host.format(port=endpoint.place[1])
    for path, method in ((None, "POST"), ("/health", "GET"), ("/", "GET"), ("/other/mcp", "POST")):
        assert_refused(asked(endpoint, path, method, Host=host), 421)


def test_two_names_are_none(endpoint: Endpoint) -> None:
    """SR-18: whoever reads the first and whoever reads the second would see different hosts."""
    own = f"127.0.0.1:{endpoint.place[1]}"
    head = f"GET /health HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    status, body = raw(endpoint, head.encode())
    assert status == 400
    assert "error" in body


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "file://", "x"]
)
def test_a_page_of_another_origin_is_refused_on_every_route(endpoint: Endpoint, origin: str) -> None:
    """SR-18: a browser says which page asks."""
    for path, method in ((None, "POST"), ("/health", "GET"), ("/", "GET")):
        assert_refused(asked(endpoint, path, method, Origin=origin), 403)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_every_name_of_this_machine_is_served(endpoint: Endpoint, name: str) -> None:
    """SR-18: and so is a page that came from here."""
    own = f"{name}:{endpoint.place[1]}"
    assert asked(endpoint, Host=own, Origin=f"http://{own}").status_code == 200


def test_without_the_whole_secret_there_is_nothing(endpoint: Endpoint) -> None:
    """SR-18: anybody on the machine can connect; the address is told to one person."""
    right = endpoint.path
    secret = right.split("/")[1]
    assert len(secret) == 43
    wrong = ["/", "/mcp", f"/{'A' * 43}/mcp", f"/{secret}", f"/{secret[:-1]}/mcp", f"{right}/", right.upper()]
    answers = [asked(endpoint, path) for path in (*wrong, "/%00/mcp", f"/%ff{right}")]
    for answer in answers:
        assert_refused(answer, 404)
    assert len({answer.text for answer in answers}) == 1


def test_the_secret_is_new_at_each_start(installation_of_file: Installation, endpoint: Endpoint) -> None:
    """SR-18: an address that somebody wrote down leads nowhere later."""
    with served_over_http(installation_of_file) as another:
        assert another.path != endpoint.path


def test_health_needs_no_secret_and_tells_none(endpoint: Endpoint) -> None:
    answer = endpoint.http.get(f"{endpoint.origin}/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert_refused(asked(endpoint, "/health", "POST"), 405)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"])
def test_other_methods_are_told_which_there_are(endpoint: Endpoint, method: str) -> None:
    answer = asked(endpoint, method=method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST, DELETE"


def test_the_newer_era_has_one_method(endpoint: Endpoint) -> None:
    for method in ("GET", "DELETE"):
        answer = asked(endpoint, method=method, MCP_Protocol_Version=MODERN)
        assert_refused(answer, 405)
        assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Accept": "application/json"}, 406),
        ({"Accept": "text/html"}, 406),
    ],
    ids=str,
)
def test_what_a_form_of_a_page_could_send_is_refused(
    endpoint: Endpoint, headers: dict[str, str], status: int
) -> None:
    assert_refused(asked(endpoint, **headers), status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'{"jsonrpc": "2.0"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
    ids=range(8),
)
def test_a_body_that_is_no_message_is_refused_in_both_eras(endpoint: Endpoint, body: bytes) -> None:
    """SR-26: with what is wrong with it."""
    assert_refused(asked(endpoint, body=body), 400)
    assert_refused(asked(endpoint, body=body, MCP_Protocol_Version=MODERN), 400)


@pytest.mark.parametrize(
    "sent", [b"hello\r\n\r\n", b"GET / HTTP/1.1\r\nHost: \x00\r\n\r\n", b"\x16\x03\x01" * 9]
)
def test_what_is_no_http_is_refused(endpoint: Endpoint, sent: bytes) -> None:
    """SR-26: also where somebody speaks TLS."""
    status, body = raw(endpoint, sent)
    assert (status, "error" in body) == (400, True)


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/health",
        "/x/..%2Fhealth",
        "//health",
        "{path}%3Fx",
        "{path}/..%2Fmcp",
        "/mcp?secret={secret}",
        "*",
    ],
)
def test_an_address_has_one_spelling(endpoint: Endpoint, target: str) -> None:
    """SR-18: nothing is cut off, put together or looked for elsewhere to make a path the right one."""
    path = target.format(path=endpoint.path, secret=endpoint.path.split("/")[1])
    head = f"OPTIONS {path} HTTP/1.1\r\nHost: localhost:{endpoint.place[1]}\r\nConnection: close\r\n\r\n"
    assert raw(endpoint, head.encode())[0] == 404


def test_a_request_that_names_no_host_is_refused(endpoint: Endpoint) -> None:
    """SR-18: before HTTP/1.1 it need not."""
    assert raw(endpoint, b"GET /health HTTP/1.0\r\n\r\n")[0] == 421


def test_headers_without_end_are_refused(endpoint: Endpoint) -> None:
    """SR-34: they are held until they end."""
    status, _ = raw(endpoint, b"GET /health HTTP/1.1\r\nX: " + b"x" * 100_000)
    assert status == 400


def test_a_body_over_the_limit_is_refused_however_it_is_sent(endpoint: Endpoint) -> None:
    """SR-34: where its length is told, and where it only comes."""
    large = b" " * (5 * MEBI)
    assert_refused(asked(endpoint, body=large), 413)
    parts = (b" " * MEBI for _ in range(9))
    assert_refused(endpoint.http.post(endpoint.url, content=parts, headers=KINDS), 413)
    head = f"POST {endpoint.path} HTTP/1.1\r\nHost: localhost:{endpoint.place[1]}\r\nAccept: */*\r\n"
    told = f"Content-Type: application/json\r\nContent-Length: {9 * MEBI}\r\nExpect: 100-continue\r\n\r\n"
    status, _ = raw(endpoint, (head + told).encode())
    assert status == 413
    assert_serves(endpoint)


def test_large_bodies_together_do_not_fill_the_memory(endpoint: Endpoint) -> None:
    """SR-34: each is within the limit; memory stays below 300 MB."""
    with ExitStack() as stack:
        open_ones = [stack.enter_context(endpoint.connection()) for _ in range(30)]
        head = (
            f"POST {endpoint.path} HTTP/1.1\r\nHost: localhost:{endpoint.place[1]}\r\nAccept: */*\r\n"
            f"Content-Type: application/json\r\nContent-Length: {4 * MEBI}\r\n\r\n"
        ).encode()
        with ThreadPoolExecutor(30) as pool:
            sent = list(pool.map(lambda one: _sent(one, head + b" " * (4 * MEBI - 1)), open_ones))
        assert not all(sent)
        assert_serves(endpoint)
    with open(f"/proc/{endpoint.process.pid}/status") as file:
        most = next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))
    assert most < 300


def _sent(connection: socket.socket, block: bytes) -> bool:
    """Whether all of it was taken without an answer."""
    try:
        connection.sendall(block)
        connection.settimeout(1)
        return not connection.recv(1)
    except TimeoutError:
        return True
    except OSError:
        return False


def test_whoever_sends_slowly_is_not_waited_for(endpoint: Endpoint) -> None:
    """SR-34: headers that do not end, a body that does not, and nothing at all; others are served."""
    whole = f"POST {endpoint.path} HTTP/1.1\r\nHost: localhost:{endpoint.place[1]}\r\n"
    begun = f"{whole}Accept: */*\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    with ExitStack() as stack:
        slow = [stack.enter_context(endpoint.connection()) for _ in range(3)]
        for connection, sent in zip(slow, (whole, begun, ""), strict=True):
            connection.sendall(sent.encode())
        assert_serves(endpoint)
        began = time.monotonic()
        for connection in slow:
            status, body = heard(connection)
            assert (status, "error" in body) == (408, True)
        assert time.monotonic() - began < 15


def test_more_connections_than_are_taken_are_told_so(endpoint: Endpoint) -> None:
    """SR-34: those that are there stay, and others are served once some have gone."""
    with ExitStack() as stack:
        for _ in range(256):
            stack.enter_context(endpoint.connection())
        status, body = raw(endpoint, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (status, "error" in body) == (503, True)
    assert_serves(endpoint)


def test_more_sessions_than_are_taken_are_told_so(installation_of_file: Installation) -> None:
    """SR-34: where all of them are in use; and a session that ends makes room."""
    with served_over_http(installation_of_file) as endpoint, ExitStack() as stack:
        names = [session(endpoint) for _ in range(SESSIONS)]
        for name in names:
            assert stack.enter_context(listening(endpoint, name)).status_code == 200
        assert_refused(asked(endpoint), 503)
        asked(endpoint, method="DELETE", Mcp_Session_Id=names[0])
        assert asked(endpoint).status_code == 200


def test_sessions_that_nobody_ended_keep_nobody_out(installation_of_file: Installation) -> None:
    """SR-34: the one that was idle for longest makes room, and none that is in use.

    A call of the newer era begins no session and ends none.
    """
    with served_over_http(installation_of_file) as endpoint:
        listened, used, *idle = [session(endpoint) for _ in range(SESSIONS)]
        with listening(endpoint, listened):
            assert pinged(endpoint, used) == 200
            session(endpoint)
            assert_serves(endpoint)
            assert pinged(endpoint, idle[0]) == 404
            assert [pinged(endpoint, one) for one in (listened, used, *idle[1:])] == [200] * (SESSIONS - 1)


def test_several_that_begin_at_once_are_all_taken_where_the_others_are_idle(
    installation_of_file: Installation,
) -> None:
    """SR-34: each ends a session of its own."""
    with served_over_http(installation_of_file) as endpoint, ThreadPoolExecutor(8) as pool:
        for _ in range(SESSIONS):
            session(endpoint)
        begun = [pool.submit(asked, endpoint) for _ in range(8)]
        assert {one.result().status_code for one in begun} == {200}


def test_who_wants_to_go_on_listening_listens_anew(endpoint: Endpoint) -> None:
    """SR-26: no event has a number here, so there is none to go on from."""
    with listening(endpoint, session(endpoint), **{"Last-Event-ID": "7"}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream"


def test_a_session_that_there_is_not_is_refused(endpoint: Endpoint) -> None:
    caller = Caller(endpoint, LEGACY)
    message = caller.message("tools/list", {})
    assert_refused(caller.post(message), 400)
    for method in ("POST", "GET", "DELETE"):
        headers = {**KINDS, "Mcp-Session-Id": "a" * 32}
        assert_refused(endpoint.http.request(method, endpoint.url, json=message, headers=headers), 404)


@pytest.mark.parametrize("host", ["0.0.0.0", "example.com", ""])
def test_an_address_that_others_reach_is_refused(installation_of_file: Installation, host: str) -> None:
    """SR-18: this server does not know who calls."""
    done = installation_of_file.run("serve", "--http", "--host", host)
    assert done.returncode == 1
    assert "no address of this machine alone" in done.stderr


def test_a_port_that_is_taken_is_told(endpoint: Endpoint, installation_of_file: Installation) -> None:
    done = installation_of_file.run("serve", "--http", "--port", str(endpoint.place[1]))
    assert done.returncode == 1
    assert "cannot listen on 127.0.0.1" in done.stderr


def test_what_goes_with_http_is_not_taken_without_it(installation_of_file: Installation) -> None:
    for option in (["--open"], ["--port", "8000"]):
        done = installation_of_file.run("serve", *option)
        assert done.returncode == 2
        assert "go with --http" in done.stderr


def test_a_person_is_told_the_address_once_and_the_log_never(installation_of_file: Installation) -> None:
    """SR-11: stdout stays empty, and a refused request names no path in the log."""
    command = [COMMAND, "serve", "--http"]
    with subprocess.Popen(
        command,
        env=installation_of_file.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        with httpx2.Client() as http:
            endpoint = Endpoint(process, url, http)
            assert_refused(asked(endpoint, Host="evil.example"), 421)
            assert asked(endpoint).status_code == 200
        process.terminate()
        out, err = process.communicate(timeout=20)
    assert out == ""
    assert endpoint.path.split("/")[1] not in err


@pytest.mark.parametrize("era", ERAS)
def test_a_simulator_may_be_open_without_a_secret(installation_of_file: Installation, era: str) -> None:
    """A simulator is a Sprinklr on this very machine, whoever started it."""
    with served_over_http(installation_of_file, "--open") as endpoint:
        assert endpoint.path == "/mcp"
        caller = Caller(endpoint, era)
        caller.greet()
        assert "facts" in caller.call(ME, {})["result"]["structuredContent"]


def test_a_real_account_is_never_open(installation_of_file: Installation) -> None:
    """SR-18: anybody on the machine would act as the one person."""
    real = installation_of_file.changed(SPRINKLR_BASE_URL="https://api3.sprinklr.com")
    done = real.run("serve", "--http", "--open")
    assert (done.returncode, done.stdout) == (2, "")
    assert "anybody on this machine would act in Sprinklr as you" in " ".join(done.stderr.split())
