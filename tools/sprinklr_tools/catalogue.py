"""Every action and every prompt there is, found rather than listed.

A class below `sprinklr_tools.actions` is a tool, one below `sprinklr_tools.prompts` a prompt.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import sprinklr_tools.actions
import sprinklr_tools.prompts
from sprinklr_tools.action import Action, tool_name
from sprinklr_tools.prompt import Prompt, prompt_name


def all_actions() -> dict[str, type[Action]]:
    """Return every action by its tool name, in the order of the names; unlisted ones too."""
    found = (value for value in _classes_below(sprinklr_tools.actions) if issubclass(value, Action))
    return dict(sorted((tool_name(one), one) for one in found if one.label))


def all_prompts() -> dict[str, type[Prompt]]:
    """Return every prompt by its name, in the order of the names."""
    found = (value for value in _classes_below(sprinklr_tools.prompts) if issubclass(value, Prompt))
    return dict(sorted((prompt_name(one), one) for one in found if one.label))


def _classes_below(package: ModuleType) -> Iterator[type[Any]]:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield from (
            value for value in vars(importlib.import_module(module.name)).values() if isinstance(value, type)
        )
