"""Reports: rows of numbers over a time, page by page. Knows the request; what is counted stands beside."""

from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of
from ..reporting.aggregates import AGGREGATES
from ..reporting.conditions import CONDITIONS, meets
from ..reporting.cubes import CUBES, Cube
from ..reporting.dimensions import Naming, group_value, read_zone

MOST_ROWS = 1000


def query_report(call: Call) -> Answer:
    """One page of a report."""
    cube = known_cube(call)
    groups = [object_of(entry) for entry in list_of(call.fields.get("groupBys"))]
    columns = [object_of(entry) for entry in list_of(call.fields["projections"])]
    filters = [object_of(entry) for entry in list_of(call.fields.get("filters"))]
    check_names(cube, groups, columns, filters)
    rows = sorted_table(table_of(call, cube, groups, columns, counted_rows(call, cube, filters)), call)
    return one_page(call, rows, [text_of(entry["heading"]) for entry in [*groups, *columns]])


def known_cube(call: Call) -> Cube:
    """What the report counts, or a refusal."""
    # Assumption A88: an unknown engine or report is a 400. Three reports are served, by made-up names where
    # the article shows none: names belong to a tenant.
    cube = CUBES.get((text_of(call.fields["reportingEngine"]), text_of(call.fields["report"])))
    if cube is None:
        raise refused(400, f"There is no report {text_of(call.fields['report'])}")
    return cube


def check_names(
    cube: Cube, groups: list[JsonObject], columns: list[JsonObject], filters: list[JsonObject]
) -> None:
    """Refuse dimensions, measurements and ways to compute that are unknown."""
    # Assumption A89: an unknown dimension or measurement is a 400, and so are STATS and some filter types.
    for entry in [*groups, *filters]:
        if text_of(entry["dimensionName"]) not in cube.dimensions:
            raise refused(400, f"There is no dimension {text_of(entry['dimensionName'])}")
    for entry in columns:
        if text_of(entry["measurementName"]) not in cube.measures:
            raise refused(400, f"There is no measurement {text_of(entry['measurementName'])}")
        if text_of(entry["aggregateFunction"]) not in AGGREGATES:
            raise refused(400, f"{text_of(entry['aggregateFunction'])} is not supported")
    for entry in filters:
        if text_of(entry["filterType"]) not in CONDITIONS:
            raise refused(400, f"The filter type {text_of(entry['filterType'])} is not supported")


def counted_rows(call: Call, cube: Cube, filters: list[JsonObject]) -> list[JsonObject]:
    """The objects that lie in the time and meet the filters, which compare ids."""
    start, end = integer_of(call.fields["startTime"]), integer_of(call.fields["endTime"])
    # Assumption A90: the start of a report's time belongs to it, the end does not.
    return [
        row
        for row in call.rows.all(cube.rows)
        if cube.counts(row)
        and start <= integer_of(row.get(cube.time)) < end
        and all(meets(part, cube.dimensions[text_of(part["dimensionName"])].read(row)) for part in filters)
    ]


def table_of(
    call: Call, cube: Cube, groups: list[JsonObject], columns: list[JsonObject], rows: list[JsonObject]
) -> list[JsonObject]:
    """One line for each group, with the numbers of its objects."""
    zone = read_zone(text_of(call.fields["timeZone"]))
    naming = Naming(call.rows, resolves=call.fields.get("skipResolve") is not True)
    split = [(entry, cube.dimensions[text_of(entry["dimensionName"])]) for entry in groups]
    grouped: dict[tuple[JsonValue, ...], list[JsonObject]] = {}
    for row in rows:
        key = tuple(group_value(entry, dimension, row, zone) for entry, dimension in split)
        grouped.setdefault(key, []).append(row)
    lines: list[JsonObject] = []
    # Assumption A91: without a sort the lines come in the order of their groups, from left to right, by ids.
    for key in sorted(grouped, key=lambda key: [order_of(part) for part in key]):
        line: JsonObject = {
            text_of(entry["heading"]): naming.name(dimension, part)
            for (entry, dimension), part in zip(split, key, strict=True)
        }
        lines.append(line | numbers_of(cube, columns, grouped[key]))
    return lines


def numbers_of(cube: Cube, columns: list[JsonObject], members: list[JsonObject]) -> JsonObject:
    """The numbers of one group."""
    numbers: JsonObject = {}
    for entry in columns:
        read = cube.measures[text_of(entry["measurementName"])]
        compute = AGGREGATES[text_of(entry["aggregateFunction"])]
        numbers[text_of(entry["heading"])] = compute([read(row) for row in members])
    return numbers


def sorted_table(lines: list[JsonObject], call: Call) -> list[JsonObject]:
    """The lines in the order that is asked for."""
    for sort in reversed([object_of(entry) for entry in list_of(call.fields.get("sorts"))]):
        heading = text_of(sort.get("heading"))
        lines.sort(key=lambda line: order_of(line.get(heading)), reverse=sort.get("order") == "DESC")
    return lines


def order_of(value: JsonValue) -> tuple[float, str]:
    """What a value is sorted by."""
    return (value, "") if isinstance(value, int | float) else (0, text_of(value))


def one_page(call: Call, lines: list[JsonObject], headings: list[str]) -> Answer:
    """One page, as objects or as lists."""
    size, page = integer_of(call.fields["pageSize"]), integer_of(call.fields["page"])
    if not 1 <= size <= MOST_ROWS or page < 0:
        # Assumption A92: the greatest page size is 1000.
        raise refused(400, f"The page size is a number from 1 to {MOST_ROWS}")
    shown = lines[page * size : (page + 1) * size]
    more = (page + 1) * size < len(lines)
    if call.fields.get("jsonResponse") is True:
        return enveloped({"data": [*shown], "hasMore": more})
    rows: list[JsonValue] = [[line[heading] for heading in headings] for line in shown]
    return enveloped({"headings": [*headings], "rows": rows, "hasMore": more})


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/reports/query"): query_report,
}
