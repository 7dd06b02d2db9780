"""How often something may be tried: passwords by guessing, a form by a script. Counted in this process, forgotten with
it.
"""

from types import MappingProxyType
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from coach.errors import CoachError

LIMITS: Final = MappingProxyType(
    {
        "account": parse("10/15 minutes"),  # wrong passwords and codes for one account
        "address": parse("40/15 minutes"),  # and from one place, which may be a household's or a clinic's
        "form": parse("60/minute"),
        "invitation": parse("10/day"),  # mails to somebody who has not asked for any
        "costly": parse("20/15 minutes"),  # what takes seconds to make: a week played ahead, everything as a file
        "api": parse("1200/minute"),  # what a program asks: a folder of years is pushed at some ten files a second
        "upload": parse("600/hour"),  # files: years of a watch
    }
)


class TooOftenError(CoachError):
    """It was tried more often than anybody needs."""


class Limits:
    """Counts by kind and by whom."""

    def __init__(self) -> None:
        self._counted = MovingWindowRateLimiter(MemoryStorage())

    def count(self, kind: str, whom: str, many: int = 1) -> None:
        """
        Raises:
            TooOftenError: that was too often; it does not count.
        """
        if not self._counted.hit(_limit(kind), kind, whom, cost=many):
            raise TooOftenError(kind)

    def look(self, kind: str, whom: str) -> None:
        """As `count`, without counting.

        Raises:
            TooOftenError: once more would be too often.
        """
        if not self._counted.test(_limit(kind), kind, whom):
            raise TooOftenError(kind)

    def forget(self, kind: str, whom: str) -> None:
        self._counted.clear(_limit(kind), kind, whom)


def _limit(kind: str) -> RateLimitItem:
    return LIMITS[kind]
