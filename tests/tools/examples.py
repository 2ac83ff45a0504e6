"""A call of every action, with facts as the contract's own examples answer the reads before it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from changes import everywhere

from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.sending.building import freeze
from sprinklr_simulator.contract import Operation, read_contract
from sprinklr_tools.action import Action, Answering, tool_name
from sprinklr_tools.catalogue import all_actions
from sprinklr_tools.files import FileFacts
from sprinklr_tools.reading import Json, payload_of
from sprinklr_tools.request import Request

CONTRACT = read_contract()
ACTIONS = all_actions()

Change = Callable[[Json], Json]


@cache
def schema_of(tool: str) -> dict[str, Any]:
    """The schema of a tool's arguments: a server makes it once too, not at every call."""
    return input_schema(ACTIONS[f"sprinklr_{tool}"])


@dataclass(frozen=True)
class Example:
    """The arguments of one call, and words to replace in what its reads answer."""

    arguments: Mapping[str, Any]
    words: Mapping[str, str] = field(default_factory=dict[str, str])


CASE = "20418877"
CASE_ID = "66f1a2b3c4d5e6f708192a3b"
OTHER_CASE = "4501877"
MESSAGE = "ACCOUNT_700000123_1763890000000_TWITTER_7_1900000000000000001"
LISTED_MESSAGE = "ACCOUNT_500012345_1727177100000_INSTAGRAM_311_17859540000000002"
"""The newest message of the case; the sample of the bulk read has another one."""
PROFILE_ID = "6710f4a2c9b1e70012ab34cd"
ACCOUNT = "1000069102"
ASSET = "66f1d3e4f506172839405b6c"
MACRO = "59e49c76e4b0c2eeef6f3600"
CURSOR = "67f0aa11bb22cc33dd44ee55"
PERSON = {"channel_type": "TWITTER", "channel_id": "155500001"}
AGENT, QUEUE = "1000300411", "104596"
FIELDS = {"_c_6500aa11bb22cc33dd44ee55": ["gold"]}
BEGIN, END = "2026-01-01T00:00:00+00:00", "2026-01-08T00:00:00+01:00"
LINE = "Parcel shows delivered"
TEXT = "Thanks.\nWe are looking into it."


def a_call(**arguments: Any) -> Example:
    return Example(arguments)


