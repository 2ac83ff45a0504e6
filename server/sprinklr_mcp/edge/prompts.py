"""Prompts over MCP: what the tools' side declares, under the protocol's names. Sends nothing to Sprinklr."""

from __future__ import annotations

from typing import Any

import mcp_types as types

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.protocol_errors import refuse_cursor, told_as_errors
from sprinklr_mcp.prompting import Prompts
from sprinklr_tools.prompt import Prompt, prompt_description


class PromptRequests:
    """Answers the two requests about prompts."""

    def __init__(self, prompts: Prompts, admission: Admission) -> None:
        self._prompts = prompts
        self._admission = admission
        self._listed = [definition(name, one) for name, one in prompts.offered.items()]

    async def list(self, _: Any, params: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """Answer prompts/list."""
        refuse_cursor(params)
        return types.ListPromptsResult(prompts=self._listed)

    async def get(self, _: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        """Answer prompts/get."""
        with told_as_errors("a prompt"):
            async with self._admission.lane():
                about = prompt_description(self._prompts.find(params.name))
                text = self._prompts.text(params.name, params.arguments or {})
        message = types.PromptMessage(role="user", content=types.TextContent(text=text))
        return types.GetPromptResult(description=about, messages=[message])


def definition(name: str, prompt: type[Prompt]) -> types.Prompt:
    """Return a prompt's definition, all of it from its class."""
    arguments = [
        types.PromptArgument(name=argument, description=field.description, required=field.is_required())
        for argument, field in prompt.model_fields.items()
    ]
    return types.Prompt(
        name=name, title=prompt.label, description=prompt_description(prompt), arguments=arguments
    )
