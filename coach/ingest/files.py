"""A file as it was found, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from coach.store.activities import Measured


class Outcome(StrEnum):
    STORED = "stored"
    PARTIAL = "partial"  # what could be read is stored
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    Attributes:
        reason: a sentence for the person, None where all went well.
        damage: what of a partial one was lost, without what can be done about it.
    """

    path: str
    outcome: Outcome
    sha256: str | None = None
    reason: str | None = None
    activities: tuple[Measured, ...] = ()
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was found: its hash, or why it could not be read."""

    path: str
    sha256: str | None
    reason: str | None = None
