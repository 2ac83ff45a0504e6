"""Completions over MCP: what an argument of a prompt, or a variable of an address, may be."""

from __future__ import annotations

from typing import Any

import mcp_types as types

from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.protocol_errors import told_as_errors
from sprinklr_mcp.edge.resources import ResourceRequests
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.prompting import Prompts
from sprinklr_mcp.suggesting import Suggester, Suggestions

NONE = Suggestions((), 0)


class CompletionRequests:
    """Answers completion/complete for the prompts and the resources that are offered."""

    def __init__(
        self, prompts: Prompts, resources: ResourceRequests, suggester: Suggester, admission: Admission
    ) -> None:
        self._prompts = prompts
        self._resources = resources
        self._suggester = suggester
        self._admission = admission

    async def complete(self, _: Any, params: types.CompleteRequestParams) -> types.CompleteResult:
        """Answer completion/complete; an argument that what is named does not have gets an empty list."""
        with told_as_errors("a completion"):
            known = self._arguments_of(params.ref)
            async with self._admission.lane():
                found = await self._fitting(params.argument, known)
        values = list(found.values)
        return types.CompleteResult(
            completion=types.Completion(values=values, total=found.total, has_more=found.total > len(values))
        )

    async def _fitting(self, argument: types.CompletionArgument, known: list[str]) -> Suggestions:
        if argument.name not in known:
            return NONE
        return await self._suggester.fitting(argument.name, argument.value)

    def _arguments_of(self, ref: types.PromptReference | types.ResourceTemplateReference) -> list[str]:
        """Return the names that can be completed. Raises `Fault` where there is nothing of that name."""
        if isinstance(ref, types.PromptReference):
            return list(self._prompts.find(ref.name).model_fields)
        variables = self._resources.variables_of(ref.uri)
        if variables is None:
            raise Fault(
                Code.NOT_FOUND,
                f"There is no resource template {on_one_line(ref.uri, 100)} here.",
                "Take one of those that resources/templates/list names.",
            )
        return variables
