"""The operator's settings: each wrong one is named, its value is not, and nothing else steers us."""

from __future__ import annotations

import datetime
import http.server
import ipaddress
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from installation import COMMAND, Installation, Sprinklr

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import Settings

CALL = ("call", "get_case_by_number", '{"case_number": 96832}')
CANARY = "canary"
WRONG = {
    "SPRINKLR_API_KEY": ["two canary", "canary\n", "canaryé"],
    "SPRINKLR_API_SECRET": ["canary\r", "\tcanary"],
    "SPRINKLR_ENVIRONMENT": ["Canary", "canary/..", "prod2?canary", "prod2%2fcanary", "canary-canary-can"],
    "SPRINKLR_REDIRECT_URI": [
        "canary",
        "http://canary:port/",
        "http://127.0.0.1:99999/canary",
        "http://[canary]/",
    ],
    "SPRINKLR_BASE_URL": [
        "canary",
        "http://canary.example.com",
        "https://user@canary.example.com",
        "https://example.com/canary",
        "https://example.com?canary",
        "https://example.com:99999#canary",
        "https://[canary]",
        "ftp://canary",
        "http://127.0.0.1.canary.example.com",
    ],
    "SPRINKLR_WORKSPACE": ["canary canary", "canary\nX-Header: 1"],
    "SPRINKLR_MCP_HOME": ["canary", "./canary", "../canary"],
    "SPRINKLR_READ_ONLY": ["canary", "2"],
    "SPRINKLR_DEFAULT_CAMPAIGN": ["canary/canary"],
    "SPRINKLR_UPLOAD_FOLDERS": ["canary", "/a,./canary", "/canary/../b"],
    "SPRINKLR_APPROVAL_WAYS": ["canary", "form,canary", ","],
    "SPRINKLR_BUDGETS": ["canary", "canary=-1", "canary=1.5", "canary=1,canary=2", "canary=12345678", ","],
    "SPRINKLR_CALLS_PER_SECOND": ["canary", "0", "1001", "1.5"],
    "SPRINKLR_CALLS_PER_HOUR": ["canary", "19"],
    "SPRINKLR_PROXY": ["canary", "canary.example.com:3128", "socks5://canary:1", "http://canary:port"],
    "SPRINKLR_CA_FILE": ["canary.pem"],
    "SPRINKLR_READ_DEADLINE": ["canary", "0", "601", "nan", "inf"],
    "SPRINKLR_WRITE_DEADLINE": ["canary", "-1"],
    "SPRINKLR_APPROVAL_DEADLINE": ["canary", "3601"],
}
EACH = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize(("name", "value"), EACH)
def test_a_wrong_value_is_refused_by_its_name_and_never_shown(name: str, value: str) -> None:
    """SR-30: hostile environments and addresses among them."""
    with pytest.raises(Fault) as refused:
        Settings.from_environment({name: value})
    assert refused.value.code is Code.CONFIGURATION
    assert f"{name}: " in refused.value.text()
    assert CANARY not in refused.value.text().lower()


