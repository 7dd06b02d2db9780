"""`coach log`, `coach label` and deleting: what no sensor knows, told by the person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text
from sqlmodel import Session

from coach import shapes
from coach.app import open_app
from coach.cautions import cautions
from coach.cli.output import err, out, print_json, when
from coach.deleting import delete as deleted
from coach.errors import UsageError
from coach.labelling import forget as taken_back
from coach.labelling import label as labelled
from coach.locks import lock_line
from coach.manual import Told, enter
from coach.manual import remove as removed
from coach.plan import Exercise, facts
from coach.store import activities as stored
from coach.store import locks, people, performances
from coach.store.activities import Measured
from coach.store.tables import Person, key
from config.messages import catalogue
from scheduler.clock import local_instant


def log(told: Told, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    with people.changing(app.engine, who) as (session, person):
        zone = ZoneInfo(person.timezone)
        at = told.started_at
        if at is not None and at.utcoffset() is None:  # the person's own time
            at = local_instant(at.date(), at.time(), zone)
        measured = enter(session, person, replace(told, started_at=at), now)
        row = measured.activity
        told_of = [*cautions(session, person, measured), *_locks(session, person, now)]
        others = stored.at_the_same_time(session, row)
        document = _document(session, measured, told_of)
    if as_json:
        print_json(document)
    else:
        what = facts(Exercise(row.exercise or "")).one
        out.print(
            Text(f"Session {row.id}: a {what} of {told.minutes} min, {when(row.started_at, zone)} (self-report).")
        )
        for each in others:
            err.print(
                f"Activity {each} was recorded at that time. If it is the same session, `coach log --remove {row.id}` "
                f"takes this one back, and `coach label {each} EXERCISE` says what it was."
            )
    _tell(told_of)


def remove(activity_id: int, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        removed(session, person, activity_id, app.clock())
    if as_json:
        print_json({"removed": activity_id})
    else:
        out.print(f"Session {activity_id} is taken back.")


def delete(activity_id: int, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        deleted(session, person, activity_id, app.clock())
    if as_json:
        print_json({"removed": activity_id})
    else:
        out.print(f"Activity {activity_id} is deleted. No sync brings it back; `coach import --again FILE` does.")


def label(
    activity_id: int,
    exercise: str | None,
    borg: int | None,
    water_c: float | None,
    who: str | None,
    *,
    forget: bool,
    as_json: bool,
) -> None:
    if forget and (exercise, borg, water_c) != (None, None, None):
        raise UsageError("--forget takes back what was said; it goes with nothing else.")
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        if forget:
            measured = taken_back(session, person, activity_id, app.clock())
        else:
            said = None if exercise is None else known(exercise)
            measured = labelled(session, person, activity_id, app.clock(), exercise=said, borg=borg, water_c=water_c)
        row, told_of = measured.activity, cautions(session, person, measured)
        document = _document(session, measured, told_of)
    if as_json:
        print_json(document)
    else:
        what = facts(Exercise(row.exercise)).one if row.exercise else "nothing in a plan"
        out.print(Text(f"Activity {activity_id} counts as {what}: {row.exercise_reason}."))
    _tell(told_of)


def known(exercise: str) -> Exercise:
    """The exercise of that name, also as people write it.

    Raises:
        UsageError: with those there are.
    """
    try:
        return Exercise(exercise.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise UsageError(f"There is no exercise '{exercise}'. Known: {', '.join(Exercise)}.") from None


def _locks(session: Session, person: Person, now: datetime) -> Iterator[str]:
    """That the plan is locked: what was done is kept, and earns nothing."""
    in_force = people.plan_on(session, key(person), now.astimezone(ZoneInfo(person.timezone)).date())
    if (lock := locks.holding(session, key(person), now)) is not None:
        yield lock_line(lock, person)
    elif in_force is not None and in_force[1].locked:
        yield catalogue().text("about.locked")


def _document(session: Session, measured: Measured, told_of: list[str]) -> shapes.Shape:
    number = key(measured.activity)
    efforts = performances.efforts_of([number], session).get(number, {})
    overlaps = stored.overlapping(session, measured.activity)
    return {**shapes.activity_in_full(measured, overlaps, efforts), "advice": told_of}


def _tell(told_of: list[str]) -> None:
    """Also beside JSON: a caution is for the person, whoever reads the rest."""
    for each in told_of:
        err.print(Text(each, "bold"))
