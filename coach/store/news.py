"""Of whom there is something new since one looked last: what came in, what was told, what was chosen."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from coach.store.access import AccessLog
from coach.store.tables import Activity, ActivityLabel, Contact, Person, PlanVersion
from coach.store.told import CheckInRow, ExcusalRow, FlareRow, PlanLock, SignAnswers, StepChoice

Marks = Mapping[int, Any]
"""How far each of them had grown; without those that had not begun to."""

# For each, a column that grows with what is new, and whose it is.
_GROWING: Final[tuple[tuple[Any, Any], ...]] = (
    (Person.id, Person.id),
    (PlanVersion.id, PlanVersion.person_id),
    (Activity.id, Activity.person_id),
    (ActivityLabel.said_at, Activity.person_id),
    (Contact.at, Contact.person_id),
    (CheckInRow.id, CheckInRow.person_id),
    (SignAnswers.id, SignAnswers.person_id),
    (PlanLock.cleared_at, PlanLock.person_id),
    (FlareRow.id, FlareRow.person_id),
    (FlareRow.ended_at, FlareRow.person_id),
    (ExcusalRow.id, ExcusalRow.person_id),
    (StepChoice.at, StepChoice.person_id),
    (AccessLog.id, AccessLog.person_id),  # whatever else was changed, such as their time zone
)


# In one statement: a look at the log that they all are is short.
_MARKS: Final = select(*(select(func.max(grows)).scalar_subquery() for grows, _ in _GROWING))


def marks(session: Session) -> Marks:
    """As far as everything has grown by now."""
    found = session.connection().execute(_MARKS).one()
    return {number: mark for number, mark in enumerate(found) if mark is not None}


def of_each(session: Session, since: Marks) -> Mapping[int, Marks]:
    """Of whom there is something new, and how far what is theirs has grown.

    What was the last one then is among it: a number that was taken back is given to the next that comes.
    """
    persons: dict[int, dict[int, Any]] = {}
    for number, (grows, person) in enumerate(_GROWING):
        new = grows >= since[number] if number in since else grows.is_not(None)
        # Neither `distinct` nor joined: SQLite would read a whole table in the order of its persons, or of its numbers.
        of_label = select(person).where(col(Activity.id) == col(ActivityLabel.activity_id)).scalar_subquery()
        whose = of_label if grows is ActivityLabel.said_at else person
        for person_id, mark in session.connection().execute(select(whose, grows).where(new)):
            if person_id is not None:
                theirs = persons.setdefault(person_id, {})
                theirs[number] = max(mark, theirs.get(number, mark))
    return persons


# What comes in by a task of its own, or with what does.
_COME_IN: Final = frozenset(
    n for n, (grows, _) in enumerate(_GROWING) if grows in {Activity.id, Contact.at, AccessLog.id}
)
# A moment is known before it is written down.
_A_WHILE: Final = timedelta(minutes=1)


def goes_beyond(marks: Marks, others: Marks) -> bool:
    """Whether something has grown further, or may have: what is told bears the moment at which somebody began to tell
    it, or a number that was taken back and is given anew.
    """
    return any(number not in others or _is_later(number, mark, others[number]) for number, mark in marks.items())


def _is_later(number: int, mark: Any, other: Any) -> bool:
    if number in _COME_IN:
        return bool(mark > other)
    return bool(mark >= (other - _A_WHILE if isinstance(other, datetime) else other))


def written(marks: Marks) -> dict[str, Any]:
    """As JSON, by the names of what grows: another program may look at more, or at less."""
    return {
        str(_GROWING[number][0]): mark.isoformat() if isinstance(mark, datetime) else mark
        for number, mark in marks.items()
    }


def read(state: Mapping[str, Any]) -> Marks:
    """What `written` wrote."""
    names = {str(grows): number for number, (grows, _) in enumerate(_GROWING)}
    return {
        names[name]: datetime.fromisoformat(mark) if isinstance(mark, str) else mark
        for name, mark in state.items()
        if name in names
    }
