"""What a person must agree to, and how a client of the newer era asks for it and answers, by hand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from installation import text_of
from mcp import Client

DELETE, PUBLISH = "sprinklr_delete_case_by_number", "sprinklr_publish_message"
# A file begins with a Sprinklr as new and uses far fewer cases than there are.
cases = itertools.cycle(number for number in range(96701, 96901) if number not in (96827, 96832, 96841))
texts = itertools.count(1)


@dataclass(frozen=True)
class Deed:
    """Something that a person must agree to; never the same one twice."""

    tool: str
    arguments: dict[str, Any]
    right: str

    async def asked(self, client: Client) -> types.InputRequiredResult:
        """Call, and come back with the question."""
        result = await client.session.call_tool(self.tool, self.arguments, allow_input_required=True)
        assert isinstance(result, types.InputRequiredResult), text_of(result)
        return result

    async def answered(self, client: Client, state: str | None, typed: str | None = None) -> Any:
        """Call with an answer; the right one unless another is given."""
        answer = types.ElicitResult(action="accept", content={"typed": typed or self.right})
        return await client.session.call_tool(
            self.tool,
            self.arguments,
            input_responses={"approval": answer},
            request_state=state,
            allow_input_required=True,
        )


def new_deed(tool: str) -> Deed:
    if tool == DELETE:
        number = next(cases)
        return Deed(DELETE, {"case_number": number}, str(number))
    arguments = {"case_number": 96827, "text": f"It has been found ({next(texts)})."}
    return Deed(PUBLISH, arguments, "Northwind Cycles")
