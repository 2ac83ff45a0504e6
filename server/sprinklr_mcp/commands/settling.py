"""What commands do before they tell how things stand: writes that a killed process left open are settled."""

from __future__ import annotations

import logging

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.machine import Machine

log = logging.getLogger(__name__)


async def settle_what_was_cut(machine: Machine) -> None:
    """Write down of every write that was cut off that its outcome is not known.

    Where that cannot be stored, what is there is still told, or served: the next one tries again.
    """
    # Where nothing was ever kept, nothing is made only to look at it.
    if not machine.database.path.exists():
        return
    try:
        await machine.operations.settle_abandoned()
    except StoreUnavailable as fault:
        log.warning("what was cut off cannot be written down yet: %s", fault.note or fault.message)
