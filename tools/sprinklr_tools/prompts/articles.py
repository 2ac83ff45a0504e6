"""Finding what the knowledge base says."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sprinklr_tools.actions.knowledge.articles import GetKbContent, SmartAssistSearch
from sprinklr_tools.prompt import Prompt, Step
from sprinklr_tools.prompts.arguments import Words


class FindArticle(Prompt, label="Find an article", reads=(SmartAssistSearch,)):
    """Find the articles of the knowledge base that answer a question."""

    question: Annotated[Words, Field(description="What is to be answered, in your words or the customer's.")]

    def goal(self) -> str:
        """One question."""
        return f'Find knowledge-base articles that answer this: "{self.question}"'

    def steps(self) -> tuple[Step, ...]:
        """Search by words, since the search knows no questions."""
        return (
            Step(
                "Search with {tool} for the few words that tell most; try others if nothing fits.", self.reads
            ),
            Step("Read the best ones whole with {tool}.", (GetKbContent,)),
            Step(
                "Name three at most: title, id, status, whether it is public, and the passage that answers. "
                "Say so if none does."
            ),
        )
