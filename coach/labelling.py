"""A person says of an activity what no sensor knows, or takes it back; what follows is measured and kept with it."""

from datetime import datetime

from sqlmodel import Session

from coach.errors import CoachError, UsageError
from coach.labels import check, faults
from coach.plan.model import Exercise
from coach.recorded import is_let_go
from coach.remeasure import keep, remeasured
from coach.store import activities, labels
from coach.store.access import What, note
from coach.store.activities import Measured
from coach.store.tables import Person, key


def label(
    session: Session,
    person: Person,
    activity_id: int,
    now: datetime,
    *,
    exercise: Exercise | None = None,
    borg: int | None = None,
    water_c: float | None = None,
) -> Measured:
    """Keep what is said; another exercise is measured anew from the original. What is None stays as it was.

    Raises:
        NotFoundError: the person has no such activity.
        UsageError: nothing is said, or it cannot be: the sentence tells what can.
    """
    row = activities.one(session, key(person), activity_id).activity
    if exercise is None and borg is None and water_c is None:
        raise UsageError("Say what it was: an exercise, --borg or --water-c; or --forget what was said.")
    was = exercise or (Exercise(row.exercise) if row.exercise else None)
    for fault in faults(was, borg, water_c):
        raise UsageError(fault)
    if exercise is not None:
        if row.original_id is None:
            raise UsageError(
                f"Session {activity_id} was entered by hand. `coach log --remove {activity_id}` takes it back; then "
                "enter it as it was."
            )
        check(exercise, row.sport)
    note(session, What.LABELLED, key(person), now)
    labels.say(session, activity_id, now, exercise=exercise, borg=borg, water_c=water_c)
    return (
        _measured_again(session, person, activity_id)
        if exercise is not None
        else _as_it_is(session, person, activity_id)
    )


def forget(session: Session, person: Person, activity_id: int, now: datetime) -> Measured:
    """Take back what was said; it counts as recorded, or as what was said of one like it before it came.

    Raises:
        NotFoundError: the person has no such activity.
        CoachError: nothing was said of it.
    """
    found = activities.one(session, key(person), activity_id)
    row, said = found.activity, found.label.exercise if found.label is not None else None
    if not labels.forget(session, activity_id):
        raise CoachError(f"Nothing was said of activity {activity_id}. It counts as it does: {row.exercise_reason}.")
    note(session, What.LABELLED, key(person), now)
    if row.original_id is None or said is None:
        return _as_it_is(session, person, activity_id)
    return _measured_again(session, person, activity_id)


def _measured_again(session: Session, person: Person, activity_id: int) -> Measured:
    if is_let_go(session, activities.one(session, key(person), activity_id).activity):
        raise CoachError(
            f"The file of activity {activity_id} is no longer kept, so it cannot be measured again and stays as it "
            "was. `coach retention` says how long files are kept."
        )
    if not keep(session, remeasured(session, person, [activity_id])):
        raise CoachError(f"The recording of activity {activity_id} cannot be read again, so it stays as it was.")
    return _as_it_is(session, person, activity_id)


def _as_it_is(session: Session, person: Person, activity_id: int) -> Measured:
    session.expire_all()
    return activities.one(session, key(person), activity_id)
