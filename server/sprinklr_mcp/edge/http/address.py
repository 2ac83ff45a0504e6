"""The one address of a server over HTTP, and by which names it may be called. Does no I/O."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

MCP = "/mcp"
HEALTH = "/health"


@dataclass(frozen=True)
class Address:
    """Where the server is; whoever does not know the secret does not find it. An empty one hides nothing."""

    host: str
    port: int
    secret: str = field(repr=False)

    @property
    def path(self) -> str:
        """The path of the one endpoint."""
        return f"/{self.secret}{MCP}" if self.secret else MCP

    @property
    def url(self) -> str:
        """The whole address, for the person who starts the server and for nobody else."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{name}:{self.port}{self.path}"

    def is_endpoint(self, path: str) -> bool:
        """Compare a path in a time that does not tell how much of it is right."""
        return hmac.compare_digest(path.encode("utf-8", "surrogateescape"), self.path.encode())

    def is_own_name(self, name: str) -> bool:
        """Tell whether this machine, and nothing in a DNS, is meant: `name` is what stands in Host."""
        return name.lower() in self._names()

    def is_own_origin(self, origin: str) -> bool:
        """Tell whether an origin is a page of this very port."""
        return origin.lower() in {f"http://{name}" for name in self._names()}

    def _names(self) -> set[str]:
        hosts = {"127.0.0.1", "localhost", "[::1]", f"[{self.host}]" if ":" in self.host else self.host}
        named = {f"{host}:{self.port}" for host in hosts}
        return named | hosts if self.port == 80 else named
