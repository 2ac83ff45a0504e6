"""What our server is measured against: the bare SDK making the same calls, and nothing else.

No checks, no limits, no store, no login: the access token is given, and Sprinklr's JSON is the answer.
"""

from __future__ import annotations

import os
from typing import Any

import anyio
import httpx2
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

READ, WRITE = "get_case_by_number", "add_comment"
ARGUMENTS = {
    READ: {"case_number": {"type": "string", "description": "As people name it."}},
    WRITE: {"case_number": {"type": "string"}, "text": {"type": "string", "description": "The note."}},
    **{
        f"tool_{number:02}": {
            "value": {"type": "string", "description": "Echoed back."},
            "detail": {"type": "boolean", "description": "Everything there is."},
        }
        for number in range(33)
    },
}
"""As many tools as the default list of ours has."""
TOOLS = [
    types.Tool(
        name=name,
        title=name.replace("_", " "),
        description=f"The tool {name} of a server that does as little as can be. Returns what comes.",
        input_schema={"type": "object", "properties": properties, "required": list(properties)[:1]},
        annotations=types.ToolAnnotations(read_only_hint=name == READ),
    )
    for name, properties in ARGUMENTS.items()
]


def upstream() -> httpx2.AsyncClient:
    """Return the one client, logged in by what the environment holds."""
    headers = {
        "Authorization": f"Bearer {os.environ['BARE_TOKEN']}",
        "Key": os.environ["BARE_KEY"],
        "Accept": "application/json",
    }
    return httpx2.AsyncClient(base_url=os.environ["BARE_URL"], headers=headers, trust_env=False, timeout=30)


async def on_list_tools(context: Any, params: Any) -> types.ListToolsResult:  # noqa: ARG001
    """Return the tools."""
    return types.ListToolsResult(tools=TOOLS)


async def main() -> None:
    """Serve until stdin ends."""
    async with upstream() as client:

        async def on_call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:  # noqa: ARG001
            given = params.arguments or {}
            number = given["case_number"]
            if params.name == READ:
                reply = await client.get("/api/v2/case/case-numbers", params={"case-number": number})
            else:
                reply = await client.post(f"/api/v2/comment/CASE/{number}", json={"text": given["text"]})
            return types.CallToolResult(content=[types.TextContent(text=reply.raise_for_status().text)])

        server = Server("bare", version="1", on_list_tools=on_list_tools, on_call_tool=on_call_tool)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())


if __name__ == "__main__":
    anyio.run(main)
