"""A call in words: what a write would send, how to find out whether it was, how a read shows more.

Sends nothing itself.
"""

from __future__ import annotations

from sprinklr_mcp.calls.rendering import Exact, Rendered, render
from sprinklr_mcp.sending.building import Frozen
from sprinklr_tools.action import Action, tool_name
from sprinklr_tools.files import SentFile
from sprinklr_tools.request import Request


def described(request: Request, frozen: Frozen, *, asked: bool) -> Rendered:
    """Answer a dry run: the exact request, and whether a person would be asked."""
    files = [_file(one) for one in frozen.upload.files] if frozen.upload else []
    shown = {
        "method": frozen.method,
        "path": frozen.target,
        "body": None if request.json is None else Exact(request.json),
        "files": files,
        "added_when_sent": frozen.tracked_by,
    }
    return render({"dry_run": True, "sent": "no", "a_person_is_asked": asked, "request": shown})


def _file(file: SentFile) -> dict[str, str | int]:
    """Say what a file is, without its content."""
    facts = file.facts
    return {"name": file.name, "size": facts.size, "type": facts.media_type, "sha256": facts.sha256}


def settling(action: Action, frozen: Frozen) -> str:
    """Say how to find out whether the write happened; nothing where there is no way."""
    read = action.settle()
    if read is not None:
        arguments = read.model_dump_json(exclude_defaults=True)
        return f"See what happened with {tool_name(type(read))} {arguments} before you repeat it."
    if frozen.upload is not None:
        return "No tool lists what was uploaded: ask the person to look in Sprinklr before you repeat it."
    return ""


def is_detailed(action: Action) -> bool:
    """Tell whether a read was asked for everything."""
    return bool(getattr(action, "detail", False))


def in_detail(action: Action) -> Action | None:
    """Return the call that shows whole what this one cuts; None where it shows all it can."""
    able = "detail" in type(action).model_fields and not is_detailed(action)
    return action.model_copy(update={"detail": True}) if able else None
