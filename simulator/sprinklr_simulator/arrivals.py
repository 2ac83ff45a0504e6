"""A request as it arrived, read from ASGI. Knows HTTP, and of Sprinklr only where the environment stands."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request

PRODUCTION = "prod"
SERVICES = ("api", "oauth")


@dataclass(frozen=True)
class Arrival:
    """One request: everything that the answer may depend on."""

    method: str
    path: str
    environment: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def has_length(self) -> bool:
        """Whether the request says how long its body is."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers

    @property
    def bearer(self) -> str:
        """The bearer token, or nothing."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def form(self) -> Mapping[str, str]:
        """The fields of a urlencoded body."""
        return read_pairs(self.body.decode("utf-8", "replace"))

    def form_values(self, name: str) -> list[str]:
        """Every value of one field, for boxes that can be ticked together."""
        pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return [value for key, value in pairs if key == name]


async def read_arrival(request: Request) -> Arrival:
    """Read a request to its end."""
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    # Cut before decoding: an id may hold an encoded slash.
    raw_segments = raw_path.decode("ascii", "replace").split("?")[0].strip("/").split("/")
    segments = tuple(unquote(segment) for segment in raw_segments)
    has_environment = segments[0] not in SERVICES
    return Arrival(
        method=request.method,
        path="/" + "/".join(raw_segments),
        environment=segments[0] if has_environment else PRODUCTION,
        segments=segments[1:] if has_environment else segments,
        query=read_pairs(request.url.query),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
    )


def read_pairs(text: str) -> Mapping[str, str]:
    """Read urlencoded pairs; of a name that stands twice, the first counts."""
    pairs: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        pairs.setdefault(name, value)
    return pairs


def fingerprint(secret: str) -> str:
    """What stands for a secret in the database and in the logs."""
    return hashlib.sha256(secret.encode()).hexdigest()
