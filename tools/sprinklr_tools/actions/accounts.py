"""The brand's accounts on the channels. Facts: Sprinklr's article on the bootstrap lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, get

ACCESSIBLE = "USER_ACCESSIBLE_ACCOUNTS"


@dataclass(frozen=True)
class Account:
    """One account of the brand; `name` is what people see."""

    account_id: str | None
    name: CustomerText | None
    channel_type: str | None
    username: CustomerText | None
    active: bool

    @classmethod
    def of(cls, record: Record) -> Account:
        """Read an account; one that does not say it is inactive counts as active."""
        return cls(
            account_id=record.identifier("accountId"),
            name=record.text("displayName", "screenName"),
            channel_type=record.label("accountType", "snType"),
            username=record.text("screenName"),
            active=record.raw("isActive") is not False,
        )


@dataclass(frozen=True)
class Accounts:
    """All accounts that the login may use."""

    accounts: tuple[Account, ...]


class ListAccounts(Action, label="List accounts", listed=False):
    """List the brand's accounts that this login may use, with id, name and channel."""

    def request(self, facts: Any) -> Request:
        """This list is unpaged, and has no envelope."""
        return get("/api/v1/bootstrap/resources", types=ACCESSIBLE)

    def answer(self, payload: Json, facts: Any) -> Accounts:
        """The list stands under the name of its type."""
        return Accounts(tuple(Account.of(record) for record in Record.of(payload).records(ACCESSIBLE)))
