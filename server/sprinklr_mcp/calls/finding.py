"""The first step of a call: the action behind a tool's name. What a setting hides is found too."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from sprinklr_mcp.cleaning import on_one_line
from sprinklr_tools.action import PREFIX, Action


class UnknownTool(Exception):
    """There is no tool of that name; the text says so, and names the most similar one."""

    def __init__(self, name: str, near: str | None) -> None:
        hint = f" Did you mean {near}?" if near else ""
        super().__init__(f"There is no tool {name}.{hint}")


def find(name: str, actions: Mapping[str, type[Action]]) -> type[Action]:
    """Return the action of that name. Raises `UnknownTool`."""
    action = actions.get(name)
    if action is None or not action.listed:
        raise UnknownTool(on_one_line(name, 60), _nearest(name, actions))
    return action


def _nearest(name: str, actions: Mapping[str, type[Action]]) -> str | None:
    """Return the tool that was probably meant; what all names begin with says nothing."""
    known = {one.removeprefix(PREFIX): one for one, action in actions.items() if action.listed}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), known, 1)
    return known[near[0]] if near else None
