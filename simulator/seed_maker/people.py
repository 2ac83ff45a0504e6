"""The customers: who they are, where they can be reached, and their profile records."""

from dataclasses import dataclass
from typing import Literal

from seed_maker.chance import DAY, NOW, Chance, chance_for
from seed_maker.channels import CHANNELS
from seed_maker.texts import Language, Place, Record, Texts

# Each person has an identity on every channel; the profile shows those that were used, and at most one more.
_TYPES = ("EMAIL", "WHATSAPP_BUSINESS", "TWITTER", "FACEBOOK", "INSTAGRAM", "SPRINKLR_LIVE_CHAT")


@dataclass(frozen=True)
class Person:
    """A customer."""

    key: str
    given: str
    family: str
    full_name: str
    address: str
    """How the brand addresses them."""
    language: str
    country: str
    city: str
    phone: str

    @property
    def email(self) -> str:
        """Return the mail address, which is in a domain kept for examples."""
        return f"{self.key}@example.com"

    def channel_id(self, kind: str) -> str:
        """Return the id under which a channel knows them."""
        chance = chance_for("handle", self.key, kind)
        match kind:
            case "EMAIL":
                return self.email
            case "WHATSAPP_BUSINESS":
                return self.phone.removeprefix("+")
            case "SPRINKLR_LIVE_CHAT":
                return chance.hexadecimal(24)
            case "TWITTER":
                return f"1555{chance.digits(5)}"
            case _:
                return chance.digits(16)

    def username(self, kind: str) -> str:
        """Return the name under which a channel shows them."""
        if kind in ("EMAIL", "WHATSAPP_BUSINESS"):
            return self.email if kind == "EMAIL" else self.phone
        return self.key.replace(".", "_") + "_example"


def people_of(texts: Texts) -> dict[str, Person]:
    """Return everyone, by their key."""
    people: dict[str, Person] = {}
    for code, place in texts.places.items():
        for line in place.people:
            person = _person(line, code, place, texts.phrases.languages[code], len(people))
            people[person.key] = person
    return people


def _person(line: str, code: str, place: Place, language: Language, position: int) -> Person:
    given, family, key = line.split("|")
    return Person(
        key=key,
        given=given,
        family=family,
        full_name=language.full_name.format(given=given, family=family),
        address=language.address.format(given=given, family=family),
        language=code,
        country=place.country,
        city=place.cities[position % len(place.cities)],
        phone=_phone(place.country, position),
    )


def _phone(country: str, position: int) -> str:
    """Return a number from the ranges that regulators keep for fiction (Ofcom, ARCEP, Bundesnetzagentur)."""
    match country:
        case "FR":
            return f"+3363998{position:04d}"
        case "DE":
            return f"+4917139200{position % 100:02d}"
        case _:
            return f"+447700900{100 + position:03d}"


def channel_profile(person: Person, kind: str, *, full: bool) -> Record:
    """Return the person's identity on one channel, as messages and profiles show it."""
    chance = chance_for("profile", person.key, kind)
    social = kind in ("TWITTER", "FACEBOOK", "INSTAGRAM")
    record: Record = {
        "name": person.full_name,
        "channelType": kind,
        "channelId": person.channel_id(kind),
        "username": person.username(kind),
    }
    if social:
        record |= {"permalink": _address(person, kind), "followers": int(chance.lognormvariate(5, 1.3))}
        record |= {"following": int(chance.lognormvariate(5, 0.8)), "verified": chance.one_in(40)}
    if full:
        account = next(channel.account for channel in CHANNELS.values() if channel.type == kind)
        record |= {
            "unSubscribed": False,
            "deleted": False,
            "statusCount": chance.randrange(900) if social else 0,
        }
        record |= {"snCreatedTime": 0, "snModifiedTime": NOW - chance.randrange(200 * DAY)}
        record |= {"accountSpecificInfos": [{"accountId": account}], "additional": {}}
    return record


def _address(person: Person, kind: str) -> str:
    site = {"TWITTER": "x.com", "FACEBOOK": "www.facebook.com", "INSTAGRAM": "www.instagram.com"}[kind]
    return f"https://{site}/{person.username(kind)}"


Tier = Literal["regular", "club", "business"]


def profile_record(person: Person, used: set[str], since: int, region: str) -> Record:
    """Return the customer's profile: contact, identities, lists."""
    chance = chance_for("person", person.key)
    created = since - chance.randrange(1, 700 * DAY)
    kinds = [kind for kind in _TYPES if kind in used] or ["EMAIL"]
    if chance.one_in(3) and "EMAIL" not in kinds:
        kinds.append("EMAIL")
    tier: Tier = chance.choice(("regular", "regular", "regular", "club", "club", "business"))
    return {
        "id": chance.object_id(created),
        "contact": _contact(person, kinds),
        "demographics": {"location": person.country, "language": person.language},
        "profiles": [channel_profile(person, kind, full=True) for kind in kinds],
        "profileWorkflow": _workflow(chance, tier, region),
        "createdTime": created,
        "modifiedTime": max(created, NOW - chance.randrange(1, 40 * DAY)),
        "restricted": False,
    }


def _contact(person: Person, kinds: list[str]) -> Record:
    contact: Record = {"firstName": person.given, "lastName": person.family, "fullName": person.full_name}
    contact["email"] = person.email
    if "WHATSAPP_BUSINESS" in kinds:
        contact["phoneNo"] = person.phone
    contact["address"] = {"city": person.city, "country": person.country}
    contact |= {"phoneDetails": [], "emailDetails": []}
    return contact


def _workflow(chance: Chance, tier: Tier, region: str) -> Record:
    lists = {"regular": [50], "club": [50, 51], "business": [52]}[tier]
    return {
        "profileLists": lists,
        "customProperties": {"_c_6500aa11bb22cc33dd44ee55": [tier], "_c_6500aa11bb22cc33dd44ee71": [region]},
        "profileSpaceWorkflows": [
            {
                "spaceId": "7001",
                "profileLists": [chance.randint(1, 4)],
                "tags": ["b2b" if tier == "business" else "b2c"],
            }
        ],
    }
