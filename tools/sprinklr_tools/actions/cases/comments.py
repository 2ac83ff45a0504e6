"""What a comment is: a note that customers do not see. Facts: Sprinklr's comment articles."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.answers import id_of
from sprinklr_tools.reading import CustomerText, Record


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment; its text is shown where it was read, not where it was just written."""

    comment_id: str | None
    entity_type: str | None
    entity_id: str | None
    author_id: str | None = id_of("user")
    created: str | None
    text: CustomerText | None = None

    @classmethod
    def of(cls, record: Record) -> Comment:
        """Read a comment."""
        return cls(
            comment_id=record.identifier("id"),
            entity_type=record.label("entityType"),
            entity_id=record.identifier("entityId"),
            author_id=record.identifier("commentingUser"),
            created=record.time("createdTime"),
        )
