"""A day as the plan has it: its sessions are done, and what is asked is answered calmly. For rehearsals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from coach import manual
from coach.adherence import ItemAdherence, undone
from coach.judged import standing
from coach.plan import Prescription
from coach.safety.model import CheckIn, Phase
from coach.store import check_ins, people
from coach.store.engine import reading, writing
from coach.store.tables import Person
from scheduler.clock import ONE_DAY, local_instant

_CALM: Final = 2
"""Pain, 0-10, at any time; less where the plan allows less."""

# Where no time was agreed: the first of a day after work, the others in the morning.
_TIMES: Final = (time(17, 30), time(10), time(11, 30))
_BEFORE: Final = timedelta(minutes=10)
_AFTER: Final = timedelta(minutes=20)
_MORNING: Final = time(8, 45)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that the person does at a moment of a local day."""

    at: datetime
    day: date
    does: Callable[[Session, Person, datetime], object]

    def happen(self, engine: Engine, person_id: int) -> None:
        with writing(engine, person_id) as session:
            self.does(session, session.get_one(Person, person_id), self.at)


def day_of_life(engine: Engine, person_id: int, day: date, now: datetime) -> list[Happening]:
    """The day's sessions with the answers around them, those of the next morning among them."""
    with reading(engine) as session:
        person = session.get_one(Person, person_id)
        found = people.plan_on(session, person_id, day)
        zone = ZoneInfo(person.timezone)
        at = max(now, local_instant(day, time(4), zone))
        stood = standing(session, person, at)
        if found is None or stood.eased:
            return []
        items = [each for each in stood.this_week.adherence.items if _is_for(each, day)]
        limit = min(_CALM, found[1].pain_limit_during)
    happens = []
    for item, clock in zip(items, _TIMES, strict=False):
        agreed = next((slot.at for slot in item.prescription.planned or () if slot.day == day.weekday()), None)
        begins = local_instant(day, agreed or clock, zone)
        if begins > now:
            happens += [Happening(at, day, does) for at, does in _session(item.prescription, begins, limit)]
    if happens:
        tomorrow = day + ONE_DAY
        happens.append(Happening(local_instant(tomorrow, _MORNING, zone), tomorrow, _tells(Phase.MORNING, limit)))
    return happens


def _is_for(item: ItemAdherence, day: date) -> bool:
    """Whether one of its sessions falls on that day: on those agreed, or spread over the week."""
    asked = item.prescription
    if asked.nested_in is not None or not undone(item):
        return False
    if asked.planned is not None:
        return any(slot.day == day.weekday() for slot in asked.planned)
    return day.weekday() in {round(n * 7 / asked.dose.sessions) for n in range(asked.dose.sessions)}


def _session(
    asked: Prescription, begins: datetime, pain: int
) -> Iterator[tuple[datetime, Callable[[Session, Person, datetime], object]]]:
    ends = begins + timedelta(minutes=asked.dose.minutes)
    told = manual.Told(asked.exercise, asked.dose.minutes, begins)
    yield begins - _BEFORE, _tells(Phase.PRE, pain)
    yield ends, lambda session, person, now: manual.enter(session, person, told, now)
    yield ends + _AFTER, _tells(Phase.POST, pain)


def _tells(phase: Phase, pain: int) -> Callable[[Session, Person, datetime], object]:
    return lambda session, person, now: check_ins.add(session, person.id or 0, CheckIn(now, phase, pain), now)
