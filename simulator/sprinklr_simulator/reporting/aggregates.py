"""Ways to make one number of many. Knows no report."""

from collections.abc import Callable, Mapping
from typing import Final


def average(values: list[float]) -> float:
    """The mean."""
    return sum(values) / len(values)


AGGREGATES: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "SUM": lambda values: float(sum(values)),
    "AVG": average,
    "MIN": lambda values: float(min(values)),
    "MAX": lambda values: float(max(values)),
}
