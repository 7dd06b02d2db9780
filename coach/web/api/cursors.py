"""Where a page ended, as a text that means nothing to a client: what comes in meanwhile moves no page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from coach.errors import UsageError
from coach.web.api.routing import LAST_ID
from coach.weeks import YEARS

_MICROSECONDS: Final = 1_000_000


class Place(NamedTuple):
    """The last line of a page: when it was, and its number."""

    at: datetime
    id: int


def written(place: Place) -> str:
    text = f"{round(place.at.timestamp() * _MICROSECONDS)}.{place.id}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parsed(text: str) -> Place:
    """
    Raises:
        UsageError: it is none of ours.
    """
    try:
        at, _, number = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(".")
        moment = datetime.fromtimestamp(int(at) // _MICROSECONDS, UTC).replace(microsecond=int(at) % _MICROSECONDS)
        place = Place(moment, int(number))
    except (ValueError, OverflowError, OSError):
        raise unknown() from None
    if place.at.year not in YEARS or not 0 < place.id <= LAST_ID:
        raise unknown()
    return place


def of_id(number: UUID) -> str:
    """The last line of a page, where lines are known by such an id."""
    return urlsafe_b64encode(number.bytes).decode().rstrip("=")


def parsed_id(text: str) -> UUID:
    """
    Raises:
        UsageError: it is none of ours.
    """
    try:
        return UUID(bytes=urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise unknown() from None


def unknown() -> UsageError:
    return UsageError("This `cursor` is none that a page of this API gave as its `next`.")
