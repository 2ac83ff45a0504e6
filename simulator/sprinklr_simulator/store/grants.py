"""Logins, codes and the one token pair of an API key. Keeps fingerprints; knows no OAuth messages."""

import base64
import json
import secrets
from dataclasses import dataclass

from ..arrivals import fingerprint
from .database import Transaction

CODE_SECONDS = 600
# Assumption A3: the time between logging in and choosing the workspaces is bounded like a code's.
LOGIN_SECONDS = 600


@dataclass(frozen=True)
class Grant:
    """What a person allowed: to act as this user, in these workspaces."""

    user_id: str
    workspaces: tuple[str, ...]


@dataclass(frozen=True)
class Token(Grant):
    """The access token of a key as Sprinklr keeps it."""

    expires: float


@dataclass(frozen=True)
class Pair:
    """A new token pair, the only time that it is seen."""

    access: str
    refresh: str
    version: int


class Grants:
    """The grants of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._now = transaction.now

    def open_login(self, user_id: str) -> str:
        """Remember that a person gave their password; answers the ticket that proves it once."""
        ticket = secrets.token_urlsafe(24)
        values = (fingerprint(ticket), user_id, self._now + LOGIN_SECONDS)
        self._connection.execute("INSERT INTO logins VALUES (?, ?, ?)", values)
        return ticket

    def find_login(self, ticket: str) -> str | None:
        """The user who got this ticket."""
        statement = "SELECT user_id FROM logins WHERE ticket = ? AND expires > ?"
        row = self._connection.execute(statement, (fingerprint(ticket), self._now)).fetchone()
        return str(row[0]) if row else None

    def close_login(self, ticket: str) -> None:
        """Use a ticket up."""
        self._connection.execute("DELETE FROM logins WHERE ticket = ?", (fingerprint(ticket),))

    def issue_code(self, grant: Grant) -> str:
        """A new authorization code."""
        code = secrets.token_urlsafe(24)
        values = (fingerprint(code), grant.user_id, json.dumps(grant.workspaces), self._now + CODE_SECONDS)
        self._connection.execute("INSERT INTO codes VALUES (?, ?, ?, ?)", values)
        return code

    def spend_code(self, code: str) -> Grant | None:
        """Use a code up; None if it is used up, expired or unknown."""
        statement = "DELETE FROM codes WHERE code = ? RETURNING user_id, workspaces, expires"
        row = self._connection.execute(statement, (fingerprint(code),)).fetchone()
        if row is None or row[2] <= self._now:
            return None
        return Grant(str(row[0]), tuple(json.loads(row[1])))

    def issue_pair(self, api_key: str, grant: Grant, expires_in: int) -> Pair:
        """A new token pair. The key has one only: whatever it had before ends here."""
        access, refresh = new_token(), new_token()
        statement = (
            "INSERT INTO tokens VALUES (:key, :access, :refresh, :user, :workspaces, :expires, 1) "
            "ON CONFLICT (api_key) DO UPDATE SET access = :access, refresh = :refresh, user_id = :user, "
            "workspaces = :workspaces, expires = :expires, version = version + 1 RETURNING version"
        )
        values = {
            "key": api_key,
            "access": fingerprint(access),
            "refresh": fingerprint(refresh),
            "user": grant.user_id,
            "workspaces": json.dumps(grant.workspaces),
            "expires": self._now + expires_in,
        }
        version = self._connection.execute(statement, values).fetchone()[0]
        return Pair(access, refresh, int(version))

    def find_access(self, api_key: str, access: str) -> Token | None:
        """The token, expired or not; None if the key has another by now."""
        return self._find("access", api_key, access)

    def find_refresh(self, api_key: str, refresh: str) -> Token | None:
        """The token that this refresh token belongs to; it never expires, but works once."""
        return self._find("refresh", api_key, refresh)

    def _find(self, column: str, api_key: str, secret: str) -> Token | None:
        statement = f"SELECT user_id, workspaces, expires FROM tokens WHERE api_key = ? AND {column} = ?"  # noqa: S608
        row = self._connection.execute(statement, (api_key, fingerprint(secret))).fetchone()
        return Token(str(row[0]), tuple(json.loads(row[1])), float(row[2])) if row else None


def new_token() -> str:
    """A token that looks like Sprinklr's: base64, with the characters that need encoding in a form."""
    while True:
        token = base64.b64encode(secrets.token_bytes(40)).decode()
        if "+" in token and "/" in token:
            return token
