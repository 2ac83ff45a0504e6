"""Asking a person by a form of the client's, in both eras of the protocol.

Until 2025-11-25 the call stays open while the client asks. From 2026-07-28 on the question travels back
as the result, and the whole call comes again with the answer. The state that travels is the random handle
of a record, which binds everything; so nothing in it needs a seal.
"""

from __future__ import annotations

import re
from typing import Any, cast

import anyio
import mcp_types as types
from mcp import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from sprinklr_mcp.approvals.asking import AnotherRound, Asker, Choice, PersonsAnswer
from sprinklr_mcp.approvals.wording import ShownQuestion
from sprinklr_mcp.edge.admission import Lane

FIELD = "typed"
REQUEST = "approval"
SIGN_OF_LIFE = 10.0
HANDLE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
"""What the handle of a record looks like."""
NOT_OURS = (
    "The request state was not made by this server. Nothing was done and nothing was sent. Call again "
    "without it; the person is then asked anew."
)


def form_asker(
    context: Any, params: types.CallToolRequestParams, deadline: float, lane: Lane
) -> Asker | None:
    """Return the way to ask through this client; None where it cannot show forms.

    A call that stays open while it asks gives its lane away so long. Raises `MCPError` for a state that
    cannot be one of ours; one that might have been is answered in the catalogue's words.
    """
    if params.request_state is not None and HANDLE.match(params.request_state) is None:
        raise MCPError(types.INVALID_PARAMS, NOT_OURS)
    if not shows_forms(context):
        return None
    if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
        return _LaterForm(params)
    return _OpenForm(context, deadline, lane)


def shows_forms(context: Any) -> bool:
    """Look at the mode itself: a client may declare elicitation for addresses alone."""
    capabilities: types.ClientCapabilities | None = context.session.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    return elicitation is not None and (elicitation.form is not None or elicitation.url is None)


def form_schema(question: ShownQuestion) -> dict[str, Any]:
    """Return the form: one text that must be typed, with nothing filled in."""
    field = {
        "type": "string",
        "title": question.retype_name.capitalize(),
        "description": f"Type the {question.retype_name} to agree.",
        "minLength": 1,
    }
    return {"type": "object", "properties": {FIELD: field}, "required": [FIELD]}


def input_required(round_trip: AnotherRound) -> types.InputRequiredResult:
    """Return the result that carries the question to the person."""
    form = types.ElicitRequestFormParams(
        message=round_trip.question.text, requested_schema=form_schema(round_trip.question)
    )
    return types.InputRequiredResult(
        input_requests={REQUEST: types.ElicitRequest(params=form)}, request_state=round_trip.handle
    )


def _understood(result: Any) -> PersonsAnswer:
    """Read a form's answer; whatever is not a clear one counts as closed without an answer."""
    action = getattr(result, "action", None)
    if action == "accept":
        content = cast(dict[str, Any], getattr(result, "content", None) or {})
        return PersonsAnswer(Choice.ANSWERED, content.get(FIELD))
    return PersonsAnswer(Choice.DECLINED if action == "decline" else Choice.DISMISSED)


class _LaterForm:
    """2026-07-28: this call either brings the answer or carries the question away."""

    way = "form"

    def __init__(self, params: types.CallToolRequestParams) -> None:
        self._responses = params.input_responses
        self.handle = params.request_state

    async def ask(self, question: ShownQuestion, handle: str) -> PersonsAnswer:
        """Return the answer if it belongs to this very record."""
        if self.handle != handle:
            raise AnotherRound(question, handle)
        return _understood((self._responses or {}).get(REQUEST))


class _OpenForm:
    """Until 2025-11-25: the call waits, with a sign of life to the client now and then."""

    way = "form"
    handle = None

    def __init__(self, context: Any, deadline: float, lane: Lane) -> None:
        self._context = context
        self._deadline = deadline
        self._lane = lane

    async def ask(self, question: ShownQuestion, handle: str) -> PersonsAnswer:  # noqa: ARG002
        """Wait for the answer, as long as a record waits."""
        async with self._lane.lent():
            return await self._asked(question)

    async def _asked(self, question: ShownQuestion) -> PersonsAnswer:
        answer = PersonsAnswer(Choice.SILENT)
        async with anyio.create_task_group() as group:
            group.start_soon(self._show_life)
            with anyio.move_on_after(self._deadline):
                answer = await self._answer(question)
            group.cancel_scope.cancel()
        return answer

    async def _answer(self, question: ShownQuestion) -> PersonsAnswer:
        session = self._context.session
        try:
            result = await session.elicit_form(
                question.text, form_schema(question), related_request_id=self._context.request_id
            )
        except (MCPError, ValidationError):
            # The client failed to ask, or what it sent is no answer of the protocol's.
            return PersonsAnswer(Choice.DISMISSED)
        return _understood(result)

    async def _show_life(self) -> None:
        waited = 0.0
        while True:
            await anyio.sleep(SIGN_OF_LIFE)
            waited += SIGN_OF_LIFE
            await self._context.session.report_progress(waited, None, "Waiting for a person to answer.")