EXAMPLES: dict[str, tuple[Example, ...]] = {
    "add_comment": (
        a_call(case_number=CASE, text=TEXT),
        a_call(entity_type="MESSAGE", entity_id=MESSAGE, text=TEXT),
    ),
    "apply_macro": (a_call(case_number=CASE, macro_id=MACRO),),
    "assign_case": (a_call(case_number=OTHER_CASE, assignee_id=AGENT, queue_id=QUEUE),),
    "associated_messages": (a_call(case_id=CASE_ID), a_call(case_id=CASE_ID, after=1727176980000)),
    "close_case": (a_call(case_number=OTHER_CASE),),
    "create_case": (
        a_call(message_id=MESSAGE, subject=LINE),
        a_call(
            message_id=MESSAGE,
            subject=LINE,
            description=TEXT,
            status="New",
            priority="High",
            case_type="Complaint",
            queue_ids=[QUEUE],
            custom_fields=FIELDS,
        ),
    ),
    "create_case_via_profile": (
        a_call(channel_type="EMAIL", email="dana.field@example.com", subject=LINE),
        a_call(
            channel_type="TWITTER",
            channel_id="998877",
            subject=LINE,
            full_name="Dana Field",
            phone="+15550100123",
            description=TEXT,
            status="New",
            priority="High",
            case_type="Complaint",
            queue_ids=[QUEUE],
            comment=TEXT,
        ),
    ),
    "create_custom_entity": (
        a_call(
            entity_type="_c_loyalty_member",
            values={"_c_points": 4200, "_c_tier": "gold"},
            name="Dana Field",
            entity_id="member-55-1207",
        ),
    ),
    "create_profile": (
        a_call(name="Ilse Brandt", **PERSON),
        a_call(
            name="Ilse Brandt",
            **PERSON,
            first_name="Ilse",
            last_name="Brandt",
            email="ilse.brandt@example.com",
            phone="+4915550100",
            custom_fields=FIELDS,
        ),
    ),
    "deflect_call": (
        a_call(
            asset_id=ASSET,
            channel_id="15550100123",
            account_id=ACCOUNT,
            channel_type="TWITTER",
            case_number=CASE,
            comment=TEXT,
        ),
        a_call(
            asset_id=ASSET,
            channel_id="15550100123",
            account_id=ACCOUNT,
            channel_type="TWITTER",
            create_case=True,
        ),
    ),
    "delete_case_by_id": (a_call(case_id=CASE_ID),),
    "delete_case_by_number": (a_call(case_number=CASE),),
    "draft_reply": (a_call(case_number=CASE, text=TEXT),),
    "generate_ota": (a_call(entity_id="agent-7"),),
    "get": (a_call(path="/api/v2/campaign"), a_call(path=f"/api/v2/case/{CASE_ID}")),
    "get_acw_to_trigger": (a_call(case_number=CASE),),
    "get_case_by_id": (a_call(case_id=CASE_ID, detail=True),),
    "get_case_by_number": (a_call(case_number=CASE, detail=True),),
    "get_case_conversation": (a_call(case_number=CASE), a_call(case_number=CASE, cursor="1", detail=True)),
    "get_custom_field": (a_call(field_name="spr_uc_status"),),
    "get_default_campaign": (a_call(),),
    "get_kb_content": (a_call(content_id="66aa0011bb22cc33dd44ee55", detail=True),),
    "get_me": (a_call(),),
    "get_message": (a_call(message_id=MESSAGE, detail=True),),
    "get_messages": (a_call(message_ids=[MESSAGE], detail=True),),
    "get_profile_by_id": (a_call(profile_id=PROFILE_ID, detail=True),),
    "get_profile_by_user_id": (a_call(**PERSON, detail=True),),
    "get_profile_by_username": (a_call(channel_type="TWITTER", username="@ilse_example", detail=True),),
    "list_accounts": (a_call(),),
    "list_case_messages": (a_call(case_number=CASE), a_call(case_id=CASE_ID, cursor="1")),
    "list_case_nudges": (a_call(case_number=CASE),),
    "list_case_values": (a_call(kind="macros"), a_call(kind="queues"), a_call(kind="statuses")),
    "list_cases_by_profile": (
        Example(
            {"profile_id": PROFILE_ID, "detail": True},
            {"ilse.brandt@example.com": "dana.field@example.com"},
        ),
        a_call(profile_id=PROFILE_ID, cursor=CURSOR),
    ),
    "list_comments": (a_call(case_number=OTHER_CASE), a_call(case_number=OTHER_CASE, cursor=CURSOR)),
    "list_workspaces": (a_call(),),
    "publish_message": (
        a_call(
            text=TEXT,
            in_reply_to_message_id=MESSAGE,
            account_id=ACCOUNT,
            campaign_id="7001_12",
            attachment_url="https://example.com/label.jpg",
            schedule_at=END,
        ),
        Example({"text": TEXT, "case_number": CASE, "account_id": ACCOUNT}, {LISTED_MESSAGE: MESSAGE}),
        a_call(text=TEXT, account_id=ACCOUNT, **PERSON),
    ),
    "query_report": (
        a_call(
            engine="INBOUND_MESSAGE",
            report="INBOUND_MESSAGE",
            start=BEGIN,
            end=END,
            dimensions=["ACCOUNT_ID"],
            measures=[{"measurement": "INBOUND_COUNT"}],
            time_zone="Europe/Berlin",
        ),
    ),
    "search_cases": (
        a_call(
            statuses=["New", "Assigned"],
            priority="High",
            case_type="Complaint",
            queue_id=QUEUE,
            channel_id="998877",
            created_after=BEGIN,
            created_before=END,
            detail=True,
        ),
        a_call(text="parcel", assignee_id=AGENT, created_after=BEGIN, created_before=END, cursor="20"),
        a_call(statuses=["New"], cursor=CURSOR),
    ),
    "search_messages": (
        a_call(
            text="parcel",
            channel_type="TWITTER",
            account_id=ACCOUNT,
            case_number=OTHER_CASE,
            sender="customer",
            sent_after=BEGIN,
            sent_before=END,
            detail=True,
        ),
        a_call(text="parcel"),
        a_call(cursor=CURSOR),
    ),
    "search_profiles": (
        a_call(email="jana@example.org", phone="4915100000001", **PERSON, modified_after=BEGIN, detail=True),
        a_call(cursor=CURSOR),
    ),
    "search_users": (a_call(email="agent.one@example.org"), a_call(name="one", cursor="1")),
    "smart_assist_search": (a_call(text="refund"), a_call(text="refund", drafts=True, cursor="1")),
    "trigger_journey": (
        a_call(
            journey_id="66dd0011bb22cc33dd44ee55", name="Ilse Brandt", **PERSON, parameters={"lang": "en"}
        ),
    ),
    "update_case": (
        a_call(case_number=CASE, status="Assigned"),
        a_call(
            case_number=CASE,
            subject=LINE,
            description=TEXT,
            status="Assigned",
            priority="High",
            assignee_id=AGENT,
            custom_fields=FIELDS,
            add_tags=["vip"],
            add_queue_ids=[QUEUE],
        ),
    ),
    "update_profile": (
        a_call(profile_id=PROFILE_ID, phone="+4915550199", custom_fields=FIELDS),
        a_call(**PERSON, full_name="Ilse Brandt", first_name="Ilse", last_name="Brandt"),
    ),
    "upload_media": (a_call(path="labels/label.png"),),
    "upload_media_bulk": (a_call(paths=["a.png", "b.png", "für Ilse/b.png"]),),
}


