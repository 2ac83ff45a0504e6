"""Every probe there is, in the order of docs/assumptions.md."""

from __future__ import annotations

from sprinklr_tools.assumptions import people, searching, unknown_ids
from sprinklr_tools.assumptions.probe import Probe


def all_probes() -> tuple[Probe, ...]:
    """Return them by the number of what they check."""
    found = (*people.PROBES, *searching.PROBES, *unknown_ids.PROBES)
    return tuple(sorted(found, key=lambda probe: int(probe.number[1:])))
