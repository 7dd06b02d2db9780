"""A clinician's plan comes in: held against today, and kept as the next version unless somebody else has set one."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.errors import ConflictError
from coach.plan.file import PlanFile, parsed
from coach.plan.model import Plan
from coach.store import people
from coach.store.tables import Person, key
from coach.weeks import YEARS, IsoWeek, day_of
from config.document import Document
from config.errors import LibraryError

_EAST: Final = timedelta(hours=14)  # where a day begins first


class ChangedMeanwhileError(ConflictError):
    """Another version was set since this one was begun: it would undo that."""


def checked(document: Document, now: datetime) -> PlanFile:
    """The file of a text, its days held against today.

    Raises:
        LibraryError: every problem of it, with file, line, key and what is allowed.
    """
    file = parsed(document)
    problems = []
    if file.plan.starts_on is not None and file.plan.starts_on.year not in YEARS:
        problems.append(document.problem(("plan", "starts_on"), "is no day of our time; one such as 2026-11-05"))
    if file.diagnosis is not None and file.diagnosis.made_on > (now + _EAST).date():
        problems.append(document.problem(("diagnosis", "made_on"), "lies in the future; the day it was made"))
    if problems:
        raise LibraryError(*problems)
    return file


def first_day(person: Person, before: tuple[int, Plan] | None, now: datetime) -> date:
    """Of a version of which nobody says more: today, or the day of the one that waits."""
    today = day_of(now, ZoneInfo(person.timezone))
    return today if before is None else max(today, before[1].starts_on)


def earliest(person: Person, latest: Plan, now: datetime) -> date:
    """The first day on which a new version may start: past weeks keep theirs, and versions follow one another."""
    return max(IsoWeek.of(day_of(now, ZoneInfo(person.timezone))).monday, latest.starts_on)


def prescribe(session: Session, person: Person, plan: Plan, after: int, now: datetime) -> int:
    """Keep a plan that was made of the version `after`; gives its number. The person is held meanwhile (`writing`).

    Raises:
        ChangedMeanwhileError: that is not the latest any more.
        UsageError: it would start too early.
    """
    latest = people.latest_plan(session, key(person))
    if latest is None or latest[0] != after:
        raise ChangedMeanwhileError(f"Version {after} is not the latest any more.")
    return people.add_plan(session, key(person), plan, now)
