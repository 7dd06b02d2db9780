"""What Apprise says in its log of a failure: of all that stands there, URLs and tokens too, only the status."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from re import search
from threading import Lock
from typing import Final


class Witness(logging.Filter):
    """Lets nothing pass, and keeps the HTTP status that Apprise was answered with, where it says so."""

    status: int | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        if (said := search(r"\berror=(\d{3})\b", record.getMessage())) is not None:
            self.status = int(said[1])
        return False


_witness: Final = Witness()
_apprise: Final = logging.getLogger("apprise")
_apprise.addFilter(_witness)
_apprise.setLevel(logging.WARNING)
for _below in ("urllib3", "requests"):
    logging.getLogger(_below).setLevel(logging.CRITICAL + 1)  # by which Apprise sends; they tell URLs as well

# It sends on threads of its own, so that what is said belongs to whoever is sending only while nobody else is.
_one_at_a_time: Final = Lock()


@contextmanager
def witnessed() -> Iterator[Witness]:
    """Listens while one message is sent."""
    with _one_at_a_time:
        _witness.status = None
        yield _witness
