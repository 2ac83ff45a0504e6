"""Answering a customer: a draft, which a person sends."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sprinklr_tools.actions.cases.conversation import GetCaseConversation
from sprinklr_tools.actions.cases.notes import DraftReply as StoreDraft
from sprinklr_tools.actions.knowledge.articles import SmartAssistSearch
from sprinklr_tools.actions.publishing.accounts import ListAccounts
from sprinklr_tools.actions.publishing.sending import PublishMessage
from sprinklr_tools.arguments import ChannelType, Name
from sprinklr_tools.prompt import Prompt, Step
from sprinklr_tools.prompts.arguments import CaseNumber, Words


class DraftReply(Prompt, label="Draft a reply", reads=(GetCaseConversation,)):
    """Write a reply to the customer of a case; it is sent only if you ask for it."""

    case_number: CaseNumber
    guidance: Annotated[Words | None, Field(description="What it should say, in your words.")] = None
    channel_type: Annotated[
        ChannelType | None, Field(description="Where it goes, if not where they wrote.")
    ] = None
    account: Annotated[Name | None, Field(description="The account that answers, by its name.")] = None

    def goal(self) -> str:
        """One reply."""
        return f"Draft a reply to the customer of Sprinklr case {self.case_number}."

    def steps(self) -> tuple[Step, ...]:
        """Facts come from the case and from articles, never from the model."""
        return (
            Step("Read the case with {tool}.", self.reads),
            Step(
                "Look up what you need with {tool}; rely on approved articles only, quote public ones only.",
                (SmartAssistSearch,),
            ),
            *self._wishes(),
            Step(
                "Write in the customer's language, no longer than the channel takes. Answer every open "
                "question, and promise nothing that neither the case nor an article says. Show me the text."
            ),
            Step("Only if I ask: keep it on the case with {tool}.", (StoreDraft,)),
            Step("Only if I ask: send it with {tool}, which asks me again.", (PublishMessage,)),
        )

    def _wishes(self) -> tuple[Step, ...]:
        guidance = Step(f"It should say: {self.guidance}")
        channel = Step(f"It goes out on {self.channel_type}.")
        account = Step(
            f'It goes out from the account "{self.account}"; ask me for its id if you have not read it.'
        )
        its_id = Step("Find that account's id with {tool}.", (ListAccounts,))
        return (
            *((guidance,) if self.guidance else ()),
            *((channel,) if self.channel_type else ()),
            *((account, its_id) if self.account else ()),
        )
