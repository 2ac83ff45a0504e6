"""How Sprinklr's searches page and sort. Needs a tenant with some cases."""

from __future__ import annotations

from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.actions.search.cases import SearchCases
from sprinklr_tools.assumptions.probe import Ask, Outcome, Probe, Told, untried
from sprinklr_tools.platform import Verdict
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, post
from sprinklr_tools.searching import all_of, condition, found_in, newest_first

USUAL = 20


class CasesOfPage(Action, label="Search cases", listed=False, part_of=SearchCases):
    """Find cases, newest first, with just the paging that is given."""

    size: int | None = None
    start: int | None = None

    def request(self, facts: Any) -> Request:
        """The search of the tool, without its page size."""
        paging = {"size": self.size, "start": self.start}
        page: dict[str, Json] = {name: value for name, value in paging.items() if value is not None}
        body: dict[str, Json] = {
            "filter": all_of([condition("EQUALS", "deleted", False)]),
            "sorts": newest_first("createdTime"),
            "includeCount": True,
            **({"page": page} if page else {}),
        }
        return post("/api/v2/search/{entity}", body, path={"entity": "CASE"})


async def usual_size(ask: Ask) -> Outcome:
    """Search without a page size."""
    told = await ask(CasesOfPage())
    if told.verdict is not Verdict.DONE:
        return Outcome(False, f"It answers with {told.in_words}.")
    found = found_in(told.payload)
    if found.total is None or found.total <= USUAL:
        return untried(f"It takes more than {USUAL} cases.")
    return Outcome(len(found.records) == USUAL, f"It brings {len(found.records)} cases.")


async def numbered_pages(ask: Ask) -> Outcome:
    """Compare two numbered pages of two with one of four."""
    first, second = await ask(CasesOfPage(size=2, start=0)), await ask(CasesOfPage(size=2, start=1))
    four = _ids(await ask(CasesOfPage(size=4)))
    if len(four) < 4:
        return untried("It takes at least four cases.")
    ids = (_ids(first), _ids(second))
    if ids == (four[:2], four[1:3]):
        return Outcome(False, "`start` counts rows.")
    with_cursor = any(_has_cursor(one) for one in (first, second))
    paged = ids == (four[:2], four[2:])
    words = f"The pages {'follow' if paged else 'do not follow'} one another"
    return Outcome(
        paged and not with_cursor, f"{words}, {'with' if with_cursor else 'without'} a cursor beside them."
    )


async def unknown_cursor(ask: Ask) -> Outcome:
    """Continue a search that nobody began."""
    told = await ask(SearchCases(cursor="00000000-0000-4000-8000-000000000000"))
    return Outcome(told.verdict is Verdict.REFUSED, f"It answers with {told.in_words}.")


async def newest_by_words(ask: Ask) -> Outcome:
    """Look at the times of what the older search brings for a word of the newest case's subject."""
    newest = found_in((await ask(CasesOfPage(size=1))).payload).records
    words = (newest[0].text("subject") or "").split() if newest else []
    word = max((word for word in words if word.isalpha()), key=len, default=None)
    if word is None:
        return untried("The newest case has no word in its subject to search for.")
    told = await ask(SearchCases(text=word))
    if told.verdict is not Verdict.DONE:
        return Outcome(False, f"It answers with {told.in_words}.")
    cases = [one.record("universalCaseApiDTO") for one in Record.of(told.payload).records("searchResults")]
    times = [time for case in cases if (time := case.number("caseCreationTime")) is not None]
    if len(times) < 2:
        return untried("Its word is in no other case.")
    ordered = times == sorted(times, reverse=True)
    return Outcome(ordered, f"{len(times)} cases came, {'' if ordered else 'not '}the newest first.")


def _ids(told: Told) -> list[str | None]:
    return [record.identifier("id") for record in found_in(told.payload).records]


def _has_cursor(told: Told) -> bool:
    return Record.of(told.payload).raw("cursor") is not None


PROBES = (
    Probe(
        "A36",
        f"A search that names no page size brings {USUAL}.",
        "Nothing changes: the tools always name one.",
        usual_size,
    ),
    Probe(
        "A37",
        "`page.start` counts pages from 0, and no cursor comes with it.",
        "Nothing changes: the tools follow cursors.",
        numbered_pages,
    ),
    Probe(
        "A38",
        "A cursor that is unknown or too old is answered by a 400.",
        "The tools then say something else than that the search must begin anew.",
        unknown_cursor,
    ),
    Probe(
        "A87",
        "The older search, by words, brings the newest first.",
        "sprinklr_search_cases with text is then not in that order.",
        newest_by_words,
    ),
)
