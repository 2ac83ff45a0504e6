"""Writes the team's internal notes on a case."""

from seed_maker.chance import MINUTE, NOW, Chance, chance_for
from seed_maker.message_records import Written
from seed_maker.planning import Plan
from seed_maker.texts import Record, Texts
from seed_maker.wording import fill


def write_comments(plan: Plan, written: list[Written], texts: Texts) -> list[Record]:
    """Return the notes on a case, oldest first: those of a special case, or some that fit the topic."""
    chance = chance_for("comments", plan.number)
    notes = list(plan.notes) or _ordinary(plan, texts, chance)
    moments = sorted(_moment(written, chance) for _ in notes)
    return [
        _comment(plan, user, text, moment, chance)
        for (user, text), moment in zip(notes, moments, strict=True)
    ]


def _ordinary(plan: Plan, texts: Texts, chance: Chance) -> list[tuple[int, str]]:
    if plan.assignee is None:
        return []
    texts_here = texts.notes[plan.scenario.topic]
    chosen = chance.sample(texts_here, min(len(texts_here), chance.choices((0, 1, 2, 3), (42, 33, 18, 7))[0]))
    users = [user.id for user in texts.brand.users]
    return [(plan.assignee if chance.random() < 0.7 else chance.choice(users), text) for text in chosen]


def _moment(written: list[Written], chance: Chance) -> int:
    first, last = written[0].moment, written[-1].moment
    return min(NOW - 1000, chance.randint(first, last) + chance.randint(1, 30) * MINUTE)


def _comment(plan: Plan, user: int, text: str, moment: int, chance: Chance) -> Record:
    return {
        "id": chance.object_id(moment),
        "text": fill(text, plan.slots),
        "commentingUser": user,
        "createdTime": moment,
        "modifiedTime": moment,
        "entityType": "CASE",
        "entityId": str(plan.number),
    }
