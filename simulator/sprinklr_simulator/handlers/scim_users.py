"""The tenant's own users in the shape of SCIM. Knows rows of users, and the filters of the list."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from ..answers import Answer, bare, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, integer_of, object_of, text_of, value_at

DEFAULT_COUNT = 100
TERM = re.compile(r'\s*([A-Za-z.]+)\s+(eq|le|ge)\s+(?:"([^"]*)"|(\S+))\s*')
AND = re.compile(r"\s+and\s+", re.IGNORECASE)
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
ATTRIBUTES: Final = {"id": ("eq", "le", "ge"), "userName": ("eq",), "meta.lastModified": ("eq", "le", "ge")}
Condition = tuple[str, str, str]


def list_users(call: Call) -> Answer:
    """Some of the users, counted from 1 and without the usual envelope."""
    conditions = read_conditions(call.query.get("filter", ""))
    found = [user for user in map(scim_user, call.rows.all("users")) if meets(user, conditions)]
    order = call.query.get("sortBy")
    if order:
        found.sort(key=SORTS[order], reverse=call.query.get("sortOrder") == "descending")
    # Assumption A52: a start below 1 counts as 1, as RFC 7644 says.
    start = max(1, integer_of(call.query.get("startIndex", 1)))
    count = max(0, integer_of(call.query.get("count", DEFAULT_COUNT)))
    shown = found[start - 1 : start - 1 + count]
    return bare(
        {
            "schemes": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "Resources": [*shown],
            "totalResults": len(found),
            "startIndex": start,
            "itemsPerPage": len(shown),
        }
    )


def read_user(call: Call) -> Answer:
    """The user with this id."""
    user = call.rows.find("users", call.parameters["userId"])
    if user is None:
        raise refused(404, "User not found")
    return bare(scim_user(user))


def scim_user(user: JsonObject) -> JsonObject:
    """A user in the shape of SCIM."""
    given_name, _, family_name = text_of(user.get("name")).rpartition(" ")
    permitted: JsonObject = {"clientId": user.get("workspaceId"), "userType": user.get("type")}
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": text_of(user.get("id")),
        "userName": user.get("email"),
        "name": {"familyName": family_name, "givenName": given_name},
        "active": True,
        "locale": "EN_US",
        "globalAttributes": {
            "partnerCustomProperties": object_of(user.get("properties")),
            "passwordLoginDisabled": False,
        },
        "clientAttributes": [{**permitted, "businessCategory": "CORPORATE", "userGroupIds": []}],
        "meta": {
            "resourceType": "User",
            "createdTime": f"{written_time(user.get('createdTime'))}.0",
            "lastModified": written_time(user.get("modifiedTime")),
        },
        "emails": [{"value": user.get("email"), "primary": True}],
    }


def written_time(value: JsonValue) -> str:
    """A time as SCIM answers show it."""
    return f"{datetime.fromtimestamp(integer_of(value) / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def read_conditions(text: str) -> list[Condition]:
    """Read a filter: terms joined by `and`."""
    if not text.strip():
        return []
    terms = [TERM.fullmatch(term) for term in AND.split(text)]
    conditions = [(term[1], term[2], term[3] or term[4] or "") for term in terms if term]
    known = all(operator in ATTRIBUTES.get(name, ()) for name, operator, _ in conditions)
    if len(conditions) < len(terms) or not known:
        # Assumption A53: a filter that the article does not describe is a 400.
        raise refused(400, "The filter is not supported")
    return [(name, operator, compared_time(name, value)) for name, operator, value in conditions]


def compared_time(name: str, value: str) -> str:
    """A value to compare with; a time in the form that answers show it in."""
    if name != "meta.lastModified":
        return value
    try:
        return f"{datetime.strptime(value, TIME_FORMAT).replace(tzinfo=UTC):%Y-%m-%d %H:%M:%S}"
    except ValueError as error:
        raise refused(400, "A time is written as yyyy-MM-ddTHH:mm:ssZ") from error


def meets(user: JsonObject, conditions: list[Condition]) -> bool:
    """Whether a user meets a filter. Several ids to be equal to are a list of them."""
    wanted = [value for name, operator, value in conditions if (name, operator) == ("id", "eq")]
    if wanted and user["id"] not in wanted:
        return False
    others = [condition for condition in conditions if condition[:2] != ("id", "eq")]
    return all(COMPARISONS[operator](*sides(user, name, value)) for name, operator, value in others)


def sides(user: JsonObject, name: str, value: str) -> tuple[str, str]:
    """What a term compares; ids have one length, so that they compare as they are."""
    # Assumption A54: user names are compared whatever the case of their letters, as RFC 7643 says.
    return text_of(value_at(user, name)).casefold(), value.casefold()


COMPARISONS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "eq": lambda found, wanted: found == wanted,
    # The article calls both of them "larger"; the first can only mean the opposite.
    "le": lambda found, wanted: found <= wanted,
    "ge": lambda found, wanted: found >= wanted,
}
SORTS: Final[Mapping[str, Callable[[JsonObject], str]]] = {
    "id": lambda user: text_of(user["id"]),
    "name": lambda user: " ".join(text_of(name) for name in object_of(user["name"]).values()).casefold(),
    "meta.createdTime": lambda user: text_of(value_at(user, "meta.createdTime")),
    "meta.lastModified": lambda user: text_of(value_at(user, "meta.lastModified")),
}

HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/scim/Users"): list_users,
    ("GET", "/api/v2/scim/Users/{userId}"): read_user,
}
