"""What the radio's libraries raise, as the reason that it means."""

from collections.abc import Mapping, Sequence
from typing import Final

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)
from bleak_retry_connector import BleakNotFoundError

from devices.ble.reasons import Reason

RAISED: Final = (BleakError, OSError, EOFError, TimeoutError)
"""All that an attempt to use the radio ends with; a broken D-Bus is an EOFError or an OSError."""

_NOT_AVAILABLE: Final[Mapping[BleakBluetoothNotAvailableReason, Reason]] = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: Reason.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: Reason.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.POWERED_OFF: Reason.ADAPTER_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: Reason.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: Reason.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: Reason.NO_PERMISSION,
}

_DBUS: Final[Mapping[str, Reason]] = {
    "org.bluez.Error.InProgress": Reason.ADAPTER_STUCK,
    "org.bluez.Error.NotReady": Reason.ADAPTER_OFF,
    "org.bluez.Error.NotAuthorized": Reason.NO_PERMISSION,
    "org.freedesktop.DBus.Error.AccessDenied": Reason.NO_PERMISSION,
    "org.freedesktop.DBus.Error.ServiceUnknown": Reason.NO_SERVICE,
    "org.freedesktop.DBus.Error.NameHasNoOwner": Reason.NO_SERVICE,
    "org.freedesktop.DBus.Error.NoReply": Reason.ADAPTER_STUCK,
    "org.freedesktop.DBus.Error.UnknownObject": Reason.NOT_FOUND,
}

_WORDS: Final[Mapping[str, Reason]] = {
    "InProgress": Reason.ADAPTER_STUCK,  # also within what bleak-retry-connector says after its attempts
    "Operation already in progress": Reason.ADAPTER_STUCK,
}

_KINDS: Final[Sequence[tuple[type[BaseException], Reason]]] = (
    (PermissionError, Reason.NO_PERMISSION),
    (TimeoutError, Reason.TIMED_OUT),
    (OSError, Reason.NO_SERVICE),  # no D-Bus, or nobody at its other end
    (EOFError, Reason.NO_SERVICE),
    (BleakDeviceNotFoundError, Reason.NOT_FOUND),
    (BleakNotFoundError, Reason.NOT_FOUND),
)
"""The first that fits: TimeoutError and PermissionError are OSErrors too."""


def reason_of(error: BaseException, otherwise: Reason) -> Reason:
    """Why, as far as the error tells; it may be the cause of one that tells nothing."""
    found = _told(error)
    if found is None and error.__cause__ is not None:
        return reason_of(error.__cause__, otherwise)
    return found or otherwise


def _told(error: BaseException) -> Reason | None:
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _NOT_AVAILABLE.get(error.reason, Reason.NO_ADAPTER)
    if isinstance(error, BleakDBusError) and error.dbus_error in _DBUS:
        return _DBUS[error.dbus_error]
    by_word = (reason for word, reason in _WORDS.items() if word in str(error))
    by_kind = (reason for kind, reason in _KINDS if isinstance(error, kind))
    return next(by_word, None) or next(by_kind, None)
