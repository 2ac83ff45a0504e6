"""Minting access for somebody. Sprinklr publishes no call for it, and none is guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Risk
from sprinklr_tools.arguments import EntityId
from sprinklr_tools.problems import Unreadable
from sprinklr_tools.question import Question, lines
from sprinklr_tools.reading import Json, told
from sprinklr_tools.request import Request, unpublished


@dataclass(frozen=True)
class Credential:
    """What was minted. It lets whoever holds it in; it is written into no log."""

    credential: Json


class GenerateOta(Action, label="Generate OTA", risk=Risk.DANGER):
    """Mint a one-time access (OTA) for one id. A person is asked first and types that id.

    Works only where the operator has configured the call, since Sprinklr publishes none. The answer is
    a credential that you will see: hand it to the person and repeat it nowhere.
    """

    entity_id: Annotated[EntityId, Field(description="The id that the access is for.")]

    def request(self, facts: Any) -> Request:
        """The operator's setting says which call."""
        return unpublished(entity_id=self.entity_id)

    def question(self, facts: Any) -> Question:
        """Say what the assistant will see; the id is typed. The server adds the configured call."""
        return Question(
            headline="Create a one-time access? The assistant will see it, and whoever has it gets in.",
            lines=lines(("For", f"{self.entity_id} (not verified)")),
            retype=self.entity_id,
            retype_name="id it is for",
        )

    def answer(self, payload: Json, facts: Any) -> Credential:
        """The shape is not published."""
        if payload in (None, "", {}, []):
            raise Unreadable
        return Credential(told(payload))
