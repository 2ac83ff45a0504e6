"""Moving a caller to a written channel. Facts: Sprinklr's deflection article."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.conversation import GetCaseConversation
from sprinklr_tools.actions.cases.reading import Case, GetCaseByNumber, lines_about
from sprinklr_tools.actions.publishing.accounts import Account, check_channel, the_account
from sprinklr_tools.arguments import AccountId, AssetId, CaseNumber, ChannelId, ChannelType, Text
from sprinklr_tools.problems import Unclear, Unreadable
from sprinklr_tools.question import Line, Question, lines
from sprinklr_tools.reading import CustomerText, Json, Record, as_identifier
from sprinklr_tools.request import Request, present


@dataclass(frozen=True)
class Deflection:
    """What is known before the caller is written to."""

    account: Account
    case: Case | None


@dataclass(frozen=True)
class Deflected:
    """The ids of the messages that the caller was sent."""

    message_ids: tuple[str, ...]
    accepted: bool = True


class DeflectCall(Action, label="Deflect customer call", risk=Risk.DANGER):
    """Move a caller from the phone to a written channel: a prepared message is sent to their number.

    A person is asked first and types the caller's id. To answer a written message, use
    sprinklr_publish_message. Returns the ids of the messages sent.
    """

    asset_id: Annotated[
        AssetId, Field(description="The prepared message. Ask the person: no tool lists them.")
    ]
    channel_id: Annotated[ChannelId, Field(description="The caller on the new channel.")]
    account_id: Annotated[AccountId, Field(description="The brand account that writes.")]
    channel_type: Annotated[ChannelType, Field(description="Such as WHATSAPP_BUSINESS.")]
    case_number: CaseNumber | None = None
    create_case: Annotated[bool, Field(description="Open a case for it.")] = False
    comment: Annotated[Text | None, Field(description="An internal note.")] = None

    async def gather(self, read: Reader) -> Deflection:
        """Read the account, and the case if one is named."""
        if self.create_case and self.case_number is not None:
            raise Unclear(
                "create_case opens a case, and case_number names one that is there.",
                "Give case_number, or create_case, not both.",
            )
        account = await the_account(read, self.account_id)
        check_channel(account, self.channel_type)
        case = await read(GetCaseByNumber(case_number=self.case_number)) if self.case_number else None
        return Deflection(account, case)

    def request(self, facts: Deflection) -> Request:
        """Sprinklr uses HTTP statuses as its own numbers here; none of them is tried again."""
        body: dict[str, Json] = {
            "assetId": self.asset_id,
            "snId": self.channel_id,
            "accountId": int(self.account_id),
            "deflectionType": self.channel_type,
            "createCase": self.create_case,
            "caseNumber": self.case_number,
            "comment": self.comment,
        }
        return Request("POST", "/api/v2/deflect", json=present(body), speaks_for=self.account_id)

    def question(self, facts: Deflection) -> Question:
        """Show who is written to, from where, and what is noted; the caller's id is typed."""
        return Question(
            headline="Send a prepared message to this caller? It cannot be taken back.",
            lines=(
                *lines(
                    ("To caller", f"{self.channel_id} (not verified)"),
                    ("Channel", self.channel_type),
                    ("From account", CustomerText(str(facts.account.name))),
                    ("Account's channel", facts.account.channel_type),
                    ("Account id", self.account_id),
                    ("Prepared message", f"{self.asset_id} (its text can't be read here)"),
                    ("Opens a case", "yes" if self.create_case else "no"),
                ),
                *(lines_about(facts.case) if facts.case else ()),
                *((Line("Internal note", self.comment, whole=True),) if self.comment else ()),
            ),
            retype=self.channel_id,
            retype_name="caller's id",
        )

    def settle(self) -> GetCaseConversation | None:
        """The conversation of the case shows what was sent; without a case, no tool tells."""
        return GetCaseConversation(case_number=self.case_number) if self.case_number else None

    def answer(self, payload: Json, facts: Deflection) -> Deflected:
        """The envelope is double, and inside stands a list as JSON text."""
        found = message_ids_in(payload)
        if not found:
            raise Unreadable
        return Deflected(found)


def message_ids_in(payload: Json) -> tuple[str, ...]:
    """Read the ids out of a list, or of a text that holds one."""
    inner = Record.of(payload).raw("data") if isinstance(payload, dict) else payload
    items = inner if isinstance(inner, list) else _listed(inner)
    return tuple(one for item in items if (one := as_identifier(item)))


def _listed(value: Json) -> list[Json]:
    if not isinstance(value, str):
        return []
    try:
        items: list[Json] | str = json.loads(value)
    except ValueError:
        return [value]
    return items if isinstance(items, list) else []
