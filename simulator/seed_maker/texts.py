"""Reads the texts that the seed is made of. Knows their shape, not what becomes of them."""

import json
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, TypeAdapter, field_validator, model_validator

FOLDER = Path(__file__).parent / "texts"

Record: TypeAlias = dict[str, object]
Who: TypeAlias = Literal["customer", "brand", "automatic"]
Status: TypeAlias = Literal["New", "In Progress", "Pending", "Closed"]


class Text(BaseModel):
    """A text file's record: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(Text):
    """One message of a conversation; in the files `[who, text, attachment, hours since the last one]`."""

    who: Who
    text: str
    attachment: str | None = None
    hours: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        if not isinstance(value, (list, tuple)):
            return value
        parts = TypeAdapter(list[object]).validate_python(value)
        return dict(zip(("who", "text", "attachment", "hours"), parts, strict=False))

    @field_validator("text")
    @classmethod
    def _from_letter(cls, text: str) -> str:
        """Read a long text, named as `letter:name`, from its own file."""
        if not text.startswith("letter:"):
            return text
        return (FOLDER / "letters" / f"{text.removeprefix('letter:')}.txt").read_text("utf-8").strip()


class Scenario(Text):
    """A conversation with slots in it."""

    topic: str
    kind: str
    priority: str
    mood: Literal[-1, 0, 1]
    subject: str
    about: str
    turns: list[Turn]
    product: str = "bike"
    channels: list[str] = []
    language: str = ""


class SpecialCase(Scenario):
    """A conversation that stands under a fixed number, with a fixed person."""

    number: int
    person: str
    channel: str
    status: Status
    assignee: int | None
    automatic: bool = True
    html: bool = False
    notes: list[tuple[int, str]] = []
    tags: list[str] = []


class Language(Text):
    """What every conversation in one language shares."""

    region: str
    money: str
    address: str
    full_name: str
    automatic: str
    greeting: str
    regards: str
    closing: list[Turn]


class Phrases(Text):
    """The phrases by language, and the names of the products."""

    products: dict[str, list[str]]
    languages: dict[str, Language]


class Place(Text):
    """Where customers of one language live, and who they are: `given|family|name in plain letters`."""

    country: str
    cities: list[str]
    people: list[str]
    chasers: list[str]
    cases: int


class User(BaseModel):
    """A member of the team."""

    id: int
    name: str


class Account(BaseModel):
    """One of the brand's accounts on a channel."""

    accountId: int  # noqa: N815 - the API's own name
    accountType: str  # noqa: N815
    accountUserId: str  # noqa: N815
    screenName: str  # noqa: N815
    displayName: str  # noqa: N815
    snType: str  # noqa: N815


class ArticleText(Text):
    """An article of the knowledge base in one language; `key` ties the languages together."""

    key: str
    title: str
    sections: list[str]
    language: str = "en"
    status: str = "APPROVED"
    public: bool = True
    confidential: bool = False
    origin: str = "SPRINKLR"
    tags: list[str] = []


class Brand(BaseModel):
    """The team and the accounts of the invented brand."""

    users: list[User]
    accounts: list[Account]
    agent_languages: dict[int, list[str]]


class Texts(BaseModel):
    """All texts together."""

    brand: Brand
    brand_records: dict[str, list[Record]]
    phrases: Phrases
    places: dict[str, Place]
    scenarios: dict[str, list[Scenario]]
    special: list[SpecialCase]
    notes: dict[str, list[str]]
    attachments: dict[str, list[dict[str, str]]]
    slots: dict[str, list[str]]
    asides: dict[str, list[list[Turn]]]
    """Short exchanges by language that can follow any conversation."""
    articles: list[ArticleText]
    setup: dict[str, list[Record]]
    """What an administrator has set up, as it stands in the seed."""


def load_texts() -> Texts:
    """Read every file of the folder `texts`."""
    brand = _read("brand.json")
    records = {name: brand[name] for name in ("users", "accounts", "campaigns", "queues", "workspaces")}
    scenarios = {path.stem: json.loads(path.read_text("utf-8")) for path in _files("scenarios")}
    special = [case for path in _files("special") for case in json.loads(path.read_text("utf-8"))]
    return Texts.model_validate(
        {
            "brand": brand,
            "brand_records": records,
            "phrases": _read("phrases.json"),
            "places": _read("people.json"),
            "scenarios": scenarios,
            "special": special,
            "notes": _read("notes.json"),
            "attachments": _read("attachments.json"),
            "slots": _read("slots.json"),
            "asides": _read("asides.json"),
            "articles": [
                article for path in _files("articles") for article in json.loads(path.read_text("utf-8"))
            ],
            "setup": _read("setup.json"),
        }
    )


def _files(folder: str) -> list[Path]:
    return sorted((FOLDER / folder).glob("*.json"))


def _read(name: str) -> Record:
    return TypeAdapter(Record).validate_json((FOLDER / name).read_bytes())
