"""Arguments that several prompts take, told as a person needs it: they see the name and this, no schema."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sprinklr_tools import arguments

CaseNumber = Annotated[
    arguments.CaseNumber, Field(description="The number that Sprinklr shows on the case, such as 20418877.")
]
