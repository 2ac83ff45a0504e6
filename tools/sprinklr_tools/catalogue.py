"""Every action there is, found rather than listed: a class below `sprinklr_tools.actions` is a tool."""

from __future__ import annotations

import importlib
import pkgutil

import sprinklr_tools.actions
from sprinklr_tools.action import Action, tool_name


def all_actions() -> dict[str, type[Action]]:
    """Return every action by its tool name, in the order of the names; unlisted ones too."""
    found: dict[str, type[Action]] = {}
    package = sprinklr_tools.actions
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Action) and value.label:
                found[tool_name(value)] = value
    return dict(sorted(found.items()))
