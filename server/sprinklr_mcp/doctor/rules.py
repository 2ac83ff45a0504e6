"""The operator's rules: which tools are on, why the others are not, and where uploads may come from."""

from __future__ import annotations

from sprinklr_mcp.calls.endpoints import Endpoints
from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.doctor.findings import Finding, Subject, ok
from sprinklr_mcp.uploads.folders import Folders
from sprinklr_tools.catalogue import all_actions


async def tools(subject: Subject) -> list[Finding]:
    """Which tools a client is shown. Raises `Fault` for a rule that names none."""
    actions = all_actions()
    policy = Policy(subject.settings, actions)
    Endpoints.parse(subject.settings.endpoints, actions)
    hidden: dict[str, list[str]] = {}
    listed = {name: action for name, action in actions.items() if action.listed}
    for name, action in listed.items():
        by = policy.hidden_by(action)
        if by is not None:
            hidden.setdefault(by, []).append(name)
    off = sum(len(names) for names in hidden.values())
    why = [one for by, names in hidden.items() for one in ok(f"off by {by}: {', '.join(names)}")]
    return [*ok(f"{len(listed) - off} on, {off} off"), *why]


async def uploads(subject: Subject) -> list[Finding]:
    """Whether the folders are there. Raises `Fault` for one that is not, or lets too much out."""
    Folders.of(subject.settings)
    folders = subject.settings.upload_folders
    return ok(
        f"from {', '.join(folders)}" if folders else "no folder is set (SPRINKLR_UPLOAD_FOLDERS): no uploads"
    )
