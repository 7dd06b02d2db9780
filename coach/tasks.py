"""What is done later, by whoever works on the database. Each looks at what there is now: twice does no harm."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from sqlmodel import Session

from scheduler.queue import Task, defer

PLAN: Final = Task("plan", queue="plan")
"""Look at these persons, and put in the outbox what is worth saying."""

KEEP: Final = Task("keep", queue="weeks")
"""Judge and keep these persons' weeks that are settled."""

WORD: Final = Task("word", queue="letters")
"""Word what is due to these persons in some hours."""

TASKS: Final = (PLAN, KEEP, WORD)

# A look at one takes some 30 ms: half a second of work, beside which it is nothing to fetch the next.
TOGETHER: Final = 20


def spread(session: Session, task: Task, persons: Sequence[int]) -> int:
    """Have it done for all of them, some at a time; gives how many tasks are new. Others wait already: who is with whom
    is the same each time.
    """
    some = (list(each) for _, each in groupby(sorted(persons), lambda number: (number - 1) // TOGETHER))
    return sum(_deferred(session, task, each) for each in some)


def soon(session: Session, person: int) -> None:
    """Something came in of them: what there is to say of it is said soon, and weeks that it changed are kept again."""
    for task in (PLAN, KEEP):
        _deferred(session, task, [person])


def _deferred(session: Session, task: Task, persons: Sequence[int]) -> bool:
    return defer(session.connection(), task, {"persons": list(persons)}, key=",".join(map(str, persons)))
