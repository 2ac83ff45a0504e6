"""Arguments that several prompts take, told as a person needs it: they see the name and this, no schema."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from sprinklr_tools import arguments

CaseNumber = Annotated[
    arguments.CaseNumber, Field(description="The number that Sprinklr shows on the case, such as 20418877.")
]


def _folded(value: Any) -> Any:
    """Put a text on one line: people paste several, and a line of its own could pass for a step."""
    return " ".join(value.split()) if isinstance(value, str) else value


Words = Annotated[
    str,
    BeforeValidator(_folded),
    Field(min_length=1, max_length=2_000),
    AfterValidator(arguments.on_one_line),
]
"""What a person types or pastes, such as a customer's message."""
