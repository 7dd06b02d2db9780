"""What people want to hear of, rule by rule."""

from datetime import datetime, time
from typing import Final

from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from coach.nudges.wishes import Wish, Wishes
from coach.store.asking import PERSON, Asked, ask
from coach.store.told import NudgePreference

_WISHES: Final = sql_select(
    *(col(NudgePreference.rule), col(NudgePreference.off), col(NudgePreference.snoozed_until), col(NudgePreference.at))
).where(col(NudgePreference.person_id) == PERSON)


def wishes(asked: Asked, person_id: int) -> Wishes:
    return Wishes({rule: Wish(*wish) for rule, *wish in ask(asked, _WISHES, person=person_id)})


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
