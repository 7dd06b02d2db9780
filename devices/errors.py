"""Everything that can be wrong with what a device gave us.

    DeviceError
    ├── SourceError          the place could not be read: missing, unreadable, a broken archive member
    ├── FitError             the bytes are not an activity we can take; carries the byte offset where known
    │   ├── NotFitError          not a FIT file at all
    │   ├── DamagedFitError      a FIT file of which nothing can be kept
    │   └── NotAnActivityError   a good FIT file of another kind (settings, course, workout, ...)
    ├── JournalError         a ride's journal cannot be begun or read
    └── BluetoothError       a radio or a machine does not take part; carries the reason

Each message is a sentence for the person who gave us the file; `offset` is for those who look closer.
"""

from devices.ble.reasons import Reason


class DeviceError(Exception):
    """The root of every error that this package raises on purpose."""


class SourceError(DeviceError):
    """A path, archive or member that cannot be read."""


class FitError(DeviceError):
    """A file that cannot be taken as an activity.

    Args:
        reason: a sentence for a person.
        offset: the byte (from the start of the file) where reading stopped, where it is known.
    """

    def __init__(self, reason: str, *, offset: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class NotFitError(FitError):
    """The bytes are not a FIT file."""


class DamagedFitError(FitError):
    """A FIT file from which no session can be saved."""


class NotAnActivityError(FitError):
    """A FIT file that holds something other than an activity."""


class JournalError(DeviceError):
    """A journal that cannot be begun, or of which nothing can be read."""


class BluetoothError(DeviceError):
    """A radio or a machine that does not take part.

    Args:
        reason: why; its sentence and its remedy are the message.
        name: the machine that it is about, where it is about one.
    """

    def __init__(self, reason: Reason, name: str | None = None) -> None:
        super().__init__(reason.told(name))
        self.reason = reason
        self.name = name
