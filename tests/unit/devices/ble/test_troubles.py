"""What the libraries raise, as reasons; each with its remedy."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)
from bleak_retry_connector import BleakConnectionError, BleakNotFoundError

from devices.ble import journals
from devices.ble.identity import Identity
from devices.ble.radio import Radio
from devices.ble.ramp import Limits
from devices.ble.reasons import Reason
from devices.ble.session import Session
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


def scanner_that_raises(error):
    class Scanner:
        def __init__(self, *_, **__) -> None:
            pass

        async def start(self) -> None:
            raise error

        async def stop(self) -> None:
            pass

    return Scanner


@pytest.mark.parametrize(("error", "reason"), [RAISED[0], RAISED[1], RAISED[3], RAISED[8]])
def test_an_adapter_that_does_not_take_part(error, reason):
    async def scan() -> None:
        radio = Radio(scanner=scanner_that_raises(error))
        for look in (radio.scan(), radio.find(lambda _: True)):
            with pytest.raises(BluetoothError) as raised:
                await look
            assert raised.value.reason is reason
        await radio.close()

    asyncio.run(scan())


def test_a_session_does_not_wait_for_an_adapter_that_is_off(tmp_path):
    async def begin() -> None:
        start = datetime(2026, 6, 1, tzinfo=UTC)
        journal = journals.begin(tmp_path, start, "cycling", "indoor_cycling", utc_offset=timedelta())
        radio = Radio(scanner=scanner_that_raises(RAISED[1][0]))
        session = Session(radio, journal, [Identity("Bike", "F0")], Limits(), lambda _: None)
        async with session.running():
            with pytest.raises(BluetoothError, match="switched off"):
                async with asyncio.timeout(5):
                    await session.first_live()
        journal.close()

    asyncio.run(begin())
