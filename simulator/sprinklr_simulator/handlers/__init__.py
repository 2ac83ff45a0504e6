"""What operations do, one module per kind of object. An operation without a handler answers its example."""

from ..calls import Handlers
from . import (
    accounts,
    campaigns,
    case_changes,
    case_creation,
    cases,
    comments,
    messages,
    people,
    profiles,
    publishing,
    searches,
)


def all_handlers() -> Handlers:
    """Every handler by method and path, as the contract writes them."""
    modules = (
        accounts,
        campaigns,
        case_changes,
        case_creation,
        cases,
        comments,
        messages,
        people,
        profiles,
        publishing,
        searches,
    )
    return {address: handler for module in modules for address, handler in module.HANDLERS.items()}
