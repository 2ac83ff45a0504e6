"""A way out for reads that have no tool: a GET of one path from a reviewed list.

Not every GET only reads: some act, and some mint addresses that let anybody in. Those are not in it.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sprinklr_tools.action import Action
from sprinklr_tools.actions.unpublished import Raw
from sprinklr_tools.answers import page_of
from sprinklr_tools.arguments import Cursor
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request, get

PAGE = 25
ID = r"(?=[^/]*[0-9])[A-Za-z0-9][A-Za-z0-9._:@+=-]{0,199}"
"""With a digit, as every id has; words such as `search` are other calls, which nobody has looked at."""
NAME = r"(?!search\b)[A-Za-z0-9_][A-Za-z0-9_]{0,99}"
PATHS = (
    "/api/v2/account/{id}",
    "/api/v2/campaign",
    "/api/v2/campaign/{id}",
    "/api/v2/case/{id}",
    "/api/v2/client/accessible-clients",
    "/api/v2/comment/{name}/{id}/{id}",
    "/api/v2/contentTemplate/{id}",
    "/api/v2/custom-entity/definitions",
    "/api/v2/custom-entity/entity/{name}/{id}",
    "/api/v2/custom-entity/fields/{name}",
    "/api/v2/custom-field/{name}",
    "/api/v2/knowledgebase/{id}",
    "/api/v2/me",
    "/api/v2/product/{id}",
    "/api/v2/profile/{id}",
    "/api/v2/reports/engines",
    "/api/v2/sam/{id}",
    "/api/v2/scim/Users/{id}",
    "/api/v2/task/{id}",
    "/api/v2/user-settings/assignment-config/{id}",
    "/api/v2/work-queue/getAllWorkQueues",
    "/api/v2/work-queue/workQueueStats/{id}",
)
"""Documented reads without side effects, each looked at.

`{id}` is one segment with a digit, `{name}` the name of a type or a field.
"""
KNOWN = re.compile(
    "|".join(re.escape(path).replace(r"\{id\}", ID).replace(r"\{name\}", NAME) for path in PATHS)
)


def _known(value: str) -> str:
    if ".." in value or not KNOWN.fullmatch(value):
        raise ValueError(f"not in the list of reads that are allowed: {', '.join(PATHS)}")
    return value


class Get(Action, label="Get", optional=True):
    """Read one path of Sprinklr's API that has no tool of its own, from a reviewed list of reads.

    Only when no other tool fits. Give the path without environment, such as /api/v2/campaign. Returns
    the answer as it came.
    """

    path: Annotated[str, Field(max_length=300), AfterValidator(_known)]
    cursor: Cursor | None = None

    def request(self, facts: Any) -> Request:
        """The path fits one of the list, segment by segment."""
        segments = self.path.strip("/").split("/")
        names = {f"segment_{chr(97 + number)}": segment for number, segment in enumerate(segments)}
        return get("/" + "/".join(f"{{{name}}}" for name in names), path=names)

    def answer(self, payload: Json, facts: Any) -> Raw:
        """Whatever came; a list is shown in pages."""
        whole = Raw.of(payload)
        if not isinstance(whole.answer, list):
            return whole
        shown, page = page_of(whole.answer, self.cursor, PAGE, self.page_at)
        return Raw(list(shown), page)
