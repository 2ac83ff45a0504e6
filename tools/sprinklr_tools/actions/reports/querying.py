"""Reports. Facts: Sprinklr's reporting articles. Names of dimensions and measures are the tenant's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import Cursor, Moment, milliseconds
from sprinklr_tools.problems import Unclear
from sprinklr_tools.reading import Json, Record, records_in, told
from sprinklr_tools.request import Request, post

PAGE = 50
ReportName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,100}$")]


class Measure(BaseModel):
    """One column to compute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measurement: ReportName
    function: Literal["SUM", "AVG", "MIN", "MAX"] = "SUM"


class QueryReport(Action, label="Query report", optional=True):
    """Compute numbers, such as messages per account and day, over a time.

    Names of reports, dimensions and measurements are the tenant's: take them from a widget's "Generate
    API v2 Payload" in Sprinklr; they cannot be guessed. Returns rows and the call for the next page.
    """

    engine: Annotated[ReportName, Field(description="Such as INBOUND_MESSAGE.")]
    report: ReportName
    start: Moment
    end: Moment
    dimensions: Annotated[list[ReportName], Field(description="Group by these.", max_length=5)]
    measures: Annotated[list[Measure], Field(min_length=1, max_length=10)]
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z_+/0-9-]{1,64}$")] = "UTC"
    cursor: Cursor | None = None

    async def gather(self, read: Reader) -> None:
        """Check that there is time between start and end, without a call."""
        if self.start > self.end:
            raise Unclear("start is after end.", "Swap them.")

    def request(self, facts: Any) -> Request:
        """Pages count from zero."""
        groups: list[Json] = [
            {"heading": one, "dimensionName": one, "groupType": "FIELD", "details": None}
            for one in self.dimensions
        ]
        columns: list[Json] = [
            {
                "heading": one.measurement,
                "measurementName": one.measurement,
                "aggregateFunction": one.function,
            }
            for one in self.measures
        ]
        body: dict[str, Json] = {
            "reportingEngine": self.engine,
            "report": self.report,
            "startTime": milliseconds(self.start),
            "endTime": milliseconds(self.end),
            "timeZone": self.time_zone,
            "page": int(self.cursor or "0"),
            "pageSize": PAGE,
            "groupBys": groups,
            "projections": columns,
            "filters": [],
            "skipResolve": False,
            "jsonResponse": True,
        }
        return post("/api/v2/reports/query", body)

    def answer(self, payload: Json, facts: Any) -> Rows:
        """Names come resolved. Without the envelope, the rows themselves stand in its place."""
        found = Record.of(payload)
        rows = list(records_in(payload if isinstance(payload, list) else found.raw("data")))
        columns = tuple(dict.fromkeys(name for row in rows for name in row.names()))
        more = found.flag("hasMore") and rows
        onward = self.page_at(str(int(self.cursor or "0") + 1) if more else None)
        table = tuple(tuple(_cell(row.raw(name)) for name in columns) for row in rows)
        return Rows(columns, table, Page(len(rows), None, onward))


@dataclass(frozen=True)
class Rows:
    """Rows of a report, each with one value per column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Json, ...], ...]
    page: Page


def _cell(value: Json) -> Json:
    """Return a value; numbers come with a point, also those that count."""
    return int(value) if isinstance(value, float) and value.is_integer() else told(value)
