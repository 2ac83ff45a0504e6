"""The bootstrap lists: accounts, queues, users, permissions and more. Knows their shapes in version 1."""

from collections.abc import Callable, Mapping
from typing import Final

from ..answers import Answer, bare
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, list_of, object_of, text_of


def read_list(call: Call) -> Answer:
    """One list, under its own name and without an envelope."""
    name = call.query["types"]
    maker = LISTS.get(name)
    if maker is not None:
        return bare({name: maker(call)})
    example = object_of(call.operation.response_example)
    # Assumption A28: a list that the simulator has no data for is the contract's example, or empty.
    return bare({name: example[name] if name in example else list_of(None)})


def accessible_accounts(call: Call) -> JsonValue:
    """The accounts that the user may see."""
    return [*call.rows.all("accounts")]


def active_accounts(call: Call) -> JsonValue:
    """The customer's active accounts."""
    return [account for account in call.rows.all("accounts") if account.get("isActive") is not False]


def case_queues(call: Call) -> JsonValue:
    """The queues of cases."""
    defaults: JsonObject = {"queueType": "UNIVERSAL_CASE", "delFlag": False}
    return [{**defaults, **queue} for queue in call.rows.all("queues")]


def users(call: Call) -> JsonValue:
    """The users, in the shape of version 1."""
    return [user_in_list(user) for user in call.rows.all("users")]


def user_in_list(user: JsonObject) -> JsonObject:
    """One user, in the shape of version 1."""
    first_name, _, last_name = text_of(user.get("name")).partition(" ")
    return {
        "userId": user.get("id"),
        "userType": user.get("type"),
        "clientId": user.get("workspaceId"),
        "partnerId": user.get("customerId"),
        "firstName": first_name,
        "lastName": last_name,
        "emailAddress": user.get("email"),
        "visibleId": user.get("name"),
        "isDeleted": False,
        "locale": "en",
    }


def macros(call: Call) -> JsonValue:
    """The macros, those of the user apart from those that everybody has."""
    rows = call.rows.all("macros")
    own = [row for row in rows if row.get("ownerUserId") == call.user.get("id")]
    shared = [row for row in rows if "ownerUserId" not in row]
    return {"USER": [shown_macro(row) for row in own], "SHARED": [*shared]}


def shown_macro(macro: JsonObject) -> JsonObject:
    """A macro without its owner, who stands in the place where it is listed."""
    return {name: value for name, value in macro.items() if name != "ownerUserId"}


def workspaces(call: Call) -> JsonValue:
    """The workspaces."""
    return [*call.rows.all("workspaces")]


def campaigns(call: Call) -> JsonValue:
    """The campaigns."""
    return [*call.rows.all("campaigns")]


def permissions(_call: Call) -> JsonValue:
    """What the user may do, by area."""
    # Assumption A49: everybody may do everything in the product; the data tells only who may generate tokens.
    return {area: [*names] for area, names in PERMISSIONS.items()}


PERMISSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "CASE": ("VIEW", "CREATE", "EDIT", "DELETE"),
    "OUTBOUND_MESSAGE": ("VIEW", "CREATE_DRAFT", "EDIT_SENT_POST", "PUBLISH"),
}
LISTS: Final[Mapping[str, Callable[[Call], JsonValue]]] = {
    "USER_ACCESSIBLE_ACCOUNTS": accessible_accounts,
    "PARTNER_ACCOUNTS": active_accounts,
    "UNIVERSAL_CASE_QUEUES": case_queues,
    "ACCESSIBLE_USERS": users,
    "PARTNER_USERS": users,
    "MACROS": macros,
    "CLIENTS": workspaces,
    "PARTNER_CAMPAIGNS": campaigns,
    "PERMISSIONS": permissions,
}

HANDLERS: Final[Handlers] = {
    ("GET", "/api/v1/bootstrap/resources"): read_list,
}
