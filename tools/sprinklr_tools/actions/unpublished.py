"""What answers of no published shape are shown as."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.answers import Page
from sprinklr_tools.reading import Json, told


@dataclass(frozen=True)
class Raw:
    """An answer as it came; texts that are no plain label or id are set apart."""

    answer: Json
    page: Page | None = None

    @classmethod
    def of(cls, payload: Json) -> Raw:
        """Wrap an answer."""
        return cls(told(payload))
