"""What the product said of one call, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from faults.work import Work

INVALID = -32602


@dataclass
class Told:
    """One call as its caller saw it; times in seconds since 1970."""

    work: Work
    began: float
    ended: float = 0.0
    answered: bool = False
    given_up: bool = False
    """Whether the caller cancelled it or ended the process, so that no answer is owed."""
    error: dict[str, Any] = field(default_factory=dict[str, Any])
    """The structured error; empty for a success."""
    text: str = ""

    @property
    def code(self) -> str:
        return str(self.error.get("code", ""))

    @property
    def says_done(self) -> bool:
        """Tell whether it claims that the write happened."""
        accepted = self.code == "UPSTREAM_BAD_RESPONSE" and self.error.get("sent") == "yes"
        return self.answered and (not self.error or accepted)

    @property
    def says_nothing_happened(self) -> bool:
        """Tell whether it claims that the write did not happen."""
        return (
            self.answered and bool(self.error) and not self.says_done and self.error.get("sent") != "unknown"
        )

    @property
    def failed_inside(self) -> bool:
        return "failed inside this server" in self.text

    def take(self, result: dict[str, Any]) -> None:
        """Read a tool's result, or a protocol error."""
        self.answered = True
        if "error" in result:
            code = result["error"].get("code")
            # Arguments that are refused were not sent; another error of the protocol's claims nothing.
            self.error = {"code": f"protocol {code}", "sent": "no" if code == INVALID else "unknown"}
            self.text = str(result["error"].get("message"))
            return
        answer = result["result"]
        self.text = " ".join(part.get("text", "") for part in answer.get("content", []))
        if answer.get("isError"):
            self.error = (answer.get("structuredContent") or {}).get("error") or {"code": "without a code"}