def made_examples() -> dict[str, tuple[Example, ...]]:
    """A call of each action that has none above, of the values that others give for the same arguments."""
    given = [one.arguments for calls in EXAMPLES.values() for one in calls]
    known = {name: value for arguments in given for name, value in arguments.items()}
    made: dict[str, tuple[Example, ...]] = {}
    for tool in {name.removeprefix("sprinklr_") for name in ACTIONS} - EXAMPLES.keys():
        fields = ACTIONS[f"sprinklr_{tool}"].model_fields
        needed = [name for name, told in fields.items() if told.is_required()]
        if known.keys() >= {*needed}:
            made[tool] = (Example({name: known[name] for name in needed}),)
    return made


EXAMPLES |= made_examples()

UNPUBLISHED = ("generate_ota", "get_acw_to_trigger", "list_case_nudges")
"""Their answers have no published shape; this one has a bit of everything."""
ANYTHING: Json = {"data": {"id": 7, "forms": [{"formId": "f1", "title": "Why did they call?"}]}, "errors": []}


def action_of(tool: str, arguments: Mapping[str, Any]) -> Action:
    return ACTIONS[f"sprinklr_{tool}"].model_validate(dict(arguments))


def operations_for(request: Request) -> tuple[Operation, ...]:
    """The contract's entries with the request's method and path, of which the fitting types alone."""
    found = _operations_at(request.method, freeze(request).target.split("?")[0])
    return tuple(one for one in found if _choices_fit(one, request))


@cache
def _operations_at(method: str, path: str) -> tuple[Operation, ...]:
    route = CONTRACT.find(method, tuple(path.strip("/").split("/")))
    assert route is not None, f"the contract has no path {path}"
    assert route.operations, f"{path} takes {route.methods}"
    return route.operations


def _choices_fit(operation: Operation, request: Request) -> bool:
    """Tell entries of one path apart by what their parameters may be."""
    choices = {one.name: [str(choice).lower() for choice in one.choices] for one in operation.query}
    return all(
        not choices.get(name) or value.lower() in choices[name] for name, value in request.query.items()
    )


def operation_for(tool: str, request: Request) -> Operation:
    """The entry for the action itself if it has one there, else any of that path."""
    found = operations_for(request)
    assert found, f"{request.template} does not take {dict(request.query)}"
    return next((one for one in found if one.tool == tool), found[0])


def example_answer(tool: str, request: Request) -> Json:
    """What the contract's example says such a request is answered with, envelope and all."""
    return cast(Json, operation_for(tool, request).response_example)


class ScriptedReader:
    """Answers reads with the contract's examples, each changed if a change is given."""

    default_campaign: str | None = "4_2558"
    now = datetime(2026, 1, 4, tzinfo=UTC)

    def __init__(self, words: Mapping[str, str], change: Change | None = None) -> None:
        self._words = words
        self._change = change

    async def __call__(self, action: Answering[Any]) -> Any:
        reading = cast(Action, action)
        facts = await reading.gather(self)
        request = reading.request(facts)
        payload = self._payload(reading, request) if request else None
        return reading.answer(payload, facts)

    async def inspect(self, path: str) -> FileFacts:
        """A file that is whatever its path says."""
        name = path.rpartition("/")[2]
        return FileFacts(f"/uploads/{path}", "/uploads", name, 15_511, "image/png", "ab" * 32, "1")

    def _payload(self, action: Action, request: Request) -> Json:
        payload = payload_of(example_answer(tool_name(type(action)).removeprefix("sprinklr_"), request))
        if self._words:
            payload = everywhere(payload, self._worded)
        return self._change(payload) if self._change else payload

    def _worded(self, leaf: Json) -> Json:
        return self._words.get(leaf, leaf) if isinstance(leaf, str) else leaf


def facts_of(action: Action, example: Example, change: Change | None = None) -> Any:
    """What the action gathers. No read here waits for anything, so there is no loop to run it in."""
    gathering = action.gather(ScriptedReader(example.words, change))
    try:
        gathering.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("a read waited")
