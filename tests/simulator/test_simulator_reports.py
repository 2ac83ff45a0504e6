"""Reports count what lies in the data: by account, by day, page by page."""

from typing import Any

import pytest
from customer_app import App, StartApp

QUERY = "/api/v2/reports/query"
START, END = 1727000000000, 1763900000000
BY_ACCOUNT = {"heading": "ACCOUNT_ID", "dimensionName": "ACCOUNT_ID", "groupType": "FIELD"}
BY_DAY = {"heading": "DAY", "dimensionName": "SN_CREATED_TIME", "groupType": "DATE_HISTOGRAM"}
COUNT = {"heading": "COUNT", "measurementName": "INBOUND_COUNT", "aggregateFunction": "SUM"}
REPORT: dict[str, Any] = {
    "reportingEngine": "INBOUND_MESSAGE",
    "report": "INBOUND_MESSAGE",
    "startTime": START,
    "endTime": END,
    "timeZone": "UTC",
    "page": 0,
    "pageSize": 50,
    "groupBys": [BY_ACCOUNT],
    "projections": [COUNT],
    "jsonResponse": True,
}


def table(app: App, **changes: Any) -> dict[str, Any]:
    answer = app.post(QUERY, {**REPORT, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def rows(app: App, **changes: Any) -> list[dict[str, Any]]:
    return table(app, **changes)["data"]


def test_messages_are_counted_by_account_and_accounts_have_names(app: App) -> None:
    assert rows(app) == [
        {"ACCOUNT_ID": "Acme Messages", "COUNT": 1.0},
        {"ACCOUNT_ID": "Acme Chat", "COUNT": 2.0},
    ]


def test_ids_stay_ids_if_names_are_not_wanted(app: App) -> None:
    assert [row["ACCOUNT_ID"] for row in rows(app, skipResolve=True)] == [500012345, 700000123]


def test_messages_are_counted_by_the_day_of_the_time_zone(app: App) -> None:
    # 23 November 2025, 09:26 UTC, and 24 September 2024, 11:22 UTC.
    assert rows(app, groupBys=[BY_DAY]) == [
        {"DAY": "2024-09-24", "COUNT": 1.0},
        {"DAY": "2025-11-23", "COUNT": 2.0},
    ]
    eastern = rows(app, groupBys=[BY_DAY], timeZone="Pacific/Kiritimati")
    assert [row["DAY"] for row in eastern] == ["2024-09-25", "2025-11-23"]


def test_only_what_lies_in_the_time_and_meets_the_filters_counts(app: App) -> None:
    part = {"dimensionName": "SN_TYPE", "filterType": "IN", "values": ["TWITTER"]}
    assert [row["COUNT"] for row in rows(app, filters=[part])] == [1.0]
    assert rows(app, startTime=END - 1) == []
    assert [row["COUNT"] for row in rows(app, startTime=1763890000000, endTime=1763890060000)] == [1.0]


def test_what_the_brand_sent_counts_in_another_report(app: App) -> None:
    outbound = {"heading": "COUNT", "measurementName": "OUTBOUND_COUNT", "aggregateFunction": "SUM"}
    name = {"reportingEngine": "OUTBOUND_MESSAGE", "report": "OUTBOUND_MESSAGE"}
    assert rows(app, **name, projections=[outbound]) == []


def test_pages_count_from_zero_and_say_whether_more_come(app: App) -> None:
    first, second = table(app, pageSize=1), table(app, pageSize=1, page=1)
    assert (first["hasMore"], second["hasMore"]) == (True, False)
    assert [page["data"][0]["COUNT"] for page in (first, second)] == [1.0, 2.0]


def test_rows_come_as_lists_with_headings_unless_objects_are_wanted(app: App) -> None:
    page = table(app, jsonResponse=False, sorts=[{"heading": "COUNT", "order": "DESC"}])
    assert page["headings"] == ["ACCOUNT_ID", "COUNT"]
    assert page["rows"] == [["Acme Chat", 2.0], ["Acme Messages", 1.0]]


def test_two_accounts_of_one_name_are_counted_apart(start_app: StartApp) -> None:
    with start_app(data_file=None) as shipped:
        shipped.log_in()
        counted = rows(shipped, endTime=1800000000000)
    named = [row["COUNT"] for row in counted if row["ACCOUNT_ID"] == "Northwind Cycles"]
    assert len(named) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"report": "MOODS"},
        {"reportingEngine": "PLATFORM"},
        {"groupBys": [{**BY_ACCOUNT, "dimensionName": "MOOD"}]},
        {"projections": [{**COUNT, "measurementName": "MOOD"}]},
        {"projections": [{**COUNT, "aggregateFunction": "STATS"}]},
        {"timeZone": "Europe/Atlantis"},
        {"timeZone": "../secret"},
        {"pageSize": 1001},
    ],
)
def test_what_no_report_knows_is_400(app: App, changes: dict[str, Any]) -> None:
    assert app.post(QUERY, {**REPORT, **changes}).status_code == 400


def test_the_shipped_cases_are_counted_by_status(start_app: StartApp) -> None:
    changes = {
        "reportingEngine": "UNIFIED_ANALYTICS_REPORTING_ENGINE",
        "report": "CASE",
        "endTime": 1800000000000,
        "groupBys": [{"heading": "STATUS", "dimensionName": "CASE_STATUS", "groupType": "FIELD"}],
        "projections": [{"heading": "CASES", "measurementName": "CASE_COUNT", "aggregateFunction": "SUM"}],
    }
    with start_app(data_file=None) as shipped:
        shipped.log_in()
        counted = {row["STATUS"]: row["CASES"] for row in rows(shipped, **changes)}
    assert sum(counted.values()) == 201
    assert set(counted) == {"New", "In Progress", "Pending", "Closed"}
