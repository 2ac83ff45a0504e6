"""Starting a customer journey for one person. Facts: Sprinklr's journey articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.profiles.reading import GetProfileByUserId, Profile
from sprinklr_tools.arguments import AssetId, ChannelId, ChannelType, Line, Name
from sprinklr_tools.problems import Missing, Rejected
from sprinklr_tools.question import Line as Fact
from sprinklr_tools.question import Question, lines
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, post


def _plain_names(value: dict[str, str]) -> dict[str, str]:
    """Let only names pass that a question can show on one line. Raises `ValueError`."""
    for name in value:
        if not name.strip() or not name.isprintable() or len(name) > 200:
            raise ValueError("a parameter's name is one line of plain text")
    return value


@dataclass(frozen=True)
class Triggered:
    """A trigger that was taken; whether the journey ran is not known."""

    tracking_id: str | None
    taken: bool = True


class TriggerJourney(Action, label="Trigger customer journey", risk=Risk.DANGER):
    """Start a marketing journey for one person; it may write to them on any channel.

    A person is asked first and types the channel id. Makes or updates the person's profile. Returns a
    tracking id: the trigger was taken, which does not say that the journey ran.
    """

    journey_id: Annotated[AssetId, Field(description="Ask the person: no tool lists them.")]
    channel_type: ChannelType
    channel_id: ChannelId
    name: Name
    parameters: Annotated[
        dict[str, Line] | None,
        Field(description="What the journey asks for.", max_length=30),
        AfterValidator(_plain_names),
    ] = None

    async def gather(self, read: Reader) -> Profile | None:
        """Read who the person is; one that Sprinklr does not know is new."""
        try:
            return await read(GetProfileByUserId(channel_type=self.channel_type, channel_id=self.channel_id))
        except Missing:
            return None

    def request(self, facts: Profile | None) -> Request:
        """The person goes by one channel identity."""
        identity: dict[str, Json] = {
            "name": self.name,
            "channelType": self.channel_type,
            "channelId": self.channel_id,
        }
        body: dict[str, Json] = {"journeyId": self.journey_id, "unifiedProfile": {"profiles": [identity]}}
        if self.parameters:
            body["contextParams"] = dict(self.parameters)
        return post("/api/v2/marketing-journey/triggerJourney", body)

    def question(self, facts: Profile | None) -> Question:
        """Show the person as Sprinklr knows them, and all that is sent; the channel id is typed."""
        known = facts.name if facts and facts.name else None
        given = [f"{name} = {value}" for name, value in (self.parameters or {}).items()]
        return Question(
            headline="Start this journey for this person? It may write to them, and cannot be taken back.",
            lines=(
                *lines(
                    ("Channel", self.channel_type),
                    ("Person", self.channel_id),
                    ("Known as", CustomerText(known) if known else "new: Sprinklr has no such profile"),
                    ("Name to store", CustomerText(self.name)),
                    ("Journey", f"{self.journey_id} (not verified)"),
                ),
                *(Fact("Parameter", one, whole=True) for one in given),
            ),
            retype=self.channel_id,
            retype_name="person's channel id",
        )

    def settle(self) -> GetProfileByUserId:
        """The profile is made or changed with the trigger; whether the journey ran shows nowhere."""
        return GetProfileByUserId(channel_type=self.channel_type, channel_id=self.channel_id)

    def answer(self, payload: Json, facts: Profile | None) -> Triggered:
        """A status other than SUCCESS means that it was not taken."""
        answered = Record.of(payload)
        if answered.text("status") not in (None, "SUCCESS"):
            raise Rejected("Sprinklr did not take the trigger.", "Check the journey: it may be paused.")
        return Triggered(answered.identifier("trackingId"))
