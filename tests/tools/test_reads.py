"""What lists and plain reads tell, and which paths the reviewed list lets through."""

import pytest
from canned import checked
from examples import ACTIONS, CASE_ID, action_of
from pydantic import ValidationError

from sprinklr_mcp.calls.rendering import render
from sprinklr_tools.action import description


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/case/associated-messages",
        "/api/v2/case/case-numbers",
        "/api/v2/profile/search",
        "/api/v2/knowledgebase/search",
        "/api/v2/custom-field/search",
        "/api/v2/comment/CASE/7/search",
        "/api/v2/scim/Users/me",
        "/api/v2/custom-entity/entity/7/search",
    ],
)
def test_a_word_is_not_taken_for_an_id(path: str) -> None:
    with pytest.raises(ValidationError):
        action_of("get", {"path": path})


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v2/case/{CASE_ID}",
        "/api/v2/campaign/7001_12",
        "/api/v2/comment/CASE/96829/66f1a2b3c4d5e6f708192a3b",
        "/api/v2/custom-field/spr_uc_status",
        "/api/v2/custom-field/order",
        "/api/v2/custom-entity/fields/_c_loyalty_member",
        "/api/v2/custom-entity/entity/_c_loyalty_member/member-55-1207",
    ],
)
def test_ids_and_names_pass(path: str) -> None:
    action = action_of("get", {"path": path})
    request = action.request(None)
    assert request is not None
    assert "/" + "/".join(request.path.values()) == path


def test_a_campaign_that_is_not_there_has_no_made_up_status() -> None:
    action = action_of("get_default_campaign", {})
    facts = render(action.answer([{"id": "1_1", "status": "ACTIVE"}], "7001_12")).structured["facts"]
    assert facts["default"] == {"campaign_id": "7001_12", "unknown": "not among the campaigns of this login"}
    held = render(action.answer([{"id": "1_1", "status": "ACTIVE"}], "1_1")).structured["facts"]
    assert held["default"] == {"campaign_id": "1_1", "status": "ACTIVE"}


@pytest.mark.parametrize("tool", ["assign_case", "close_case", "delete_case_by_id"])
def test_a_near_twin_names_what_changes_a_case(tool: str) -> None:
    assert "sprinklr_update_case" in description(ACTIONS[f"sprinklr_{tool}"])


def test_the_next_page_is_the_same_call_at_another_place() -> None:
    action = action_of("search_cases", {"statuses": ["New"], "detail": True})
    onward = action.page_at("abc")
    assert onward is not None
    assert onward.model_dump(exclude_defaults=True) == {
        "statuses": ["New"],
        "detail": True,
        "cursor": "abc",
    }
    assert action.page_at(None) is None
    assert checked("search_cases", statuses=["New"]) is None
