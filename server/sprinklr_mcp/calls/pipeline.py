"""A call, step by step, in one direction:

find → validate → permit → gather → build → approve → send → render.

Every step either hands on to the next or stops the call with a `Fault`. Knows no domain and no MCP.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sprinklr_mcp.approvals.approver import Approver
from sprinklr_mcp.approvals.asking import Asker
from sprinklr_mcp.approvals.wording import shown
from sprinklr_mcp.calls.describing import described, in_detail, is_detailed, settling
from sprinklr_mcp.calls.finding import find
from sprinklr_mcp.calls.gathering import Reads, Sources, fault_of
from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.calls.recording import Recorder
from sprinklr_mcp.calls.rendering import Rendered, render
from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.calls.validation import validate
from sprinklr_mcp.calls.writing import Built, Ready, Writer
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.remembered.naming import Naming
from sprinklr_mcp.remembered.seen import Seen
from sprinklr_mcp.sending.building import arguments_digest, digest_of, freeze
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.operations import Intent
from sprinklr_mcp.uploads.form import LONGEST_UPLOAD, Progress
from sprinklr_tools.action import Action, Risk, tool_name
from sprinklr_tools.answers import size_of
from sprinklr_tools.problems import Problem
from sprinklr_tools.question import Line, Question
from sprinklr_tools.reading import as_time

LARGEST_ANSWER = 200_000
"""In bytes; texts are cut and lists are paged long before, so only odd answers come to this."""


class Pipeline:
    """Runs calls for one principal."""

    def __init__(
        self,
        settings: Settings,
        actions: Mapping[str, type[Action]],
        policy: Policy,
        sources: Sources,
        approver: Approver,
        recorder: Recorder,
        writer: Writer,
        scope: Mapping[str, str],
        seen: Seen,
    ) -> None:
        self._settings = settings
        self._actions = actions
        self._policy = policy
        self._sources = sources
        self._approver = approver
        self._recorder = recorder
        self._writer = writer
        self._naming = Naming(sources.cache)
        self._scope = scope
        self._seen = seen

    async def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        asker: Asker | None = None,
        progress: Progress | None = None,
    ) -> Rendered:
        """Run one call and return its answer; `progress` is told how far files are sent.

        Raises `UnknownTool`, `Fault`, or `AnotherRound` where a person must answer first.
        """
        rendered = await self._answered(name, arguments, asker, progress)
        self._seen.note(rendered.structured["facts"])
        return rendered

    async def _answered(
        self, name: str, arguments: Mapping[str, Any], asker: Asker | None, progress: Progress | None
    ) -> Rendered:
        action = find(name, self._actions)
        if action.risk is Risk.READ:
            return await self._read(action, arguments)
        try:
            ready = await self._prepared(action, arguments, asker)
        except Fault as fault:
            await self._recorder.refused(name, arguments, fault)
            raise
        return ready if isinstance(ready, Rendered) else await self._writer.write(ready, progress)

    async def _read(self, action: type[Action], arguments: Mapping[str, Any]) -> Rendered:
        self._policy.refuse_if_hidden(action)
        valid = validate(action, arguments, input_schema(action))
        reads = self._reads(fresh=False)
        try:
            with _problems_as_faults():
                answer = valid.action.shown(await reads(valid.action))
        except Fault as fault:
            fault.only_read = fault.code is not Code.INVALID_REQUEST
            raise
        rendered = render(
            answer,
            detail=is_detailed(valid.action),
            whole=in_detail(valid.action),
            names=await self._naming.known(),
            read_at=as_time(int(reads.kept_at * 1000)) if reads.kept_at else None,
        )
        if size_of(rendered.text) > LARGEST_ANSWER:
            raise Fault(
                Code.UPSTREAM_BAD_RESPONSE, "Sprinklr's answer is too large to show.", "Ask for less."
            )
        return rendered

    async def _prepared(
        self, action: type[Action], arguments: Mapping[str, Any], asker: Asker | None
    ) -> Ready | Rendered:
        """Take a write as far as a person's agreement; a dry run is answered before that."""
        self._policy.refuse_if_hidden(action)
        valid = validate(action, arguments, input_schema(action))
        tool = tool_name(action)
        asked = arguments_digest({**self._scope, "tool": tool}, valid.action.model_dump(mode="json"))
        await self._approver.check_answer(asker, tool, asked)
        if not valid.dry_run:
            await self._recorder.refuse_if_stopped(tool)
        try:
            built = await self._gathered(valid.action)
        except Fault:
            # What this answer was for may just have been done, and be the reason.
            await self._approver.check_answer(asker, tool, asked)
            raise
        if valid.dry_run:
            return described(built.request, built.frozen, asked=built.question is not None)
        intent = Intent(
            principal=self._scope["principal"],
            tool=tool,
            digest=built.digest,
            repeatable=action.repeatable,
            approval=None,
            way=None,
            arguments=arguments,
            settle=settling(built.action, built.frozen),
            lasts=self._settings.write_deadline + (LONGEST_UPLOAD if built.frozen.upload else 0),
        )
        return Ready(built, await self._agreed(asker, built, intent, asked))

    async def _agreed(self, asker: Asker | None, built: Built, intent: Intent, asked: str) -> Intent:
        """Return the intent with a person's agreement, where the action needs one."""
        if built.question is None:
            return intent
        # A call that brings an answer is judged by the record it answers.
        if asker is None or asker.handle is None:
            await self._recorder.refuse_if_unsettled(intent)
        question = shown(await self._with_earlier(built.question, intent), self._place)
        approval = await self._approver.agreed(asker, intent.tool, intent.digest, asked, question)
        # This call stayed open while the person decided, and the world went on.
        if asker is not None and asker.handle is None:
            await self._refuse_if_changed(built)
        return replace(intent, approval=approval.handle, way=approval.way)

    async def _with_earlier(self, question: Question, intent: Intent) -> Question:
        """Let the person know if the same was tried before and nobody can say whether it happened."""
        earlier = await self._recorder.unsettled_before(intent)
        if earlier is None:
            return question
        warning = Line("Careful", f"tried before (operation {earlier}); whether it happened is not known")
        return replace(question, lines=(warning, *question.lines))

    async def _refuse_if_changed(self, shown_before: Built) -> None:
        now = await self._gathered(shown_before.action)
        if now.digest != shown_before.digest:
            raise Fault(
                Code.CONFLICT,
                "What this is about changed while the person was deciding.",
                "Call again with the same arguments; the person is asked about it as it is now.",
            )

    async def _gathered(self, action: Action) -> Built:
        with _problems_as_faults():
            return self._build(action, await action.gather(self._reads(fresh=True)))

    def _reads(self, *, fresh: bool) -> Reads:
        return Reads(self._sources, fresh=fresh, seconds=self._settings.read_deadline)

    def _build(self, action: Action, facts: Any) -> Built:
        request = action.request(facts)
        if request is None:
            raise ValueError(f"{type(action).__name__} writes and builds no request")
        addressed = self._sources.endpoints.applied(action, request)
        self._policy.permit(addressed)
        frozen = freeze(addressed)
        question = action.question(facts) if action.risk is Risk.DANGER else None
        if question is not None and addressed is not request:
            call = Line("Call, as the operator configured it", f"{frozen.method} {frozen.target}")
            question = replace(question, lines=(*question.lines, call))
        scope = {**self._scope, "tool": tool_name(type(action))}
        return Built(action, facts, addressed, frozen, question, digest_of(frozen, scope, question))

    @property
    def _place(self) -> str:
        workspace = f", workspace {self._settings.workspace}" if self._settings.workspace else ""
        kind = " (the simulator)" if self._settings.simulated else ""
        return f"Sprinklr {self._settings.environment}{workspace}{kind}"


@contextmanager
def _problems_as_faults() -> Generator[None]:
    """Turn what an action meets before its own request is sent into the catalogue's words."""
    try:
        yield
    except Problem as problem:
        raise fault_of(problem) from problem
