"""Chance that is the same on every run. Knows nothing of what it is used for."""

import random
from datetime import UTC, datetime

# The moment the seed is made for; nothing in it is later.
NOW = int(datetime(2026, 11, 20, 9, 0, tzinfo=UTC).timestamp() * 1000)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# People write between these hours, in UTC.
FIRST_HOUR = 7
LAST_HOUR = 22

_HEX = "0123456789abcdef"


class Chance(random.Random):
    """A random source seeded by name, so that a change to one case leaves the other cases as they are."""

    def one_in(self, count: float) -> bool:
        """Say yes once in so many times."""
        return self.random() < 1 / count

    def digits(self, count: int) -> str:
        """Return so many digits, the first of which is not zero."""
        return str(self.randrange(10 ** (count - 1), 10**count))

    def hexadecimal(self, count: int) -> str:
        """Return so many hexadecimal digits."""
        return "".join(self.choices(_HEX, k=count))

    def object_id(self, moment: int) -> str:
        """Return 24 hexadecimal digits, of which the first eight tell the second it was made in."""
        return f"{moment // 1000:08x}{self.hexadecimal(16)}"


def chance_for(*names: object) -> Chance:
    """Return the chance that belongs to one thing."""
    return Chance("northwind/" + "/".join(str(name) for name in names))
