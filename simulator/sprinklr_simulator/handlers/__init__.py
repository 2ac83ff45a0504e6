"""What operations do, one module per kind of object. An operation without a handler answers its example."""

import importlib
import pkgutil

from ..calls import Handler, Handlers


def all_handlers() -> Handlers:
    """Every handler by method and path, as the contract writes them: the `HANDLERS` of the modules here."""
    found: dict[tuple[str, str], Handler] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        own: Handlers = getattr(importlib.import_module(module.name), "HANDLERS", {})
        found.update(own)
    return found
