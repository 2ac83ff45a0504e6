"""The token endpoint. Knows grants and their refusals, no pages and no operation."""

from collections.abc import Callable, Mapping

from ..answers import Answer, Refusal, bare, refused, turned_away
from ..arrivals import Arrival
from ..gateway import count_call
from ..settings import SimulatorSettings
from ..store.database import Transaction
from ..store.grants import Grant, Grants
from .people import People

FORM = "application/x-www-form-urlencoded"


class TokenCall:
    """One call of the token endpoint."""

    def __init__(self, arrival: Arrival, transaction: Transaction, settings: SimulatorSettings) -> None:
        self._arrival = arrival
        self._transaction = transaction
        self._settings = settings
        self._grants = Grants(transaction)
        self._fields: Mapping[str, str] = {}

    def answer(self) -> Answer:
        """Issue a pair, or refuse."""
        self._check_head()
        self._fields = {**self._arrival.query, **self._arrival.form}
        self._check_client()
        # Assumption A11: token calls count against the limits of the key, as any other call.
        count_call(self._transaction, self._settings)
        ways: Mapping[str, Callable[[], Grant]] = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
            "client_credentials": self._by_credentials,
        }
        way = ways.get(self._fields.get("grant_type", ""))
        if way is None:
            raise oauth_error(400, "unsupported_grant_type")
        return self._issue(way())

    def _check_head(self) -> None:
        if self._arrival.method != "POST":
            raise refused(405, "Method Not Allowed")
        if not self._arrival.has_length:
            raise refused(411, "Length Required")
        if self._arrival.body and self._arrival.content_type != FORM:
            raise refused(415, f"Unsupported Media Type: send {FORM}")

    def _check_client(self) -> None:
        if self._fields.get("client_id") != self._settings.api_key:
            raise turned_away(401, "Invalid consumer key")
        if self._fields.get("client_secret") != self._settings.api_secret:
            # Assumption A12: OAuth's own errors have the bodies of RFC 6749; a wrong secret is a 401.
            raise oauth_error(401, "invalid_client")

    def _by_code(self) -> Grant:
        if self._fields.get("redirect_uri") != self._settings.redirect_uri:
            raise oauth_error(400, "invalid_grant", "redirect_uri does not match")
        grant = self._grants.spend_code(self._fields.get("code", ""))
        if grant is None:
            # Assumption A13: a used or unknown code is answered like an expired one.
            raise oauth_error(400, "invalid_grant", "code has expired")
        return grant

    def _by_refresh_token(self) -> Grant:
        # Assumption A14: refreshing works without redirect_uri, but not with a wrong one.
        if self._fields.get("redirect_uri", self._settings.redirect_uri) != self._settings.redirect_uri:
            raise oauth_error(400, "invalid_grant", "redirect_uri does not match")
        grant = self._grants.find_refresh(self._settings.api_key, self._fields.get("refresh_token", ""))
        if grant is None:
            # Assumption A15: a refresh token that is used up, replaced or unknown is an invalid grant.
            raise oauth_error(400, "invalid_grant")
        return grant

    def _by_credentials(self) -> Grant:
        grant = People(self._transaction).service_grant()
        if grant is None:
            raise oauth_error(400, "unauthorized_client", "no default user is attached to the key")
        return grant

    def _issue(self, grant: Grant) -> Answer:
        pair = self._grants.issue_pair(self._settings.api_key, grant, self._settings.expires_in)
        answer = bare(
            {
                "access_token": pair.access,
                "refresh_token": pair.refresh,
                "token_type": "Bearer",
                "expires_in": self._settings.expires_in,
            }
        )
        return answer.with_headers({"SPR-TOKEN-VERSION": str(pair.version), "Cache-Control": "no-store"})


def oauth_error(status: int, error: str, description: str = "") -> Refusal:
    """A refusal in OAuth's own words."""
    described = {"error_description": description} if description else {}
    return Refusal(bare({"error": error, **described}, status))
