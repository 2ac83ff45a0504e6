"""Who may log in and what they may reach. Knows users and workspaces, no pages and no tokens."""

from ..json_values import JsonObject, list_of, text_of
from ..store.database import Transaction
from ..store.grants import Grant
from ..store.rows import Rows

PASSWORD = "simulator"  # noqa: S105 - every simulated person's password; it protects nothing
GENERATE_TOKEN = "GENERATE_TOKEN"  # noqa: S105 - a permission's name


class People:
    """The people of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._rows = Rows(transaction)

    def check_password(self, email: str, password: str) -> JsonObject | None:
        """The user with this e-mail address and password."""
        wanted = email.strip().lower()
        for user in self._rows.all("users"):
            if wanted and text_of(user.get("email")).lower() == wanted and password == PASSWORD:
                return user
        return None

    def workspaces(self) -> list[JsonObject]:
        """The workspaces that can be chosen."""
        # Assumption A9: every user may reach every workspace of the tenant.
        return self._rows.all("workspaces")

    def service_grant(self) -> Grant | None:
        """What the client-credentials grant gives: the default user of the key, in every workspace."""
        # Assumption A10: the key's default user is the first one who may generate tokens.
        user = self.first_allowed()
        if user is None:
            return None
        workspaces = tuple(text_of(workspace.get("id")) for workspace in self.workspaces())
        return Grant(text_of(user.get("id")), workspaces)

    def first_allowed(self) -> JsonObject | None:
        """The first user who may generate tokens."""
        return next((user for user in self._rows.all("users") if may_generate_token(user)), None)


def may_generate_token(user: JsonObject) -> bool:
    """Whether a user holds the permission 'Generate Token'."""
    return GENERATE_TOKEN in list_of(user.get("permissions"))
