"""The token row of each API key: the sealed pair, its generation, and who may renew it.

Knows nothing of HTTP. A generation counts the pairs that Sprinklr gave; a pair is written only over the
generation that was spent for it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sprinklr_mcp.processes import is_gone
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.sealing import Sealer

READ = "SELECT * FROM token WHERE identity = :identity"
CREATE = "INSERT INTO token (identity, generation) VALUES (:identity, 0) ON CONFLICT (identity) DO NOTHING"
HOLDER = "SELECT holder FROM token WHERE identity = :identity AND holder IS NOT NULL"
LEASE = """
    UPDATE token SET holder = :holder, lease_until = :until
    WHERE identity = :identity AND (holder IS NULL OR holder = :gone OR lease_until < :now)
"""
SENDING = """
    UPDATE token SET sending_generation = :generation, sender = :holder
    WHERE identity = :identity AND holder = :holder AND generation = :generation
"""
REPLACE = """
    UPDATE token SET generation = generation + 1, sealed = :sealed, expires_at = :expires_at,
        obtained_at = :obtained_at, login_required = 0, sending_generation = NULL
    WHERE identity = :identity AND generation = :spent
"""
SETTLED = """
    UPDATE token SET sending_generation = NULL, login_required = :login_required
    WHERE identity = :identity AND generation = :generation
"""
RELEASE = "UPDATE token SET holder = NULL, lease_until = NULL WHERE identity = :identity AND holder = :holder"
FORGET = """
    UPDATE token SET generation = generation + 1, sealed = NULL, expires_at = NULL, obtained_at = NULL,
        login_required = 0, sending_generation = NULL
    WHERE identity = :identity AND sealed IS NOT NULL
"""


@dataclass(frozen=True)
class Pair:
    """What the token endpoint gave; `expires_at` in seconds since 1970, None where it did not say."""

    access_token: str
    refresh_token: str | None
    grant: str
    expires_at: float | None
    obtained_at: float

    def __repr__(self) -> str:
        return "Pair(***)"


@dataclass(frozen=True)
class TokenState:
    """The row as it stands; `pair` is None before a login and after a logout."""

    generation: int
    pair: Pair | None
    login_required: bool
    sending: bool
    """Whether this very generation was sent to be renewed, and whoever sent it may yet store the answer."""
    unreadable: bool
    """Whether a pair is there that our key does not open."""


class TokenStore:
    """The row of one API key in one environment. Every token passes here, so here it is learned."""

    def __init__(self, database: Database, sealer: Sealer, identity: str, redactor: Redactor) -> None:
        self._database = database
        self._sealer = sealer
        self._identity = identity
        self._redactor = redactor

    async def read(self) -> TokenState:
        """Return the row; one that is not there reads as never logged in."""
        row = await self._database.read(self._row)
        if row is None:
            return TokenState(0, None, False, False, False)
        generation, sealed = int(row["generation"]), row["sealed"]
        plain = await self._sealer.open(sealed, self._seal_name(generation)) if sealed else None
        pair = _pair(plain, row) if plain is not None else None
        if pair is not None:
            self._redactor.learn_passing(pair.access_token, pair.refresh_token)
        return TokenState(
            generation=generation,
            pair=pair,
            login_required=bool(row["login_required"]),
            sending=row["sending_generation"] == generation and not is_gone(row["sender"]),
            unreadable=sealed is not None and plain is None,
        )

    async def lease(self, holder: str, seconds: float) -> bool:
        """Take the right to renew the pair; False while somebody else holds it.

        A holder begins with the name of its process: one that is certainly gone holds nothing.
        """
        now = time.time()
        values = {"identity": self._identity, "holder": holder, "until": now + seconds, "now": now}

        def take(connection: sqlite3.Connection) -> bool:
            connection.execute(CREATE, values)
            found = connection.execute(HOLDER, values).fetchone()
            gone = found["holder"] if found and is_gone(found["holder"]) else None
            return connection.execute(LEASE, {**values, "gone": gone}).rowcount == 1

        return await self._database.write(take)

    async def begin(self, holder: str, generation: int) -> bool:
        """Write down that this generation is about to be spent; False where the lease or it is lost."""
        values = {"identity": self._identity, "holder": holder, "generation": generation}
        return await self._change(SENDING, values)

    async def replace(self, spent: int, pair: Pair) -> bool:
        """Store a new pair over the generation spent for it, whoever holds the lease by now.

        Returns False where a newer pair is there already.
        """
        self._redactor.learn_passing(pair.access_token, pair.refresh_token)
        plain = json.dumps([pair.access_token, pair.refresh_token, pair.grant]).encode()
        values = {
            "identity": self._identity,
            "spent": spent,
            "sealed": await self._sealer.seal(plain, self._seal_name(spent + 1)),
            "expires_at": pair.expires_at,
            "obtained_at": pair.obtained_at,
        }
        return await self._change(REPLACE, values, create=True)

    async def settle(self, generation: int, *, login_required: bool) -> None:
        """Write down that an attempt ended without a new pair: the old one lives, or a login is due."""
        values = {
            "identity": self._identity,
            "generation": generation,
            "login_required": int(login_required),
        }
        await self._change(SETTLED, values)

    async def release(self, holder: str) -> None:
        """Give the lease back."""
        await self._change(RELEASE, {"identity": self._identity, "holder": holder})

    async def forget(self) -> bool:
        """Drop the pair; False where there was none."""
        return await self._change(FORGET, {"identity": self._identity})

    async def _change(self, statement: str, values: Mapping[str, object], *, create: bool = False) -> bool:
        def change(connection: sqlite3.Connection) -> bool:
            if create:
                connection.execute(CREATE, values)
            return connection.execute(statement, values).rowcount == 1

        return await self._database.write(change)

    def _row(self, connection: sqlite3.Connection) -> sqlite3.Row | None:
        row: sqlite3.Row | None = connection.execute(READ, {"identity": self._identity}).fetchone()
        return row

    def _seal_name(self, generation: int) -> str:
        return f"token:{self._identity}:{generation}"


def _pair(plain: bytes, row: sqlite3.Row) -> Pair:
    access_token, refresh_token, grant = json.loads(plain)
    return Pair(access_token, refresh_token, grant, row["expires_at"], row["obtained_at"])
