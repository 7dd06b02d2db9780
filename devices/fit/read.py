"""Bytes of a FIT file -> what was recorded."""

import logging
from dataclasses import dataclass

from devices.errors import DamagedFitError, FitError
from devices.fit import fast
from devices.fit.activity import assemble
from devices.fit.messages import Damage, Messages
from devices.recording import Recording

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FitFile:
    """What a FIT file amounts to.

    Attributes:
        recordings: one for each session, in order of time; never none.
        damage: None for a whole file; otherwise what is wrong with it and from which byte on. The recordings
            then hold what could be read.
    """

    recordings: tuple[Recording, ...]
    damage: Damage | None = None


def read(data: bytes) -> FitFile:
    """Everything that can be had from the bytes of a FIT file.

    A fault of the fast lane's own costs a file some time, not the person their session.

    Raises:
        NotFitError: the bytes are no FIT file.
        NotAnActivityError: they are one of another kind (settings, course, workout, monitoring).
        DamagedFitError: nothing of it can be saved, or it has no date.
    """
    try:
        return _recorded(fast.decode(data))
    except FitError:
        raise
    except Exception as error:  # noqa: BLE001 (a fault that nobody foresaw)
        # Rows and columns are read when they are looked at, so it may come up late.
        log.warning("the fast lane stumbled over a file of %d bytes: %s", len(data), type(error).__name__)
        return _read_slowly(data)


def _read_slowly(data: bytes) -> FitFile:
    """By fitparse; a fault that comes up once more is not the decoder's but the file's."""
    from devices.fit import fallback

    try:
        return _recorded(fallback.decode(data))
    except FitError:
        raise
    except Exception as error:
        raise DamagedFitError(fallback.NOT_YET) from error


def _recorded(messages: Messages) -> FitFile:
    return FitFile(assemble(messages), messages.damage)
