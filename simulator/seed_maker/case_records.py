"""Writes the case that a conversation belongs to, in the shape of the case read."""

from seed_maker.chance import MINUTE, NOW, chance_for
from seed_maker.message_records import Written
from seed_maker.planning import Plan
from seed_maker.texts import Record, Status, Texts
from seed_maker.wording import fill

_REGION = "_c_6500aa11bb22cc33dd44ee71"
_ORDER = "_c_6500aa11bb22cc33dd44ee83"


def reached_status(plan: Plan, written: list[Written]) -> Status:
    """Return the planned state, or an earlier one if the conversation isn't through yet."""
    spoken = sum(message.turn.who != "automatic" for message in written)
    if spoken == len(plan.turns):
        return plan.status
    return "In Progress" if any(message.turn.who == "brand" for message in written) else "New"


def write_case(plan: Plan, written: list[Written], comments: list[Record], texts: Texts) -> Record:
    """Return the case of a conversation, its counts true to the messages."""
    chance = chance_for("case", plan.number)
    created = written[0].moment + chance.randint(3000, 12_000)
    assigned = created + chance.randint(1, 20) * MINUTE
    last = max([message.moment for message in written] + [_moment(comment) for comment in comments])
    modified = min(NOW, max(last, created, assigned if plan.assignee else 0) + chance.randint(3000, 90_000))
    status = reached_status(plan, written)
    record: Record = {
        "id": chance.object_id(created),
        "caseNumber": plan.number,
        "subject": fill(plan.scenario.subject, plan.slots),
        "description": fill(plan.scenario.about, plan.slots),
        "version": len(written) + len(comments) + 1,
        "status": status,
        "priority": plan.scenario.priority,
        "caseType": plan.scenario.kind,
        "externalCaseInfo": {"externalCases": []},
        "workflow": _workflow(plan, status, created, min(assigned, modified), texts),
        "channelCustomProperties": [],
        "contact": _contact(plan),
    }
    return record | _course(plan, written, created, modified) | _counts(plan, written, comments)


def _course(plan: Plan, written: list[Written], created: int, modified: int) -> Record:
    course: Record = {
        "createdTime": created,
        "modifiedTime": modified,
        "firstMessageId": written[0].id,
        "sentiment": plan.scenario.mood,
        "conversationId": written[0].record["conversationId"],
        "firstMessageAssociatedTime": created,
        "latestMessageAssociatedTime": max(created, written[-1].moment),
        "totalProcessingClockTime": modified - created,
    }
    return course


def _workflow(plan: Plan, status: Status, created: int, assigned: int, texts: Texts) -> Record:
    properties: dict[str, list[str]] = {
        "spr_uc_status": [status],
        "spr_uc_priority": [plan.scenario.priority],
        "spr_uc_type": [plan.scenario.kind],
        "spr_uc_tag": [plan.scenario.topic, *plan.tags],
        _REGION: [texts.phrases.languages[plan.person.language].region],
    }
    if "{order}" in plan.scenario.about:
        properties[_ORDER] = [plan.slots["order"]]
    workflow: Record = {}
    if plan.assignee:
        properties["spr_uc_last_assigned_agent"] = [str(plan.assignee)]
        workflow["assignment"] = {
            "assigneeId": str(plan.assignee),
            "assigneeType": "USER",
            "assignedById": 1000411001,
            "assignmentTime": assigned,
        }
    workflow["customProperties"] = properties
    workflow["queues"] = [{"queueId": plan.queue, "assignmentTime": created}]
    workflow |= {"spaceWorkflows": [], "modifiedTime": assigned}
    return workflow


def _contact(plan: Plan) -> Record:
    kind = plan.channel.type
    identity = plan.person.channel_id(kind)
    return {
        "id": f"{kind}_{identity}",
        "name": plan.person.full_name,
        "channelType": kind,
        "channelId": identity,
        "fromSnUserId": identity,
    }


def _counts(plan: Plan, written: list[Written], comments: list[Record]) -> Record:
    engaged = {str(plan.assignee)} if plan.assignee else set[str]()
    engaged |= {str(comment["commentingUser"]) for comment in comments}
    by = [message.turn.who for message in written]
    counts: Record = {
        "allEngagedUsersList": sorted(engaged),
        "associatedFanMessageCount": by.count("customer"),
        "associatedBrandMessageCount": by.count("brand") + by.count("automatic"),
        "associatedUserBrandMessageCount": by.count("brand"),
        "deleted": False,
    }
    return counts


def _moment(comment: Record) -> int:
    moment = comment["createdTime"]
    assert isinstance(moment, int)  # noqa: S101 - a record that this program wrote
    return moment
