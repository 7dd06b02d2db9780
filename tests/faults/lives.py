"""A week of several people: when each brings which recordings, and says how it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from coach.demo import sessions
from devices.fit.write import write
from devices.recording import Recording
from scheduler.clock import local_instant

ZONE: Final = ZoneInfo("Europe/Berlin")
MONDAY: Final = date(2026, 6, 1)
DAYS: Final = 10
"""Until the week is settled, wherever one lives: on the Wednesday after it."""

# When the coach has something to say of its own accord.
LOOKS: Final = (time(8, 30), time(12, 30), time(19), time(20, 30))
APART: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Event:
    """A person, by their number, syncs these files, and says of these moments how much it hurt."""

    at: datetime
    who: int
    files: Mapping[str, bytes]
    check_ins: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True)
class Habit:
    """What somebody does on some days; `pain` before and after it, and the morning after. What it recorded is synced
    some time later, where the watch is at hand.
    """

    days: frozenset[int]
    at: time
    made: Callable[[datetime], Recording]
    pain: tuple[int, int, int]
    synced_on: frozenset[int] | None = None


EVERY_DAY: Final = frozenset(range(8))
LIVES: Final = (
    Habit(EVERY_DAY, time(16, 10), lambda at: sessions.walk(at, 19, hill_minutes=7), (3, 6, 4)),
    Habit(frozenset((1, 2, 5)), time(14, 10), lambda at: sessions.walk(at, 9), (4, 5, 5), frozenset((5,))),
    Habit(EVERY_DAY, time(17, 10), lambda at: sessions.walk(at, 12), (2, 2, 1)),
    Habit(frozenset((0, 2, 4, 7)), time(9, 10), lambda at: sessions.swim(at, 20), (1, 2, 1)),
    Habit(frozenset((0, 1, 3, 6)), time(10, 40), lambda at: sessions.ride(at, 14), (2, 3, 3)),
)
"""One overdoes it, one is hardly heard of, the others do well."""

SYNCED_AFTER: Final = timedelta(minutes=40)
TOLD_AFTER: Final = timedelta(minutes=35)
"""What is asked after a sync has arrived by then, also if whoever was sending it was killed."""


def local(day: int, at: time) -> datetime:
    return local_instant(MONDAY + timedelta(days=day), at, ZONE)


def begins() -> datetime:
    """The evening before."""
    return local(-1, time(20))


def ends() -> datetime:
    return local(DAYS - 1, time(15))


def looks() -> list[datetime]:
    return sorted(at for day, each in product(range(DAYS), LOOKS) if (at := local(day, each)) < ends())


def events(persons: int) -> list[Event]:
    """In order of time; no two at one moment, and none when the coach speaks of its own accord."""
    lived = [each for who in range(persons) for each in _lived(who, LIVES[who % len(LIVES)])]
    assert len({each.at for each in lived}.union(looks())) == len(lived) + len(looks())
    return sorted((each for each in lived if each.at < ends()), key=lambda each: each.at)


def _lived(who: int, habit: Habit) -> Iterator[Event]:
    shift, kept = APART * (who // len(LIVES)), dict[str, bytes]()
    before, after, next_morning = habit.pain
    for day in sorted(habit.days):
        start = local(day, habit.at) + shift
        at = start + SYNCED_AFTER
        kept[f"{start:%Y-%m-%dT%H%M}.fit"] = write(habit.made(start))
        if habit.synced_on is None or day in habit.synced_on:
            yield Event(at, who, kept, ())
            kept = {}
        told = {start - timedelta(minutes=5): before, at - timedelta(minutes=10): after}
        yield Event(at + TOLD_AFTER, who, {}, tuple(told.items()))
        morning = local(day + 1, time(7, 3 * (habit.at.hour - 6))) + shift
        yield Event(morning, who, {}, ((morning - timedelta(minutes=1), next_morning),))
