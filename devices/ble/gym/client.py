"""The client of a gym, behind `bleak.BleakClient`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, Final, TypeVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble import core
from bumble.att import ATT_Error
from bumble.device import Connection, Device, Peer
from bumble.gatt import Characteristic

_MTU: Final = 247  # what phones and computers commonly ask for
_PROPERTIES: Final[dict[Characteristic.Properties, CharacteristicPropertyName]] = {
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}

Result = TypeVar("Result")


class GymClient(BaseBleakClient):
    """`Gym` makes one of its own of it: bleak wants a class, and hands nothing over."""

    device: ClassVar[Device]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **_: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._connection: Connection | None = None

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return _MTU

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_: Any) -> None:  # noqa: ARG002
        if self._connection is not None:
            raise BleakError("Client is already connected")
        try:
            self._connection = await self.device.connect(self.address, timeout=self._timeout)
        except (core.TimeoutError, core.ConnectionError) as error:
            raise BleakDeviceNotFoundError(self.address, str(error)) from error
        self._connection.on(Connection.EVENT_DISCONNECTION, self._parted)
        try:
            self._peer = Peer(self._connection)
            await self._asked(self._peer.request_mtu(_MTU))
            await self._asked(self._peer.discover_all())  # type: ignore[no-untyped-call]
        except BaseException:
            await self.disconnect()
            raise
        self.services = self._collected()

    async def disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.disconnect()

    def _parted(self, _reason: int) -> None:
        self._connection, self.services = None, None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _asked(self, work: Awaitable[Result]) -> Result:
        """What waits for an answer when the link is lost, bumble cancels; that is no cancelling of ours."""
        try:
            return await work
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._connection is not None or (task is not None and task.cancelling()):
                raise
            raise BleakError("Disconnected") from None

    def _collected(self) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in self._peer.services:
            kept = BleakGATTService(service, service.handle, _uuid(service.uuid))
            found.add_service(kept)
            for each in service.characteristics:
                properties = [name for flag, name in _PROPERTIES.items() if each.properties & flag]
                uuid = _uuid(each.uuid)
                found.add_characteristic(
                    BleakGATTCharacteristic(each, each.handle, uuid, properties, lambda: _MTU - 3, kept)
                )
        return found

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        return bytearray(await self._asked(self._peer.read_value(characteristic.obj)))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        await self._asked(self._peer.write_value(characteristic.obj, bytes(data), with_response=response))

    async def start_notify(self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any) -> None:
        await self._asked(self._peer.subscribe(characteristic.obj, lambda data: callback(bytearray(data))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._asked(self._peer.unsubscribe(characteristic.obj))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        raise NotImplementedError

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        raise NotImplementedError

    async def pair(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError


def _uuid(uuid: core.UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str(separator="-").strip("-"))
