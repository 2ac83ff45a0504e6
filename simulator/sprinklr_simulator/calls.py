"""A call that passed all checks, as a handler sees it. Knows what a handler may use, and no handler."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .answers import Answer
from .arrivals import Arrival
from .contract import Operation
from .json_values import JsonObject, JsonValue, object_of
from .store.cursors import Cursors
from .store.database import Transaction
from .store.grants import Grant
from .store.rows import Rows


@dataclass(frozen=True)
class Call:
    """One checked call, on behalf of a user."""

    operation: Operation
    parameters: Mapping[str, str]
    arrival: Arrival
    body: JsonValue
    grant: Grant
    transaction: Transaction

    @property
    def query(self) -> Mapping[str, str]:
        """The query."""
        return self.arrival.query

    @property
    def fields(self) -> JsonObject:
        """The body, where the contract says that it is an object."""
        return object_of(self.body)

    @property
    def rows(self) -> Rows:
        """Sprinklr's objects."""
        return Rows(self.transaction)

    @property
    def cursors(self) -> Cursors:
        """Where searches go on."""
        return Cursors(self.transaction)

    @property
    def user(self) -> JsonObject:
        """The user behind the token."""
        return self.rows.find("users", self.grant.user_id) or {}

    @property
    def now(self) -> int:
        """The time in epoch milliseconds."""
        return self.transaction.milliseconds


Handler = Callable[[Call], Answer]
Handlers = Mapping[tuple[str, str], Handler]
