"""What is sent with a message: Sprinklr fetches it from its address. Facts: the publishing articles."""

from __future__ import annotations

from urllib.parse import urlsplit

from sprinklr_tools.reading import Json

KINDS = {
    "IMAGE": ("jpg", "jpeg", "png", "gif", "webp"),
    "VIDEO": ("mp4", "mov", "webm"),
    "AUDIO": ("mp3", "m4a", "ogg", "wav"),
}


def attachment(address: str) -> dict[str, Json]:
    """Return an attachment as a body takes it; its kind goes by its ending, a document if in doubt."""
    ending = urlsplit(address).path.rsplit(".", 1)[-1].lower()
    kind = next((kind for kind, endings in KINDS.items() if ending in endings), "DOC")
    return {"type": kind, "url": address}


def host_of(address: str | None) -> str | None:
    """Return the host that an address leads to."""
    return urlsplit(address or "").hostname
