"""Resources over MCP: each is what one tool reads, through the same pipeline and under the same rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import mcp_types as types
from mcp import MCPError
from mcp.shared.uri_template import UriTemplate
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.protocol_errors import error_of, refuse_cursor, told_as_errors
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.machine import Machine
from sprinklr_tools.action import Action, description
from sprinklr_tools.resource import MEDIA_TYPE, Resource
from sprinklr_tools.suggestions import SEEN

MOST_LISTED = 10
"""Of each kind, those seen last."""
MOST_SHOWN = 300
"""Characters of an address that is told back."""
NOT_FOUND_BEFORE = -32002
"""The protocol's code for a resource that is not there, until 2025-11-25; since then it is invalid params."""

WayOn = Callable[[Fault], Awaitable[Fault]]


@dataclass(frozen=True)
class _Place:
    """What one tool reads, and the template of its address."""

    tool: str
    action: type[Action]
    resource: Resource
    template: UriTemplate

    @property
    def definition(self) -> types.ResourceTemplate:
        return types.ResourceTemplate(
            name=self.tool,
            title=self.resource.title,
            uri_template=self.resource.uri,
            description=first_sentence(self.action),
            mime_type=MEDIA_TYPE,
        )

    def at(self, variable: str, value: str) -> types.Resource:
        title = f"{self.resource.title} {value}"
        uri = self.template.expand({variable: value})
        return types.Resource(name=title, title=title, uri=uri, mime_type=MEDIA_TYPE)


class ResourceRequests:
    """Answers the requests about resources; `way_on` lets a person log in where that is what is missing."""

    def __init__(self, machine: Machine, admission: Admission, way_on: WayOn) -> None:
        self._machine = machine
        self._admission = admission
        self._way_on = way_on
        self._places = [
            _Place(tool, action, action.resource, UriTemplate.parse(action.resource.uri))
            for tool, action in machine.actions.items()
            if action.resource is not None
        ]
        self._offered = [one for one in self._places if machine.policy.hidden_by(one.action) is None]

    def variables_of(self, uri: str) -> list[str] | None:
        """Return the variables of a template that is offered; None where there is no such template."""
        return next((one.template.variable_names for one in self._offered if one.resource.uri == uri), None)

    async def list_templates(
        self,
        _: Any,
        params: types.PaginatedRequestParams | None,
    ) -> types.ListResourceTemplatesResult:
        """Answer resources/templates/list."""
        refuse_cursor(params)
        return types.ListResourceTemplatesResult(resource_templates=[one.definition for one in self._offered])

    async def list(
        self,
        _: Any,
        params: types.PaginatedRequestParams | None,
    ) -> types.ListResourcesResult:
        """Answer resources/list: what was seen lately, so that a person can choose it with a click."""
        refuse_cursor(params)
        with told_as_errors("the list of resources"):
            async with self._admission.lane():
                listed = [one for place in self._offered for one in await self._seen_at(place)]
        return types.ListResourcesResult(resources=listed)

    async def _seen_at(self, place: _Place) -> list[types.Resource]:
        match place.template.variable_names:
            case [variable] if variable in SEEN:
                values = await self._machine.seen.values(variable)
                return [place.at(variable, one) for one in values[:MOST_LISTED]]
            case _:
                return []

    async def read(self, context: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """Answer resources/read."""
        with told_as_errors("a resource"):
            try:
                tool, variables = self._meant(params.uri)
                async with self._admission.lane():
                    rendered = await self._machine.pipeline.call(tool, variables)
            except Fault as fault:
                if fault.code is Code.NOT_FOUND:
                    raise _not_there(fault, params.uri, context.protocol_version) from None
                raise await self._way_on(fault) from None
        content = types.TextResourceContents(uri=params.uri, mime_type=MEDIA_TYPE, text=rendered.text)
        return types.ReadResourceResult(contents=[content])

    def _meant(self, uri: str) -> tuple[str, dict[str, str]]:
        """Return the tool that reads an address, and its arguments, which it checks itself."""
        for place in self._places:
            variables = place.template.match(uri)
            if variables is not None:
                return place.tool, cast(dict[str, str], variables)
        known = ", ".join(one.resource.uri for one in self._offered)
        raise Fault(
            Code.NOT_FOUND,
            "There is no such resource.",
            f"Known are: {known}." if known else "None is on here.",
        )


def _not_there(fault: Fault, uri: str, version: str) -> MCPError:
    code = types.INVALID_PARAMS if version in MODERN_PROTOCOL_VERSIONS else NOT_FOUND_BEFORE
    told = error_of(fault)
    return MCPError(code, told.error.message, {"uri": on_one_line(uri, MOST_SHOWN), **fault.structured()})


def first_sentence(action: type[Action]) -> str:
    """Return what a tool's description says first; the rest is about other tools."""
    return description(action).partition(". ")[0].removesuffix(".") + "."
