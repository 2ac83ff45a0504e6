"""OAuth's own mechanics, by Authlib: addresses and form bodies. Pure: sends nothing, stores nothing."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import authlib.common.security
import authlib.oauth2.auth
import authlib.oauth2.rfc6749.parameters
import authlib.oauth2.rfc7636

from sprinklr_mcp.tokens.failures import Sign

# Authlib has no types.
security = cast(Any, authlib.common.security)
client_auth = cast(Any, authlib.oauth2.auth)
parameters = cast(Any, authlib.oauth2.rfc6749.parameters)
proof_key = cast(Any, authlib.oauth2.rfc7636)

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True)
class TokenRequest:
    """A call to the token endpoint; everything secret stands in the form body."""

    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return "TokenRequest(***)"


@dataclass(frozen=True)
class Authorization:
    """One attempt to log in: the address to open, and what its answer is checked against."""

    address: str
    state: str
    code_verifier: str
    redirect_uri: str

    def __repr__(self) -> str:
        return "Authorization(***)"


class NotReturned(Exception):
    """A redirected address that brings no code, with the sign of why."""

    def __init__(self, sign: Sign) -> None:
        super().__init__(sign)
        self.sign = sign


class WrongState(NotReturned):
    """It does not belong to this attempt; nothing of it was used."""


class Denied(NotReturned):
    """The person, or Sprinklr, did not grant access."""


def authorize(endpoint: str, api_key: str, redirect_uri: str) -> Authorization:
    """Begin an attempt. PKCE is sent, though Sprinklr does not say that it heeds it."""
    state, verifier = str(security.generate_token(48)), str(security.generate_token(64))
    address = parameters.prepare_grant_uri(
        endpoint,
        client_id=api_key,
        response_type="code",
        redirect_uri=redirect_uri,
        state=state,
        code_challenge=proof_key.create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return Authorization(str(address), state, verifier, redirect_uri)


def code_in(redirected: str, attempt: Authorization) -> str:
    """Return the code of a redirected address, its state checked before anything else is looked at.

    Raises `WrongState` or `Denied`.
    """
    query = parse_qs(urlsplit(redirected.strip()).query)
    state = query.get("state", [""])[0]
    if not hmac.compare_digest(state.encode(), attempt.state.encode()):
        raise WrongState(Sign.WRONG_STATE if query else Sign.NO_ADDRESS)
    if "code" not in query:
        denied = query.get("error", ["access_denied"])[0] == "access_denied"
        raise Denied(Sign.DENIED if denied else Sign.ENDED_WITH_ERROR)
    return query["code"][0]


def for_code(code: str, attempt: Authorization, credentials: tuple[str, str]) -> TokenRequest:
    """Ask for the first pair in exchange for a code."""
    return _request(
        "authorization_code",
        credentials,
        code=code,
        redirect_uri=attempt.redirect_uri,
        code_verifier=attempt.code_verifier,
    )


def for_refresh(refresh_token: str, redirect_uri: str | None, credentials: tuple[str, str]) -> TokenRequest:
    """Ask for the next pair in exchange for a refresh token, which this spends."""
    return _request("refresh_token", credentials, refresh_token=refresh_token, redirect_uri=redirect_uri)


def for_client(credentials: tuple[str, str]) -> TokenRequest:
    """Ask for a pair in the name of the application's default user."""
    return _request("client_credentials", credentials)


def _request(grant: str, credentials: tuple[str, str], **values: str | None) -> TokenRequest:
    given = {name: value for name, value in values.items() if value is not None}
    body = parameters.prepare_token_request(grant, **given)
    client = client_auth.ClientAuth(*credentials, auth_method="client_secret_post")
    _, headers, form = client.prepare("POST", "", dict(FORM), body)
    return TokenRequest(headers, str(form).encode())
