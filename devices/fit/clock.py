"""When it was: FIT's seconds as UTC, also where a device's clock was never set.

A timestamp below 0x10000000 counts seconds since the device was switched on (FIT SDK, `date_time`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from devices.errors import DamagedFitError
from devices.fit.messages import Messages, number

FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
FIRST_DATE_S: Final = 0x10000000
"""In FIT seconds (mid 1998); anything before is seconds since power-up."""
_END_S: Final = 2**32  # February 2126, when FIT has no more numbers

_WEST_S, _EAST_S = -12 * 3600, 14 * 3600  # where the world's time zones end

_NO_DATE = "The device's clock was never set and the file says no date, so there is no day to put this on."
_ABSURD_DATE = "The file's dates are absurd, so there is no day to put this on. Copy it from the device again."
_FROM_LOCAL = (
    "The device's clock was never set; the date comes from its local time when it saved, taken as UTC, "
    "and may be wrong."
)


@dataclass(frozen=True, slots=True)
class Clock:
    """From a file's own seconds to dates.

    Attributes:
        shift_s: what to add to the file's seconds to have FIT seconds; 0 where the clock was set.
        utc_offset: local time less UTC in whole minutes as the device believed it; None where it did not say,
            or said something that is no time zone (the FIT epoch, another month).
        note: where the date had to be worked out, how.
    """

    shift_s: float
    utc_offset: timedelta | None
    note: str | None = None

    def date(self, seconds: float) -> datetime:
        """Raises DamagedFitError where there is no such date."""
        told = seconds + self.shift_s
        if not FIRST_DATE_S <= told < _END_S:
            raise DamagedFitError(_ABSURD_DATE)
        return FIT_EPOCH + timedelta(seconds=told)


def clock(messages: Messages, start: float, end: float) -> Clock:
    """The clock of a file whose first and last moments, in its own seconds, are these.

    Raises:
        DamagedFitError: there is no date to be had.
    """
    activity = messages.first("activity")
    saved, local = number(activity, "timestamp"), number(activity, "local_timestamp")
    if start >= FIRST_DATE_S:
        return Clock(0.0, _offset(saved, local))
    if local is None or local < FIRST_DATE_S:
        raise DamagedFitError(_NO_DATE)
    relative = saved is not None and start <= saved < FIRST_DATE_S
    return Clock(local - (saved if saved is not None and relative else end), None, _FROM_LOCAL)


def _offset(saved: float | None, local: float | None) -> timedelta | None:
    if saved is None or local is None or not _WEST_S <= local - saved <= _EAST_S:
        return None
    return timedelta(minutes=round((local - saved) / 60))
