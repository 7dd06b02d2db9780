"""Questions that are asked of every person, again and again: statements put together once, with parameters.

To put one together costs more than to ask it, and an object of a table's class more than all else of it: so these name
columns, and give rows.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.sql.base import Executable
from sqlmodel import Session

from scheduler.columns import UtcDateTime

EVER: Final = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""From when and until when, where nobody says."""

PERSON: Final[BindParameter[int]] = bindparam("person")


def moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime())


SINCE: Final = moment("since")
UNTIL: Final = moment("until")


def ask(session: Session, statement: Executable, **given: Any) -> Sequence[Any]:
    """The rows of the answer; what the session has been told before is in it."""
    session.flush()
    return session.connection().execute(statement, given).all()
