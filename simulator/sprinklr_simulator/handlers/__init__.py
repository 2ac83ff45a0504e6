"""What operations do, one module per kind of object. An operation without a handler answers its example."""

from ..calls import Handlers
from . import (
    accounts,
    agent_help,
    campaigns,
    case_changes,
    case_creation,
    case_text_search,
    cases,
    comments,
    custom_entities,
    custom_fields,
    deflection,
    journeys,
    knowledge,
    lookups,
    macros,
    messages,
    one_time_access,
    people,
    profile_changes,
    profiles,
    publishing,
    reports,
    scim_users,
    searches,
    uploads,
)

MODULES = (
    accounts,
    agent_help,
    campaigns,
    case_changes,
    case_creation,
    case_text_search,
    cases,
    comments,
    custom_entities,
    custom_fields,
    deflection,
    journeys,
    knowledge,
    lookups,
    lookups,
    macros,
    messages,
    one_time_access,
    people,
    profile_changes,
    profiles,
    publishing,
    reports,
    scim_users,
    searches,
    uploads,
)


def all_handlers() -> Handlers:
    """Every handler by method and path, as the contract writes them."""
    return {address: handler for module in MODULES for address, handler in module.HANDLERS.items()}
