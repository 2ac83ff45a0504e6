"""Writes the simulator's seed data. The same texts make the same bytes; run it after a change to them."""

import json
import re
import sys
import unicodedata
from pathlib import Path

from seed_maker.articles import write_articles
from seed_maker.case_records import write_case
from seed_maker.comment_records import write_comments
from seed_maker.message_records import write_messages
from seed_maker.people import Person, people_of, profile_record
from seed_maker.planning import FIRST_NUMBER, Plan, plan_cases
from seed_maker.texts import Record, Texts, load_texts

SEED = Path(__file__).parents[1] / "sprinklr_simulator" / "data" / "seed.json"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def make_seed() -> dict[str, list[Record]]:
    """Return all lists of the seed."""
    texts = load_texts()
    people = people_of(texts)
    plans = plan_cases(texts, people)
    seed = dict(texts.brand_records)
    seed |= {"profiles": _profiles(people, plans, texts), "cases": [], "messages": [], "comments": []}
    for plan in plans:
        written = write_messages(plan, texts)
        comments = write_comments(plan, written, texts)
        seed["cases"].append(write_case(plan, written, comments, texts))
        seed["messages"] += [message.record for message in written]
        seed["comments"] += comments
    return seed | {"articles": write_articles(texts)} | texts.setup


def _profiles(people: dict[str, Person], plans: list[Plan], texts: Texts) -> list[Record]:
    used: dict[str, set[str]] = {}
    since: dict[str, int] = {}
    for plan in plans:
        used.setdefault(plan.person.key, set()).add(plan.channel.type)
        # A case before the numbered ones leaves the profiles, and so their ids, as they are.
        if plan.number >= FIRST_NUMBER:
            since.setdefault(plan.person.key, plan.start)
    earliest = min(since.values())
    return [
        profile_record(
            person,
            used.get(key, set()),
            since.get(key, earliest),
            texts.phrases.languages[person.language].region,
        )
        for key, person in people.items()
    ]


def seed_text(seed: dict[str, list[Record]]) -> str:
    """Return the seed as JSON with one record a line."""
    lists = ",\n".join(f"{json.dumps(name)}: [\n{_lines(records)}\n]" for name, records in seed.items())
    return "{\n" + lists + "\n}\n"


def _lines(records: list[Record]) -> str:
    return ",\n".join(
        _NOT_ASCII.sub(_visible, json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        for record in records
    )


def _visible(match: re.Match[str]) -> str:
    """Escape what a reader of the file couldn't see, and what would turn the line around."""
    hidden = unicodedata.category(match[0]) in ("Cf", "Cc", "Zl", "Zp", "Zs")
    return json.dumps(match[0])[1:-1] if hidden else match[0]


if __name__ == "__main__":
    SEED.parent.mkdir(exist_ok=True)
    size = SEED.write_bytes(seed_text(make_seed()).encode())
    sys.stdout.write(f"{SEED}: {size} bytes\n")
