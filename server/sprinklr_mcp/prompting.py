"""The prompts that the operator's rules leave, and their texts, which name only tools that are on.

No I/O, and no knowledge of what a prompt is for. Knows no MCP.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from sprinklr_mcp.calls.policy import NOT_YOURS, Policy
from sprinklr_mcp.calls.validation import validate_words
from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.action import Action, tool_name
from sprinklr_tools.prompt import Prompt


class Prompts:
    """Every prompt, under the operator's rules."""

    def __init__(self, prompts: Mapping[str, type[Prompt]], policy: Policy) -> None:
        self._prompts = prompts
        self._policy = policy

    @property
    def offered(self) -> dict[str, type[Prompt]]:
        """The prompts that can be used, by name."""
        return {name: one for name, one in self._prompts.items() if any(map(self._is_on, one.reads))}

    def find(self, name: str) -> type[Prompt]:
        """Return a prompt that can be used.

        Raises `Fault` NOT_FOUND for a name that none has, and TOOL_OFF where the tools it needs are off.
        """
        offered = self.offered
        if name in offered:
            return offered[name]
        hidden = self._prompts.get(name)
        if hidden is None:
            raise Fault(
                Code.NOT_FOUND, f"There is no prompt {on_one_line(name, 60)}.", self._instead(name, offered)
            )
        raise Fault(
            Code.TOOL_OFF,
            f"The prompt {name} needs {tool_name(hidden.reads[0])}, which is switched off here by "
            f"{self._policy.hidden_by(hidden.reads[0])}.",
            NOT_YOURS,
        )

    def text(self, name: str, arguments: Mapping[str, str]) -> str:
        """Return the text of a prompt.

        Raises `Fault` as `find` does, and INVALID_REQUEST naming every argument that is wrong.
        """
        return validate_words(self.find(name), arguments).worded(self._is_on)

    def _instead(self, name: str, offered: Mapping[str, type[Prompt]]) -> str:
        near = difflib.get_close_matches(name, offered, 1)
        if near:
            return f"Did you mean {near[0]}?"
        return f"There are {', '.join(offered)}." if offered else "None is on here."

    def _is_on(self, action: type[Action]) -> bool:
        return self._policy.hidden_by(action) is None