def test_all_that_is_wrong_is_said_at_once_and_in_words(install: Callable[..., Installation]) -> None:
    wrong = {name: values[0] for name, values in WRONG.items()}
    done = install(**wrong).run("serve")
    assert (done.returncode, done.stdout) == (1, "")
    assert [name for name in wrong if f"{name}: " not in done.stderr] == []
    assert CANARY not in done.stderr.lower()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("SPRINKLR_API_KEYS", "SPRINKLR_API_KEY"),
        ("SPRINKLR_READONLY", "SPRINKLR_READ_ONLY"),
        ("SPRINKLR_HOME", "SPRINKLR_MCP_HOME"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_with_the_nearest_name(name: str, near: str) -> None:
    with pytest.raises(Fault) as refused:
        Settings.from_environment({name: "canary"})
    assert f"{name} is not a setting (did you mean {near}?)" in refused.value.message
    assert CANARY not in refused.value.text()


def test_an_empty_variable_counts_as_not_set_and_a_home_may_begin_with_a_tilde(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = Settings.from_environment(
        {"SPRINKLR_READ_ONLY": "", "SPRINKLR_MCP_HOME": "~/data", "PATH": "x"}
    )
    assert settings.read_only is False
    assert settings.data_folder == tmp_path / "data"


def test_secrets_are_not_in_what_settings_print() -> None:
    settings = Settings.from_environment({"SPRINKLR_API_KEY": "canary", "SPRINKLR_API_SECRET": "canary"})
    assert CANARY not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize("missing", ["SPRINKLR_API_KEY", "SPRINKLR_API_SECRET", "SPRINKLR_REDIRECT_URI"])
def test_a_setting_that_a_login_needs_is_named(install: Callable[..., Installation], missing: str) -> None:
    done = install(**{missing: ""}).run("login", "--no-browser")
    assert done.returncode == 1
    assert f"CONFIGURATION: {missing} is not set." in done.stderr


def test_who_has_no_key_is_told_what_to_do_in_a_whole_sentence(install: Callable[..., Installation]) -> None:
    done = install(SPRINKLR_API_KEY="").run("login")
    mend = "Run `sprinklr-mcp setup`, or set this where the server is started and restart the server."
    assert mend in done.stderr


def test_a_tool_that_rules_name_and_nobody_has_is_said_in_words(install: Callable[..., Installation]) -> None:
    for command in ("actions", "serve"):
        done = install(SPRINKLR_DENY="delete_everything").run(command)
        assert done.returncode == 1
        assert "SPRINKLR_DENY names what does not exist: sprinklr_delete_everything." in done.stderr
        assert "Traceback" not in done.stderr


PLANTED = ("json", "anyio", "httpx2", "click", "sprinklr_mcp", "sitecustomize", "usercustomize")


def test_nothing_of_the_working_directory_or_of_the_systems_proxies_is_used(
    installation: Installation, sprinklr: Sprinklr, tmp_path: Path
) -> None:
    """SR-30: nor of certificates that the environment names."""
    place = tmp_path / "project"
    place.mkdir()
    for name in PLANTED:
        (place / f"{name}.py").write_text('open("was_run", "w").close()\nraise SystemExit("planted")\n')
    (place / ".env").write_text(
        "SPRINKLR_READ_ONLY=true\nSPRINKLR_NONSENSE=1\nSPRINKLR_BASE_URL=http://evil\n"
    )
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    environment = {**installation.environment, **proxies, **{n.lower(): v for n, v in proxies.items()}}
    environment["SSL_CERT_FILE"] = str(place / "nothing.pem")
    note = ("call", "add_comment", '{"case_number": 96832, "text": "Called back."}')
    done = subprocess.run(
        [COMMAND, *note], env=environment, cwd=place, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(sprinklr.commits()) == 1
    assert {file.name for file in place.iterdir()} == {".env", *(f"{name}.py" for name in PLANTED)}


def test_our_own_proxy_setting_is_used_and_nothing_goes_around_it(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """SR-30: no request elsewhere."""
    asked = len(sprinklr.requests())
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        installation.variables["SPRINKLR_PROXY"] = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        done = installation.run(*CALL)
    assert done.returncode == 1
    assert "UPSTREAM_DOWN" in done.stderr
    assert "Nothing was changed." in done.stderr
    assert len(sprinklr.requests()) == asked


def test_only_certificates_of_the_system_or_of_the_operators_file_are_trusted(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    """SR-30: no secret leaves over a connection that nobody vouches for."""
    certificate = tmp_path / "own.pem"
    with encrypted_desk(certificate) as (place, asked):
        installation = install(SPRINKLR_BASE_URL=place)
        login = ("login", "--grant", "client-credentials")
        refused = installation.run(*login)
        assert (refused.returncode, asked) == (1, [])
        assert "cannot be reached" in refused.stderr
        installation.variables["SPRINKLR_CA_FILE"] = str(certificate)
        assert installation.run(*login).returncode == 0
        assert asked == ["/prod2/oauth/token"]
    for wrong in (tmp_path / "nothing.pem", Path(__file__)):
        installation.variables["SPRINKLR_CA_FILE"] = str(wrong)
        done = installation.run(*login)
        assert done.returncode == 1
        assert "CONFIGURATION: The file that SPRINKLR_CA_FILE names" in done.stderr


@contextmanager
def encrypted_desk(certificate: Path) -> Generator[tuple[str, list[str]]]:
    """A token endpoint over TLS, with a certificate that it made itself and wrote to that file."""
    asked: list[str] = []
    answer = json.dumps({"access_token": "a", "refresh_token": "r", "expires_in": 3600}).encode()

    class Desk(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None: ...

    class Server(http.server.HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that turned away is no news."""

        def get_request(self) -> tuple[socket.socket, str]:
            connection, address = super().get_request()
            try:
                return context.wrap_socket(connection, server_side=True), address
            except OSError:
                connection.close()
                raise

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made_certificate(certificate))
    server = Server(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def made_certificate(file: Path) -> Path:
    """Write a key and its certificate for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
