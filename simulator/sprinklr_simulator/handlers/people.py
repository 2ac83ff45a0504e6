"""The user behind the token and the workspaces. Knows rows of users and workspaces only."""

from typing import Final

from ..answers import Answer, enveloped
from ..calls import Call, Handlers
from ..json_values import integer_of, text_of

NOT_SHOWN = ("permissions", "createdTime", "modifiedTime")


def read_me(call: Call) -> Answer:
    """The user behind the token, with the workspace that the token works in."""
    me = {name: value for name, value in call.user.items() if name not in NOT_SHOWN}
    if text_of(me.get("workspaceId")) not in call.grant.workspaces and call.grant.workspaces:
        # Assumption A25: a token without the user's own workspace works in the first one that was chosen.
        me["workspaceId"] = integer_of(call.grant.workspaces[0])
    return enveloped(me)


def list_workspaces(call: Call) -> Answer:
    """The workspaces of the user."""
    # Assumption A26: the list shows the user's whole access, not the choice made for the token.
    workspaces = call.rows.all("workspaces")
    return enveloped([{"id": text_of(row.get("id")), "name": row.get("name")} for row in workspaces])


HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/me"): read_me,
    ("GET", "/api/v2/client/accessible-clients"): list_workspaces,
}
