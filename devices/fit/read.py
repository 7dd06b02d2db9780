"""Bytes of a FIT file -> what was recorded."""

from dataclasses import dataclass

from devices.fit import fast
from devices.fit.activity import assemble
from devices.fit.messages import Damage
from devices.recording import Recording


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

    Raises:
        NotFitError: the bytes are no FIT file.
        NotAnActivityError: they are one of another kind (settings, course, workout, monitoring).
        DamagedFitError: nothing of it can be saved, or it has no date.
    """
    messages = fast.decode(data)
    return FitFile(assemble(messages), messages.damage)
