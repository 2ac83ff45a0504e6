"""Writes the articles of the knowledge base, in the shape of the read."""

import html
from datetime import UTC, datetime

from seed_maker.chance import DAY, NOW, Chance, chance_for
from seed_maker.texts import ArticleText, Record, Texts

_OWNER = 1000411171
_COUNTERS = ("agentViewCount", "helpfulCount", "notHelpfulCount", "usageCount", "externalViewCount")


def write_articles(texts: Texts) -> list[Record]:
    """Return every article; those that say the same in other languages name each other."""
    articles = texts.articles
    return [
        _article(article, [other for other in articles if other.key == article.key]) for article in articles
    ]


def _article(article: ArticleText, variants: list[ArticleText]) -> Record:
    chance = chance_for("article", article.key, article.language)
    created = _created(article)
    modified = created + chance.randrange(DAY, NOW - created)
    record: Record = {
        "id": _identity(article),
        "version": chance.randint(1, 9),
        "contributors": [-100] if article.origin == "IMPORTED" else [_OWNER],
        "tags": list(article.tags),
        "content": _content(article),
        "publicContent": article.public,
        "hasConditionalSection": False,
        "externalContent": False,
        "originType": article.origin,
        "favourite": chance.one_in(9),
        "textModifiedTime": _shown(modified),
        "lngVariants": {other.language: _identity(other) for other in variants if other is not article},
        "stats": _stats(chance),
        "status": article.status,
        "locale": article.language,
    }
    return record | _standing(article, created, modified)


def _content(article: ArticleText) -> Record:
    return {
        "contentType": "KNOWN_ISSUE",
        "contentSubType": "KB_ARTICLE",
        "title": article.title,
        "markUpText": "".join(_section(section) for section in article.sections),
    }


def _standing(article: ArticleText, created: int, modified: int) -> Record:
    standing: Record = {"countryCodes": ["global"], "countryBaseContent": False, "linkedAssets": []}
    standing |= {"languageSettingId": "66aa0011bb22cc33dd44ee57", "clientId": 7001, "ownerUserId": _OWNER}
    standing |= {"createdTime": _shown(created), "modifiedTime": _shown(modified)}
    standing |= {"lastModifiedUserId": _OWNER, "deleted": False}
    folder: Record = {"folderId": "66aa0011bb22cc33dd44ee58", "confidential": article.confidential}
    return standing | {"folderMetadata": folder, "canEdit": False}


def _created(article: ArticleText) -> int:
    chance = chance_for("article time", article.key, article.language)
    return NOW - chance.randrange(60 * DAY, 900 * DAY)


def _identity(article: ArticleText) -> str:
    return chance_for("article id", article.key, article.language).object_id(_created(article))


def _stats(chance: Chance) -> Record:
    counters: Record = {name: chance.randrange(60) for name in _COUNTERS}
    return counters | {"ratingAvg": 0.0}


def _shown(moment: int) -> str:
    """Return a time in the words of the knowledge base, which name no zone."""
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%b %d, %Y, %I:%M:%S %p}"


def _section(section: str) -> str:
    """Return a part of an article as HTML: a paragraph, a list, a table of three columns, or as it is."""
    kind, _, rest = section.partition(":")
    cells = [html.escape(cell, quote=False) for cell in rest.split("|")]
    match kind:
        case "raw":
            return rest
        case "list":
            return "<ol>" + "".join(f"<li>{cell}</li>" for cell in cells) + "</ol>"
        case "table":
            rows = [cells[start : start + 3] for start in range(0, len(cells), 3)]
            return "<table>" + "".join(_row(row) for row in rows) + "</table>"
        case _:
            return f"<p>{html.escape(section, quote=False)}</p>"


def _row(cells: list[str]) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
