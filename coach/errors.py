"""What can go wrong that a person can mend. Each message is the sentence they read.

CoachError             exit code 1
├── UsageError         exit code 2: the words of the command are off
├── NotSetUpError      nobody is set up yet, or the person has no plan
├── NotFoundError      no such activity of this person; no watch is plugged in
├── ConflictError      it contradicts what is kept: a flare within a flare, clearing what is not locked
└── DatabaseError      the database cannot be opened or is of another version
"""

from typing import ClassVar


class CoachError(Exception):
    """The root of every error that this package raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(CoachError):
    exit_code = 2


class NotSetUpError(CoachError):
    pass


class NotFoundError(CoachError):
    pass


class ConflictError(CoachError):
    pass


class DatabaseError(CoachError):
    pass
