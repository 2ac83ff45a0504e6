"""Why a file may not be uploaded, as the faults that say so. Knows no file."""

from __future__ import annotations

from sprinklr_mcp.errors import Code, Fault

ANOTHER = "Choose another file, or ask the person for one."


def refused(reason: str, next: str = ANOTHER) -> Fault:
    """Say that the rules do not let a file be uploaded."""
    return Fault(Code.FORBIDDEN, f"This file may not be uploaded: {reason}.", next)


def missing() -> Fault:
    """Say that there is no such file."""
    return Fault(
        Code.NOT_FOUND,
        "There is no such file in the folders that uploads may come from.",
        "Check the path with the person.",
    )


def changed(when: str) -> Fault:
    """Say that a file did not stay as it was."""
    return Fault(
        Code.CONFLICT,
        f"The file changed {when}.",
        "Call again with the same arguments; the person is asked about the file as it is then.",
    )


def unavailable() -> Fault:
    """Say that this system lacks what opening a file safely takes."""
    return Fault(
        Code.CONFIGURATION,
        "Uploads are not offered on this system, which cannot open a file without following links.",
        "Ask the person to upload it in Sprinklr itself.",
    )


def not_configured() -> Fault:
    """Say how an operator allows uploads."""
    return Fault(
        Code.CONFIGURATION,
        "No folder is set that files may be uploaded from.",
        "Ask the person to set SPRINKLR_UPLOAD_FOLDERS, where the server is configured, to a folder that "
        "holds only what may be published, and restart the server.",
    )
