"""What the libraries raise, as reasons; each with its remedy."""

import asyncio

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)
from bleak_retry_connector import BleakConnectionError, BleakNotFoundError

from devices.ble.radio import Radio
from devices.ble.reasons import Reason
from devices.ble.troubles import reason_of
from devices.errors import BluetoothError

NOT = BleakBluetoothNotAvailableReason
RAISED = [
    (BleakBluetoothNotAvailableError("", NOT.NO_BLUETOOTH), Reason.NO_ADAPTER),
    (BleakBluetoothNotAvailableError("", NOT.POWERED_OFF), Reason.ADAPTER_OFF),
    (BleakBluetoothNotAvailableError("", NOT.DENIED_BY_USER), Reason.NO_PERMISSION),
    (BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"]), Reason.ADAPTER_STUCK),
    (BleakDBusError("org.bluez.Error.NotReady", []), Reason.ADAPTER_OFF),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), Reason.NO_PERMISSION),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), Reason.NO_SERVICE),
    (BleakConnectionError("failed: [org.bluez.Error.InProgress]"), Reason.ADAPTER_STUCK),
    (FileNotFoundError(2, "No such file or directory"), Reason.NO_SERVICE),
    (PermissionError(13, "Permission denied"), Reason.NO_PERMISSION),
    (EOFError(), Reason.NO_SERVICE),
    (TimeoutError(), Reason.TIMED_OUT),
    (BleakDeviceNotFoundError("F0"), Reason.NOT_FOUND),
    (BleakNotFoundError("gone"), Reason.NOT_FOUND),
    (BleakError("something else"), Reason.TAKEN),
]


@pytest.mark.parametrize(("error", "reason"), RAISED, ids=lambda each: getattr(each, "name", type(each).__name__))
def test_a_reason_for_each(error, reason):
    assert reason_of(error, Reason.TAKEN) is reason


def test_the_cause_tells_where_the_error_does_not():
    error = BleakConnectionError("after 2 attempts")
    error.__cause__ = BleakDBusError("org.bluez.Error.NotReady", [])
    assert reason_of(error, Reason.TAKEN) is Reason.ADAPTER_OFF


@pytest.mark.parametrize("reason", Reason)
def test_each_says_what_it_is_and_what_to_do(reason):
    told = reason.told("Bike")
    assert told.endswith(".")
    assert told.count(".") >= 2
    assert "{" not in told
    assert reason.told().split()[0][0].isupper()


@pytest.mark.parametrize(("error", "reason"), [RAISED[0], RAISED[1], RAISED[3], RAISED[8]])
def test_an_adapter_that_does_not_take_part(error, reason):
    class Scanner:
        def __init__(self, *_, **__) -> None:
            pass

        async def start(self) -> None:
            raise error

        async def stop(self) -> None:
            pass

    async def scan() -> None:
        radio = Radio(scanner=Scanner)
        for look in (radio.scan(), radio.find(lambda _: True)):
            with pytest.raises(BluetoothError) as raised:
                await look
            assert raised.value.reason is reason
        await radio.close()

    asyncio.run(scan())
