"""A session that nothing recorded, as the person tells it. It counts, and is shown as self-report everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from coach.checking_in import faults_of_time
from coach.deleting import delete
from coach.effort import ALGORITHM, efforts_told
from coach.effort.told import BY_HAND
from coach.errors import ConflictError, UsageError
from coach.labels import faults
from coach.plan.exercises import Family, facts
from coach.plan.model import Exercise
from coach.store import activities, labels, manual, people
from coach.store.activities import Appraised, Measured
from coach.store.tables import Person, key
from devices.recording import Totals

# A day's hike is no plan's session, but happens; what is longer was a slip of the finger.
LONGEST_MIN: Final = 720
FARTHEST_M: Final = 200_000
LONGEST_NOTE: Final = 500


class TakenError(UsageError):
    """`other` was entered by hand for that time already."""

    def __init__(self, other: int) -> None:
        super().__init__(
            f"Session {other} was entered for that time already. `coach activity {other}` shows it, and "
            f"`coach log --remove {other}` takes it back."
        )
        self.other = other


_SPORTS: Final = {Family.WALK: "walking", Family.BIKE: "cycling", Family.SWIM: "swimming", Family.WATER: "swimming"}


@dataclass(frozen=True, slots=True)
class Told:
    """A session as the person tells it. A fast or an uphill walk is a walk, all of it fast or uphill.

    Attributes:
        started_at: None: it has just ended.
        fast, uphill: minutes of it; borg: effort, 6-20; water_c: the water's temperature.
    """

    exercise: Exercise
    minutes: int
    started_at: datetime | None = None
    fast: int = 0
    uphill: int = 0
    distance_m: float | None = None
    borg: int | None = None
    water_c: float | None = None
    note: str | None = None


def enter(session: Session, person: Person, told: Told, now: datetime) -> Measured:
    """Keep it, as a contact with a source too.

    Raises:
        UsageError: it cannot be meant, ends in the future or began before anybody's time.
        TakenError: another that was entered by hand lies at that time.
    """
    for fault in _faults(told):
        raise UsageError(fault)
    length = timedelta(minutes=told.minutes)
    started_at = now - length if told.started_at is None else told.started_at
    if started_at + length > now:  # a session is told when it is over
        raise UsageError("That session would end in the future. --at says when it began.")
    for fault in faults_of_time(started_at, person, now):
        raise UsageError(fault)
    other = manual.overlapping(session, key(person), started_at, started_at + length)
    if other is not None:
        raise TakenError(other)
    people.heard(session, key(person), "log", now)
    (measured,) = activities.add_activities(session, [_appraised(person, told, started_at, now)])
    labels.say(session, key(measured.activity), now, water_c=told.water_c, borg=told.borg)
    return activities.one(session, key(person), key(measured.activity))


def remove(session: Session, person: Person, activity_id: int, now: datetime) -> None:
    """Take back one that was entered by hand.

    Raises:
        NotFoundError: the person has no such activity.
        ConflictError: it was recorded.
    """
    found = activities.one(session, key(person), activity_id).activity
    if found.original_id is not None:
        raise ConflictError(
            f"Activity {activity_id} was recorded, and stays. `coach label {activity_id} EXERCISE` says what it was; "
            f"`coach activity {activity_id} --delete` deletes it."
        )
    delete(session, person, activity_id, now)


def _faults(told: Told) -> Iterator[str]:
    if not 1 <= told.minutes <= LONGEST_MIN:
        yield f"A session has 1 to {LONGEST_MIN} minutes."
    on_foot = facts(told.exercise).family is Family.WALK
    for name, part in (("fast", told.fast), ("uphill", told.uphill)):
        if part and not on_foot:
            yield f"Only a walk has {name} minutes."
        if not 0 <= part <= told.minutes:
            yield f"The {name} minutes are part of the session's {told.minutes}."
    if told.distance_m is not None and not 0 < told.distance_m <= FARTHEST_M:
        yield f"A distance is in metres, above 0 and at most {FARTHEST_M:,}."
    if told.note is not None and len(told.note) > LONGEST_NOTE:
        yield f"A note is a line, of {LONGEST_NOTE} characters at most."
    yield from faults(told.exercise, told.borg, told.water_c)


def _appraised(person: Person, told: Told, started_at: datetime, now: datetime) -> Appraised:
    exercise, fast, uphill = told.exercise, told.fast, told.uphill
    if exercise is Exercise.FAST_WALK:
        exercise, fast = Exercise.LEVEL_WALK, told.minutes
    elif exercise is Exercise.UPHILL_WALK:
        exercise, uphill = Exercise.LEVEL_WALK, told.minutes
    seconds = 60.0 * told.minutes
    row = {
        "person_id": person.id,
        "sport": _SPORTS[facts(exercise).family],
        "exercise": exercise,
        "exercise_reason": BY_HAND,
        "started_at": started_at,
        "ended_at": started_at + timedelta(seconds=seconds),
        "timezone": person.timezone,
        "records": 0,
        "lengths": 0,
        "active_lengths": 0,
        "notes": [told.note] if told.note else [],
        "algorithm": ALGORITHM,
        "received_at": now,
    }
    totals = Totals(elapsed_s=seconds, timer_s=seconds, moving_s=seconds, distance_m=told.distance_m)
    efforts = efforts_told(exercise, told.minutes, fast=fast, uphill=uphill)
    return Appraised(row, {"person": totals}, efforts)
