"""Uploads of files: what came is kept by its description. Knows parts of forms and rows of uploads."""

import secrets
from typing import Final
from urllib.parse import quote

from ..answers import Answer, bare, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue
from ..multipart import Part, read_parts
from ..pictures import picture_size

REFUSED_PREFIX = "refused-"


def upload_one(call: Call) -> Answer:
    """Store one file under the name that the query gives."""
    tracker = call.query.get("uploadTrackerId", "")
    if tracker and call.rows.find("upload_trackers", tracker):
        # Assumption A76: an `uploadTrackerId` of an upload that succeeded is refused with a 400.
        raise refused(400, "The uploadTrackerId was used before")
    part = parts_named(call, "file")[0]
    name = call.query["fileName"]
    if name.startswith(REFUSED_PREFIX):
        raise refused(400, f"{name} can't be stored")
    stored = store(call, part, name)
    if tracker:
        call.rows.put("upload_trackers", {"id": tracker, "uploadId": stored["id"]})
    return enveloped(stored)


def upload_many(call: Call) -> Answer:
    """Store several files under their own names."""
    stored: list[JsonValue] = []
    errors: list[JsonValue] = []
    for part in parts_named(call, "files"):
        # Assumption A77: a file that can't be stored is left out of the data and has an entry among the
        # errors. Here those are the files whose name begins with `refused-`; that part is the simulator's.
        if part.file_name.startswith(REFUSED_PREFIX):
            message = f"{part.file_name} can't be stored"
            errors.append({"id": secrets.token_hex(12), "code": 400, "message": message})
        else:
            stored.append(store(call, part, part.file_name))
    return bare({"data": stored, "errors": errors})


def parts_named(call: Call, name: str) -> list[Part]:
    """The parts of the form with this name, in their order."""
    parts = read_parts(call.arrival.headers.get("content-type", ""), call.arrival.body)
    return [part for part in parts if part.name == name]


def store(call: Call, part: Part, name: str) -> JsonObject:
    """Keep the description of a file; answers it as the API shows it."""
    identifier = secrets.token_hex(12)
    workspace = call.grant.workspaces[0] if call.grant.workspaces else "0"
    # Blanks in names are rewritten in the address.
    path = f"DAM/{workspace}/{identifier}/{quote(name.replace(' ', '_'), safe='')}"
    upload: JsonObject = {
        "id": identifier,
        "mimeType": part.content_type,
        "name": name,
        "url": f"https://{call.arrival.environment}-assets.example.com/{path}",
        "previewUrl": "",
        "size": len(part.content),
    }
    size = picture_size(part.content)
    if size:
        upload |= {"width": size[0], "height": size[1]}
    call.rows.put("uploads", {**upload, "sha256": part.described["sha256"], "createdTime": call.now})
    return upload


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/media/upload"): upload_one,
    ("POST", "/api/v2/media/upload/multiple"): upload_many,
}
