"""Reading: what a model gets of a case and its messages."""

from __future__ import annotations

import pytest
from installation import Installation, text_of

pytestmark = pytest.mark.anyio


async def test_a_case_is_read_by_the_number_that_people_use(installation: Installation, era: str) -> None:
    async with installation.client(era) as client:
        result = await client.call_tool("sprinklr_get_case_by_number", {"case_number": 96832})
    facts = result.structured_content["facts"]
    assert (facts["case_number"], facts["status"]) == ("96832", "New")
    assert "TEST: please ignore" in result.structured_content["customer_text"]["subject"]
    assert "TEST: please ignore" in text_of(result)
