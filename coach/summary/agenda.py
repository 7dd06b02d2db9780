"""The coming week's planned sessions as an iCalendar file (RFC 5545), for any calendar.

Calendars lie open, and so do their files: titles, ids and the name of the program tell nothing of a diagnosis or of
pain.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from coach.history import Version
from coach.plan import Exercise, facts
from coach.weeks import IsoWeek
from config.messages import Messages
from scheduler.clock import ONE_DAY, local_instant
from scheduler.messages import Attachment

if TYPE_CHECKING:
    from icalendar import Event

_NAME: Final = "week.ics"
_MEDIA_TYPE: Final = 'text/calendar; charset="utf-8"; method=PUBLISH'
_PROGRAM: Final = "-//Your coach//Your week//"


@dataclass(frozen=True, slots=True)
class Planned:
    """A session that has its day; `at` is local, None where no time was agreed.

    `ordinal` counts the item's days in the order of the plan, from 0: with the week and the exercise it says which
    session this is, also after it has moved. `version` is the plan's.
    """

    day: date
    at: time | None
    exercise: Exercise
    minutes: int
    ordinal: int
    version: int


def planned(days: Iterable[tuple[date, Version | None]]) -> Iterator[Planned]:
    """What the version in force on a day has planned for it; what happens inside walks has no place of its own."""
    for day, version in days:
        if version is None:
            continue
        for item in version.plan.items:
            for ordinal, slot in enumerate(item.planned or ()):
                if slot.day == day.weekday() and item.nested_in is None:
                    yield Planned(day, slot.at, item.exercise, item.dose.minutes, ordinal, version.number)


def agenda(sessions: Sequence[Planned], whom: UUID, zone: ZoneInfo, now: datetime, words: Messages) -> bytes:
    """The file. Sent again it replaces what it brought before: each event keeps its id, and counts the plan's versions.

    Times are UTC: each session happens once, so that an instant says all, and no calendar has to know our zones.

    Args:
        sessions: of the coming days.
        whom: a pseudonym, from which ids are made.
        zone: the person's.
        now: the moment, UTC.
        words: their language.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"{_PROGRAM}{words.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in sessions:
        calendar.add_component(_event(each, whom, zone, now, words))
    written: bytes = calendar.to_ical()
    return written


def attachments(
    sessions: Sequence[Planned], whom: UUID, zone: ZoneInfo, now: datetime, words: Messages
) -> tuple[Attachment, ...]:
    """The file for a letter; none where nothing has its day."""
    return (Attachment(_NAME, _MEDIA_TYPE, agenda(sessions, whom, zone, now, words)),) if sessions else ()


def _event(session: Planned, whom: UUID, zone: ZoneInfo, now: datetime, words: Messages) -> "Event":
    from icalendar import Event

    exercise = facts(session.exercise, words).one
    event = Event()
    event.add("uid", str(uuid5(whom, f"planned/{IsoWeek.of(session.day)}/{session.exercise}/{session.ordinal}")))
    event.add("sequence", session.version)
    event.add("dtstamp", now)
    if session.at is None:
        event.add("dtstart", session.day)
        event.add("dtend", session.day + ONE_DAY)
        event.add("transp", "TRANSPARENT")  # the day is not taken
    else:
        begins = local_instant(session.day, session.at, zone)
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=session.minutes))
    event.add(
        "summary", words.text("agenda.session", exercise=exercise[:1].upper() + exercise[1:], minutes=session.minutes)
    )
    event.add("class", "PRIVATE")
    return event
