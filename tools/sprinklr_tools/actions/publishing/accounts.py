"""The brand's accounts on the channels. Facts: Sprinklr's article on the bootstrap lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.answers import Names, Page, only_in_detail, page_of
from sprinklr_tools.arguments import Cursor
from sprinklr_tools.problems import Conflicting, Missing, Unclear
from sprinklr_tools.reading import CustomerText, Json, Record, is_safe
from sprinklr_tools.request import Request, get

PAGE = 100
ACCESSIBLE = "USER_ACCESSIBLE_ACCOUNTS"


@dataclass(frozen=True)
class Account:
    """One account of the brand; `name` is what people see."""

    account_id: str | None
    name: CustomerText | str | None
    channel_type: str | None
    username: CustomerText | None
    inactive: bool | None
    """Only said where it is so."""
    network: str | None = only_in_detail()
    """The channel in Sprinklr's other spelling: a page is FBPAGE here and FACEBOOK there."""

    @classmethod
    def of(cls, record: Record) -> Account:
        """Read an account. Its user name is left out where it is the name."""
        name, username = record.label("displayName", "screenName"), record.text("screenName")
        return cls(
            account_id=record.identifier("accountId"),
            name=name,
            channel_type=record.label("accountType", "snType"),
            username=None if username == name else username,
            inactive=True if record.raw("isActive") is False else None,
            network=record.label("snType"),
        )


@dataclass(frozen=True)
class Accounts:
    """Accounts that the login may use."""

    accounts: tuple[Account, ...]
    page: Page | None = None


class ListAccounts(Action, label="List accounts", optional=True, lasting=True):
    """List the brand's accounts that this login may use, with id, name and channel.

    Use it for an account_id to publish from; inactive ones cannot send. Returns them and the call for
    the next page.
    """

    cursor: Cursor | None = None

    def request(self, facts: Any) -> Request:
        """This list is unpaged, and has no envelope."""
        return get("/api/v1/bootstrap/resources", types=ACCESSIBLE)

    def answer(self, payload: Json, facts: Any) -> Accounts:
        """The list stands under the name of its type."""
        return Accounts(tuple(Account.of(record) for record in Record.of(payload).records(ACCESSIBLE)))

    def shown(self, answer: Accounts) -> Accounts:
        """A large brand has hundreds."""
        return Accounts(*page_of(answer.accounts, self.cursor, PAGE, self.page_at))

    def names(self, answer: Accounts) -> Names:
        """Messages name the account they went by."""
        return Names(
            "account", {one.account_id: one.name for one in answer.accounts if one.account_id and one.name}
        )


async def the_account(read: Reader, account_id: str) -> Account:
    """Return the account to send from, which must be there and active."""
    accounts = (await read(ListAccounts())).accounts
    account = next((one for one in accounts if one.account_id == account_id), None)
    if account is None:
        raise Missing(
            f"Account {account_id} is not one that this login may use.",
            "Choose another account_id; sprinklr_list_accounts lists them.",
        )
    if account.inactive or account.name is None:
        raise Conflicting(f"Account {account_id} cannot send: it is not active or has no name.")
    return account


def check_channel(account: Account, channel_type: str) -> None:
    """Refuse to write to somebody on a channel that cannot be the account's.

    Spellings differ between Sprinklr's lists, so both of the account's must be known, and one that begins
    like another is taken for the same.
    """
    known = [one for one in (account.channel_type, account.network) if is_safe(one)]
    wanted = _spelled(channel_type)
    if len(known) < 2 or any(_begins_alike(_spelled(one), wanted) for one in known):
        return
    raise Unclear(
        f"Account {account.account_id} is on {known[0]}, and the recipient on {channel_type}.",
        "Choose an account of the recipient's channel; sprinklr_list_accounts lists them.",
    )


def _spelled(channel_type: str) -> str:
    return channel_type.upper().replace("_", "").replace(" ", "")


def _begins_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
