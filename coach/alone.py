"""What is done for many, one after the other: one whose turn goes wrong stops no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import Logger

from sqlalchemy.exc import OperationalError

from scheduler.errors import whereabouts


@contextmanager
def alone(log: Logger, what: str, number: int) -> Iterator[None]:
    """One's turn. What goes wrong in it is logged, with where, and without what it quotes.

    Args:
        log: of the module that does it.
        what: for the log, with a `%d` for whose turn it is.
        number: theirs.

    Raises:
        OperationalError: the database's fault is everybody's.
    """
    try:
        yield
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 (see above)
        log.error(f"{what}: %s", number, whereabouts(error))  # noqa: G004, TRY400 (a traceback quotes content)
