"""What reports are split by: values, names of accounts and users, times. Knows no report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..answers import refused
from ..json_values import JsonObject, JsonValue, integer_of, text_of, value_at
from ..store.rows import Rows

DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@dataclass(frozen=True)
class Dimension:
    """One way to split objects."""

    read: Callable[[JsonObject], JsonValue]
    names: str = ""
    """The kind of object that the value is an id of."""
    label: str = ""
    is_time: bool = False


class Naming:
    """Ids as people know them."""

    def __init__(self, rows: Rows, resolves: bool) -> None:
        self._rows = rows
        self._resolves = resolves
        self._known: dict[tuple[str, str], JsonValue] = {}

    def name(self, dimension: Dimension, value: JsonValue) -> JsonValue:
        """The name behind an id; the id itself if there is none, or if ids are wanted."""
        identifier = text_of(value)
        if not (self._resolves and dimension.names and identifier):
            return value
        key = dimension.names, identifier
        if key not in self._known:
            found = self._rows.find(dimension.names, identifier)
            self._known[key] = found.get(dimension.label) if found else identifier
        return self._known[key]


def group_value(entry: JsonObject, dimension: Dimension, row: JsonObject, zone: tzinfo) -> JsonValue:
    """What an object is grouped under: ids and not names, since two accounts may share a name."""
    value = dimension.read(row)
    if not dimension.is_time:
        return value
    # Assumption A93: a time is grouped by its day in the report's time zone, also as a plain FIELD, and
    # shown as a date; the hour, the day of the week and the month are shown as number, word and number.
    moment = datetime.fromtimestamp(integer_of(value) / 1000, zone)
    return TIME_GROUPS.get(text_of(entry["groupType"]), day_of)(moment)


def day_of(moment: datetime) -> JsonValue:
    """The date."""
    return f"{moment:%Y-%m-%d}"


def read_zone(name: str) -> tzinfo:
    """The time zone of a report; one that nobody knows is refused."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refused(400, f"The time zone {name} is unknown") from error


def at(path: str) -> Dimension:
    """The dimension of a value in the object."""
    return Dimension(lambda row: value_at(row, path))


def time_at(path: str) -> Dimension:
    """The dimension of a time in the object."""
    return Dimension(lambda row: value_at(row, path), is_time=True)


def account(path: str) -> Dimension:
    """The dimension of an account."""
    return Dimension(lambda row: value_at(row, path), "accounts", "displayName")


def user(path: str) -> Dimension:
    """The dimension of a user."""
    return Dimension(lambda row: value_at(row, path), "users", "name")


TIME_GROUPS: Final[Mapping[str, Callable[[datetime], JsonValue]]] = {
    "TIME_OF_DAY": lambda moment: moment.hour,
    "DAY_OF_WEEK": lambda moment: DAYS[moment.weekday()],
    "MONTH_OF_YEAR": lambda moment: moment.month,
}
