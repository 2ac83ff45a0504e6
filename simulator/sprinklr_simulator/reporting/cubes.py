"""The reports: what each counts, by what it can be split, and what it measures. Knows no request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ..json_values import JsonObject, integer_of
from .dimensions import Dimension, account, at, time_at, user

Measure = Callable[[JsonObject], float]


@dataclass(frozen=True)
class Cube:
    """One report."""

    rows: str
    time: str
    """The field that says when an object counts."""
    counts: Callable[[JsonObject], bool]
    dimensions: Mapping[str, Dimension]
    measures: Mapping[str, Measure]


def one(_row: JsonObject) -> float:
    """Each object counts once."""
    return 1.0


def number_at(name: str) -> Measure:
    """The measure that stands in the object."""
    return lambda row: float(integer_of(row.get(name)))


MESSAGE_DIMENSIONS: Final[Mapping[str, Dimension]] = {
    "ACCOUNT_ID": account("sourceId"),
    "SN_TYPE": at("channelType"),
    "LANGUAGE": at("language"),
    "SENTIMENT": at("enrichments.sentiment"),
    "CASE_NUMBER": at("associatedCaseNumber"),
    "SN_CREATED_TIME": time_at("channelCreatedTime"),
}
CASE_DIMENSIONS: Final[Mapping[str, Dimension]] = {
    "CASE_STATUS": at("status"),
    "CASE_PRIORITY": at("priority"),
    "CASE_TYPE": at("caseType"),
    "SN_TYPE": at("contact.channelType"),
    "ASSIGNEE_ID": user("workflow.assignment.assigneeId"),
    "CASE_CREATION_TIME": time_at("createdTime"),
}

CUBES: Final[Mapping[tuple[str, str], Cube]] = {
    ("INBOUND_MESSAGE", "INBOUND_MESSAGE"): Cube(
        rows="messages",
        time="channelCreatedTime",
        counts=lambda row: row.get("brandPost") is not True,
        dimensions=MESSAGE_DIMENSIONS,
        measures={"INBOUND_COUNT": one},
    ),
    ("OUTBOUND_MESSAGE", "OUTBOUND_MESSAGE"): Cube(
        rows="messages",
        time="channelCreatedTime",
        counts=lambda row: row.get("brandPost") is True,
        dimensions=MESSAGE_DIMENSIONS,
        measures={"OUTBOUND_COUNT": one},
    ),
    ("UNIFIED_ANALYTICS_REPORTING_ENGINE", "CASE"): Cube(
        rows="cases",
        time="createdTime",
        counts=lambda row: row.get("deleted") is not True,
        dimensions=CASE_DIMENSIONS,
        measures={
            "CASE_COUNT": one,
            "PROCESSING_TIME": number_at("totalProcessingClockTime"),
            "FAN_MESSAGE_COUNT": number_at("associatedFanMessageCount"),
        },
    ),
}
