"""One-time access. The call is made up; knows users and profiles, and keeps no credential."""

import secrets
from typing import Final

from ..answers import Answer, enveloped, refused
from ..arrivals import fingerprint
from ..calls import Call, Handlers

LIFE_SECONDS = 300


def generate_access(call: Call) -> Answer:
    """Mint a credential for a user or a person; it is seen here and never again."""
    entity_id = call.parameters["entityId"]
    kinds = [kind for kind in ("users", "profiles") if call.rows.find(kind, entity_id)]
    if not kinds:
        # Assumption A78: the access is for a user or a profile; an unknown id is a 404.
        raise refused(404, "Nobody has this id")
    credential = secrets.token_hex(24)
    # Assumption A79: the answer is the credential and how long it lives; the simulator keeps its fingerprint.
    kept = {
        "id": fingerprint(credential),
        "entityId": entity_id,
        "expiresTime": call.now + LIFE_SECONDS * 1000,
    }
    call.rows.put("one_time_accesses", {**kept})
    return enveloped({"entityId": entity_id, "oneTimeAccess": credential, "expiresInSeconds": LIFE_SECONDS})


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/assumed/ota/{entityId}"): generate_access,
}
