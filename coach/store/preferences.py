"""What people want to hear of, rule by rule."""

from datetime import datetime, time

from sqlmodel import Session, select

from coach.nudges.wishes import Wish, Wishes
from coach.store.told import NudgePreference


def wishes(session: Session, person_id: int) -> Wishes:
    rows = session.exec(select(NudgePreference).where(NudgePreference.person_id == person_id))
    return Wishes({row.rule: Wish(row.off, row.snoozed_until, row.at) for row in rows})


def turn_off(session: Session, person_id: int, rule: str) -> None:
    """Not wanted any more, until they say otherwise."""
    row = _row(session, person_id, rule)
    row.off, row.snoozed_until = True, None
    session.add(row)


def turn_on(session: Session, person_id: int, rule: str, at: time | None = None) -> None:
    """Wanted, and not asleep any more; `at` None leaves its time as it was."""
    row = _row(session, person_id, rule)
    row.off, row.snoozed_until = False, None
    row.at = at or row.at
    session.add(row)


def snooze(session: Session, person_id: int, rule: str, until: datetime) -> None:
    row = _row(session, person_id, rule)
    row.snoozed_until = until
    session.add(row)


def _row(session: Session, person_id: int, rule: str) -> NudgePreference:
    found = session.get(NudgePreference, (person_id, rule))
    return found or NudgePreference(person_id=person_id, rule=rule)
