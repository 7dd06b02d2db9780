"""How many messages a recipient gets, of which kinds: limits, and the slots in which they are counted."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from scheduler.messages import Kind


class Per(StrEnum):
    """Days and weeks (from Monday) of the recipient's calendar, in the time zone they are in when it is sent."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many messages with a nudge of these kinds. What is urgent is not counted.

    `reason` is what a nudge without room is told: "two messages went out today already".
    """

    name: str
    kinds: AbstractSet[Kind]
    per: Per
    most: int
    reason: str
