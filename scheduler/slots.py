"""How many messages a recipient gets, of which kinds: limits, and the slots in which they are counted.

Counted is by the moment: what went out since midnight, on the clock of where the recipient is when it is sent. So
whoever changes zone gets neither a second day's worth nor a day without. A slot's name has that day, and its key
keeps two workers from taking the same one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, select

from scheduler.clock import ONE_DAY, local_instant
from scheduler.messages import Kind
from scheduler.tables import SLOT

# The longest window is a week, and zones are at most 26 hours apart.
LOOK_BACK: Final = timedelta(days=9)
# In a name: what went out soon after another message, and counts as one with it.
WITH: Final = "+"


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


@dataclass(frozen=True, slots=True)
class Window:
    """A day or week of a calendar: its name, and the moments (UTC) from which and up to which it lasts."""

    name: str
    start: datetime
    end: datetime

    @classmethod
    def of(cls, per: Per, now: datetime, zone: ZoneInfo) -> "Window":
        first = now.astimezone(zone).date()
        if per is Per.DAY:
            name, days = first.isoformat(), 1
        else:
            year, week, weekday = first.isocalendar()
            first -= (weekday - 1) * ONE_DAY
            name, days = f"{year}-W{week:02}", 7
        midnight = time(0)
        return cls(name, local_instant(first, midnight, zone), local_instant(first + days * ONE_DAY, midnight, zone))


@dataclass(frozen=True, slots=True)
class Slot:
    recipient_id: str
    name: str
    nudge_id: UUID
    message_id: str
    taken_at: datetime


# Put together once: each hand-out asks it, and making it would cost more than asking.
_OF_SOME: Final = select(*(SLOT.c[name] for name in Slot.__dataclass_fields__)).where(
    SLOT.c.recipient_id.in_(bindparam("recipients", expanding=True)), SLOT.c.taken_at >= bindparam("since")
)


class Book:
    """The slots of some recipients as they stand in this transaction, and those taken in it."""

    def __init__(self, slots: Iterable[Slot] = ()) -> None:
        self._slots: dict[str, list[Slot]] = defaultdict(list)
        self._new: list[Slot] = []
        for slot in slots:
            self._slots[slot.recipient_id].append(slot)

    @classmethod
    def read(cls, connection: Connection, recipients: Collection[str], now: datetime) -> "Book":
        given = {"recipients": list(recipients), "since": now - LOOK_BACK}
        return cls(Slot(*row) for row in connection.execute(_OF_SOME, given))

    def place(
        self, limit: Limit, window: Window, recipient_id: str, known: AbstractSet[str], since: datetime
    ) -> str | None:
        """The name of the slot that a message may take; empty where it has one already, None where there is no room.

        Args:
            limit: the limit.
            window: its day or week.
            recipient_id: for whom.
            known: the Message-IDs under which it went out before, if it did.
            since: it is one with what has gone out since then.
        """
        prefix = f"{limit.name}/"
        mine = [slot for slot in self._slots[recipient_id] if slot.name.startswith(prefix)]
        within = [slot for slot in mine if window.start <= slot.taken_at < window.end]
        if any(slot.message_id in known for slot in within):
            return ""
        leads = [slot for slot in within if WITH not in slot.name]
        taken = {slot.name for slot in mine}
        if recent := [slot.name for slot in leads if slot.taken_at > since]:
            return _next(f"{max(recent)}{WITH}", taken)
        return _next(f"{prefix}{window.name}/", taken) if len(leads) < limit.most else None

    def take(self, slot: Slot) -> None:
        self._slots[slot.recipient_id].append(slot)
        self._new.append(slot)

    def write(self, connection: Connection) -> None:
        """Keep what was taken.

        Raises:
            IntegrityError: another worker has taken one of them meanwhile.
        """
        if self._new:
            rows = [{name: getattr(slot, name) for name in Slot.__dataclass_fields__} for slot in self._new]
            connection.execute(insert(SLOT), rows)


def _next(prefix: str, taken: Collection[str]) -> str:
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def narrowest_first(limits: Sequence[Limit]) -> list[Limit]:
    """What a narrow limit turns away must not take a place under a wide one."""
    return sorted(limits, key=lambda limit: len(limit.kinds))
