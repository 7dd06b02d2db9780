"""Everything that can be wrong with sending what is due.

    SchedulerError
    ├── NaiveDatetimeError   a moment without a time zone on its way into the database (also a ValueError)
    ├── DraftError           a nudge that could never be sent as asked; names its rule and period
    ├── ChannelError         a channel's settings do not make sense; never repeats a password
    │   └── PrivateAddressError  it leads into a private network
    └── LockError            the home cannot be locked
        └── AlreadyRunningError  because another scheduler holds it

What goes wrong with one message is no exception but an `Outcome`, and ends in its delivery row.
"""

import traceback
from datetime import datetime
from pathlib import Path


class SchedulerError(Exception):
    """The root of every error that this package raises on purpose."""


class NaiveDatetimeError(SchedulerError, ValueError):
    """A datetime without a time zone: nobody can tell which moment it means."""

    def __init__(self, value: datetime) -> None:
        super().__init__(f"{value.isoformat()} has no time zone: pass an aware datetime, for example in UTC.")
        self.value = value


class DraftError(SchedulerError, ValueError):
    """A nudge that could never be sent as asked."""

    def __init__(self, rule: str, period: str, reason: str) -> None:
        super().__init__(f"Nudge {rule} for {period}: {reason}")
        self.rule = rule
        self.period = period
        self.reason = reason


class ChannelError(SchedulerError, ValueError):
    """A channel that cannot be set up; the sentence says which setting to look at."""


class PrivateAddressError(ChannelError):
    """A server of one's own network, or this machine: nobody may have the coach knock there unasked."""

    def __init__(self) -> None:
        super().__init__(
            "The server has an address of a private network. COACH_ALLOW_PRIVATE_ADDRESSES=true allows those."
        )


class LockError(SchedulerError):
    """The lock file of a home cannot be opened."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"Cannot lock {path}: {reason}.")
        self.path = path


class AlreadyRunningError(LockError):
    """Another scheduler works on this home; two would send everything twice as eagerly."""

    def __init__(self, path: Path) -> None:
        SchedulerError.__init__(
            self,
            f"Another scheduler is already running on {path.parent}. Stop that one first, or leave it to it.",
        )
        self.path = path


def whereabouts(error: BaseException) -> str:
    """An error's type and the line that raised it: `KeyError at week.py:31`.

    Its own sentence is left out on purpose, for it may quote a name, an address or a message.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
