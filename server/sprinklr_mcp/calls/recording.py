"""Writing down what is done: the intent before a write leaves, its outcome after, refusals too.

Message texts are kept as length and hash only.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.errors import Code, Fault, Sent, StoreUnavailable
from sprinklr_mcp.store.audit import AuditLog
from sprinklr_mcp.store.operations import Intent, OperationStore
from sprinklr_tools.problems import Problem, Rejected

log = logging.getLogger(__name__)
PLAIN = re.compile(r".*_(id|ids|number|type|at|run)")
"""The names of arguments whose values are ids, kinds, times or flags."""
ID = re.compile(r"[A-Za-z0-9._:@+=/-]{1,300}")


class Recorder:
    """The audit log and the operations of one principal."""

    def __init__(self, operations: OperationStore, audit: AuditLog, principal: str) -> None:
        self._operations = operations
        self._audit = audit
        self._principal = principal

    async def refuse_if_stopped(self, tool: str) -> None:
        """Raises `Fault` PAUSED while a person has stopped all writes, OVER_RATE over the tool's budget."""
        await self._operations.refuse_if_stopped(self._principal, tool)

    async def unsettled_before(self, intent: Intent) -> str | None:
        """Return the id of an identical write whose outcome was never known, however long ago."""
        return await self._operations.unsettled_before(intent)

    async def refuse_if_unsettled(self, intent: Intent) -> None:
        """Raises `Fault` OUTCOME_UNKNOWN while it is open whether an identical write happened."""
        await self._operations.refuse_if_unsettled(intent)

    @asynccontextmanager
    async def recorded(self, intent: Intent) -> AsyncGenerator[str]:
        """Write the intent, run the body with the operation's id, and write what came of it."""
        operation = await self._begun(intent)
        try:
            yield operation
        except Fault as fault:
            fault.operation = operation
            await self._ended(operation, outcome_of(fault), fault.code.value)
            raise
        except Problem as problem:
            status = "failed" if isinstance(problem, Rejected) else "done"
            await self._ended(operation, status, type(problem).__name__)
            raise _after(problem, intent, operation) from problem
        else:
            await self._ended(operation, "done", None)

    async def _ended(self, operation: str, status: str, code: str | None) -> None:
        """Write an outcome down. Where that fails, the outcome is still what it is; the record stays open."""
        try:
            await self._operations.finish(operation, status, code)
        except Fault as fault:
            log.critical(
                "operation %s is %s, and that could not be stored: %s", operation, status, fault.note
            )

    async def _begun(self, intent: Intent) -> str:
        try:
            return await self._operations.begin(replace(intent, arguments=noted_arguments(intent.arguments)))
        except Fault as fault:
            await self.refused(intent.tool, intent.arguments, fault)
            raise

    async def refused(self, tool: str, arguments: Mapping[str, Any], fault: Fault) -> None:
        """Note a write that was stopped before it could leave; what left is noted by its outcome."""
        if isinstance(fault, StoreUnavailable):
            return
        await self._audit.add(
            {
                "kind": "refusal",
                "principal": self._principal,
                "tool": tool,
                "code": fault.code.value,
                "arguments": noted_arguments(arguments),
            }
        )


def _after(problem: Problem, intent: Intent, operation: str) -> Fault:
    """Return what an action found in the answer to a write that was accepted, as a fault.

    An answer that does not show the result is no reason to write again, whatever it would mean to a read.
    """
    if isinstance(problem, Rejected):
        code, message, next = Code.UPSTREAM_REFUSED, problem.message, problem.next
    else:
        code = Code.UPSTREAM_BAD_RESPONSE
        message = "Sprinklr accepted it, but its answer does not show the result."
        next = f"Do not repeat it. {intent.settle or 'Ask the person to look in Sprinklr.'}"
    return Fault(code, message, next, sent=Sent.YES, operation=operation)


def outcome_of(fault: Fault) -> str:
    """Return what became of a write that ended in a fault."""
    if fault.code is Code.OUTCOME_UNKNOWN:
        return "unknown"
    accepted = fault.code is Code.UPSTREAM_BAD_RESPONSE and fault.sent is Sent.YES
    return "done" if accepted else "failed"


def noted_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments as the log keeps them."""
    return {on_one_line(name, 40): _noted(name, value) for name, value in arguments.items()}


def _noted(name: str, value: Any) -> Any:
    if PLAIN.fullmatch(name) and isinstance(value, str | int | bool) and ID.fullmatch(str(value)):
        return str(value)
    text = value if isinstance(value, str) else repr(value)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return {"length": len(text), "sha256": digest}
