"""Decides what each case is about: who writes, on which channel, in which state it is. Writes no records."""

import re
from dataclasses import dataclass, replace

from seed_maker.chance import DAY, FIRST_HOUR, HOUR, LAST_HOUR, MINUTE, NOW, Chance, chance_for
from seed_maker.channels import CHANNELS, Channel
from seed_maker.people import Person
from seed_maker.texts import Scenario, SpecialCase, Status, Texts, Turn

FIRST_NUMBER = 96701
LAST_NUMBER = 96900
_OLDEST = 48 * DAY
_EUROPE = {"de", "fr", "es", "pt", "it", "nl", "pl", "el", "uk"}
_QUEUES = {"delivery": 104410, "refund": 104411, "warranty": 104411, "advice": 104412, "account": 104413}
_SOCIAL_QUEUE = 104414
_ORDER = re.compile(r"55-\d{4}")


@dataclass(frozen=True)
class Plan:
    """Everything about a case that is decided before it is written."""

    number: int
    scenario: Scenario
    person: Person
    channel: Channel
    status: Status
    assignee: int | None
    start: int
    turns: tuple[Turn, ...]
    automatic: bool
    html: bool
    slots: dict[str, str]
    tags: tuple[str, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()

    @property
    def queue(self) -> int:
        """Return the queue that the topic belongs to."""
        return _QUEUES.get(self.scenario.topic, _SOCIAL_QUEUE)


def plan_cases(texts: Texts, people: dict[str, Person]) -> list[Plan]:
    """Return the plans of all cases, by number."""
    special = {case.number: case for case in texts.special}
    # A special case may stand before the others; it takes no number and no person from them.
    numbers = sorted({*special, *range(FIRST_NUMBER, LAST_NUMBER + 1)})
    ordinary = _Ordinary(texts, people, {case.person for case in special.values()})
    return [
        _special(special[number], texts, people) if number in special else ordinary.plan(number)
        for number in numbers
    ]


def starting_time(number: int) -> int:
    """Return when a case began: the higher the number the later, and ever more of them; never at night."""
    age = ((LAST_NUMBER + 1 - number) / (LAST_NUMBER + 1 - FIRST_NUMBER)) ** 2.5 * _OLDEST
    moment = int(age) + chance_for("start", number).randrange(MINUTE) + 5 * MINUTE
    days, rest = divmod(moment, DAY)
    # The waking hours of the day before, counted back from now, share out the whole of it.
    waking = rest * (LAST_HOUR - FIRST_HOUR) // 24
    since_morning = NOW % DAY - FIRST_HOUR * HOUR
    night = DAY - (LAST_HOUR - FIRST_HOUR) * HOUR
    return NOW - days * DAY - waking - (night if waking > since_morning else 0)


def _special(case: SpecialCase, texts: Texts, people: dict[str, Person]) -> Plan:
    person = people[case.person]
    chance = chance_for("special", case.number)
    return Plan(
        number=case.number,
        scenario=case,
        person=person,
        channel=CHANNELS[case.channel],
        status=case.status,
        assignee=case.assignee,
        start=starting_time(case.number),
        turns=tuple(case.turns),
        automatic=case.automatic,
        html=case.html,
        slots=_slots(case, case.language, texts, person, _agent_name(case.assignee, texts), chance),
        tags=tuple(case.tags),
        notes=tuple(case.notes),
    )


class _Ordinary:
    """Plans the cases that are not written out one by one."""

    def __init__(self, texts: Texts, people: dict[str, Person], taken: set[str]) -> None:
        self._texts = texts
        self._people = {
            language: [
                person
                for person in people.values()
                if person.language == language and person.key not in taken
            ]
            for language in texts.places
        }
        self._uses: dict[str, int] = {}
        self._deck = [language for language, place in texts.places.items() for _ in range(place.cases)]
        chance_for("languages").shuffle(self._deck)

    def plan(self, number: int) -> Plan:
        chance = chance_for("plan", number)
        language = self._deck.pop()
        scenarios = self._texts.scenarios[language]
        use = self._uses[language] = self._uses.get(language, number % 3) + 1
        scenario = scenarios[use % len(scenarios)]
        crowd = self._people[language]
        person = crowd[use * 7 % len(crowd)] if len(crowd) % 7 else crowd[use % len(crowd)]
        status = _status(NOW - starting_time(number), chance)
        agent = _agent(language, self._texts, chance)
        channel = _channel(scenario, language, chance)
        plan = Plan(
            number=number,
            scenario=scenario,
            person=person,
            channel=channel,
            status=status,
            assignee=None if status == "New" and not chance.one_in(4) else agent,
            start=starting_time(number),
            turns=tuple(scenario.turns),
            automatic=not channel.public and not chance.one_in(4),
            html=channel.type == "EMAIL" and not chance.one_in(3),
            slots=_slots(scenario, language, self._texts, person, _agent_name(agent, self._texts), chance),
        )
        return replace(plan, turns=_cut(plan, self._texts, chance))


def _status(age: int, chance: Chance) -> Status:
    if age > 7 * DAY:
        weights = (0, 6, 12, 82)
    elif age > 2 * DAY:
        weights = (4, 26, 20, 50)
    else:
        weights = (30, 38, 20, 12)
    statuses: tuple[Status, ...] = ("New", "In Progress", "Pending", "Closed")
    return chance.choices(statuses, weights)[0]


def _channel(scenario: Scenario, language: str, chance: Chance) -> Channel:
    private = [
        "x message",
        "facebook message",
        "instagram message",
        "whatsapp",
        "whatsapp",
        "email",
        "email",
        "chat",
    ]
    name = chance.choice(scenario.channels or private)
    if name == "whatsapp" and language in _EUROPE:
        name = "whatsapp europe"
    if name == "email" and scenario.topic == "refund" and chance.one_in(2):
        name = "email invoices"
    return CHANNELS[name]


def _cut(plan: Plan, texts: Texts, chance: Chance) -> tuple[Turn, ...]:
    """Return as much of the conversation as has happened when the case is in this state."""
    turns = list(plan.turns)
    answers = [position for position, turn in enumerate(turns) if turn.who == "brand"]
    match plan.status:
        case "New":
            turns = turns[: answers[0]]
            if not chance.one_in(6):
                turns.append(
                    Turn(who="customer", text=chance.choice(texts.places[plan.person.language].chasers))
                )
        case "In Progress":
            turns = turns[: chance.randint(answers[0] + 1, len(turns))]
        case "Pending":
            turns = turns[: chance.choice(answers[1:] or answers) + 1]
        case "Closed":
            turns += _ending(plan, texts, chance)
    return tuple(turns)


def _ending(plan: Plan, texts: Texts, chance: Chance) -> list[Turn]:
    """Return what is said after the matter is settled; in public, nothing."""
    if plan.channel.public:
        return []
    language = plan.person.language
    count = chance.choice((1, 1, 2)) if len(plan.turns) < 7 else 1
    asides = chance.sample(texts.asides[language], count)
    closing = texts.phrases.languages[language].closing[: chance.choice((2, 2, 3))]
    return [turn for aside in asides for turn in aside] + closing


def _agent(language: str, texts: Texts, chance: Chance) -> int:
    return chance.choice([user for user, spoken in texts.brand.agent_languages.items() if language in spoken])


def _agent_name(agent: int | None, texts: Texts) -> str:
    names = [user.name.rsplit(" ", 1)[0] for user in texts.brand.users if user.id == agent]
    return names[0] if names else "Northwind Cycles"


def _slots(
    scenario: Scenario, code: str, texts: Texts, person: Person, agent: str, chance: Chance
) -> dict[str, str]:
    language = texts.phrases.languages[code or person.language]
    slots = {name: chance.choice(values) for name, values in texts.slots.items()}
    order = _ORDER.search(scenario.subject + scenario.about)
    return slots | {
        "name": person.address,
        "full": person.full_name,
        "city": person.city,
        "agent": agent,
        "product": chance.choice(texts.phrases.products[scenario.product]),
        "order": order[0] if order else f"55-{chance.digits(4)}",
        "parcel": f"NWP{chance.digits(9)}",
        "money": language.money.format(amount=chance.choice((19, 24, 39, 49, 65, 89, 120, 149, 210, 349))),
    }
