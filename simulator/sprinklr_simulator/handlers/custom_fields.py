"""Custom fields and work queues: what an administrator has set up. Knows their rows only."""

from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers


def read_field(call: Call) -> Answer:
    """The custom field with this name."""
    field = call.rows.find("custom_fields", call.parameters["fieldName"])
    if field is None:
        # Assumption A62: an unknown field is a 404; the fields that Sprinklr itself brings are served too.
        raise refused(404, "Custom field not found")
    return enveloped(field)


def list_work_queues(call: Call) -> Answer:
    """The queues of routing, which are others than those of cases."""
    return enveloped([*call.rows.all("work_queues")])


HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/custom-field/{fieldName}"): read_field,
    ("GET", "/api/v2/work-queue/getAllWorkQueues"): list_work_queues,
}
