"""A virtual machine: a controller, its services, and what its model sends a few times a second."""

import asyncio
import struct
from dataclasses import dataclass, field
from typing import Final

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address, HCI_ErrorCode
from bumble.link import LocalLink

from devices.ble.control_point import Op, Result
from devices.ble.gym.controller import Adapter
from devices.ble.gym.model import Faults, Model, Sent
from devices.ble.gym.rider import Rider

_ADVERTISED_EVERY_MS: Final = 100  # as most machines do while they look for a partner
_READ: Final = Characteristic.Properties.READ
_NOTIFY: Final = Characteristic.Properties.NOTIFY
_CONTROL: Final = Characteristic.Properties.WRITE | Characteristic.Properties.INDICATE

FITNESS_MACHINE: Final = 0x1826
CONTROL_POINT: Final = 0x2AD9
STATUS: Final = 0x2ADA
DEVICE_INFORMATION: Final = 0x180A
MANUFACTURER: Final = 0x2A29
MODEL: Final = 0x2A24
SERIAL: Final = 0x2A25


@dataclass
class Machine:
    """A machine of a gym; `Gym.add` makes it."""

    model: Model
    address: str
    rider: Rider
    link: LocalLink
    interval_s: float
    faults: Faults = field(default_factory=Faults)
    sent: list[Sent] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)
    target_w: float | None = None
    is_controlled: bool = False
    distance_m: float = 0.0

    async def power_on(self) -> None:
        self._adapter = Adapter(self.model.name, self.link)
        self._device = Device.with_hci(self.model.name, Address(self.address), self._adapter, self._adapter)
        self._known: dict[int, Characteristic[bytes]] = {}
        self._device.add_services([*map(self._service, self.model.services), self._about()])
        self._device.on(Device.EVENT_CONNECTION, self._connected)
        await self._device.power_on()
        self._background: set[asyncio.Task[None]] = set()
        self._advertising = asyncio.Lock()
        await self.come_back()
        self._began_s = asyncio.get_running_loop().time()
        self._do(self._beat())

    async def power_off(self) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self.vanish()
        self._adapter.forget()

    def vanish(self) -> None:
        """The battery is out, or the person walked away with it: no good-bye, no advertisements."""
        self._is_there = False
        self._adapter.le_legacy_advertiser.stop()
        for each in self._adapter.advertising_sets.values():
            each.stop()
        self._adapter.lose_connections()

    async def come_back(self) -> None:
        """Advertise, so that it can be found."""
        self._is_there = True
        async with self._advertising:
            if not self._adapter.le_connections and not self._device.is_advertising:
                await self._advertise()

    async def _advertise(self) -> None:
        data = AdvertisingData(
            [
                (AdvertisingData.Type.FLAGS, bytes([0x06])),
                (
                    AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                    struct.pack(f"<{len(self.model.services)}H", *self.model.services),
                ),
                (AdvertisingData.Type.COMPLETE_LOCAL_NAME, self.model.name.encode()),
            ]
        )
        await self._device.start_advertising(
            advertising_data=bytes(data),
            advertising_interval_min=_ADVERTISED_EVERY_MS,
            advertising_interval_max=_ADVERTISED_EVERY_MS,
        )

    async def say(self, characteristic: int, data: bytes) -> None:
        """Notify whoever is subscribed."""
        if any(self._device.gatt_server.subscribers.values()):
            self.sent.append(Sent(self.time_s, characteristic, data))
            await self._device.notify_subscribers(self._known[characteristic], data)

    @property
    def time_s(self) -> float:
        """Since it was switched on."""
        return asyncio.get_running_loop().time() - self._began_s

    async def _beat(self) -> None:
        due = asyncio.get_running_loop().time()
        while True:
            now = self.time_s
            self.distance_m += self.rider.at(now, self.target_w).speed_mps * self.interval_s
            if not self.faults.silent:
                for characteristic, data in self.model.frames(self, now):
                    await self.say(characteristic, data)
            due += self.interval_s
            await asyncio.sleep(due - asyncio.get_running_loop().time())

    def _connected(self, connection: Connection) -> None:
        connection.on(Connection.EVENT_DISCONNECTION, lambda _: self._do(self._parted()))
        if self.faults.taken:
            self._do(connection.disconnect(HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR))

    async def _parted(self) -> None:
        self.is_controlled, self.target_w = False, None
        if self._is_there:
            await self.come_back()

    def _do(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _service(self, service: int) -> Service:
        made = [self._made(number, value) for number, value in self.model.services[service].items()]
        if service == FITNESS_MACHINE and self.model.is_controlled:
            write = CharacteristicValue(write=self._commanded)
            made += [self._made(STATUS, None), self._of(CONTROL_POINT, _CONTROL, write)]
        return Service(UUID.from_16_bits(service), made)

    def _about(self) -> Service:
        """Device Information: manufacturer, model, serial number."""
        told = {MANUFACTURER: "Virtual Gym", MODEL: self.model.name, SERIAL: self.model.serial}
        return Service(
            UUID.from_16_bits(DEVICE_INFORMATION),
            [self._of(number, _READ, text.encode()) for number, text in told.items()],
        )

    def _made(self, number: int, value: bytes | None) -> "Characteristic[bytes]":
        return self._of(number, _NOTIFY if value is None else _READ, value or b"")

    def _of(
        self, number: int, properties: Characteristic.Properties, value: "bytes | CharacteristicValue[bytes]"
    ) -> "Characteristic[bytes]":
        permissions = Characteristic.READABLE | Characteristic.WRITEABLE
        made = Characteristic(UUID.from_16_bits(number), properties, permissions, value)
        self._known[number] = made
        return made

    def _commanded(self, _: Connection, data: bytes) -> None:
        """The control point, as the Fitness Machine Service asks: one answer for each command."""
        self.commands.append(bytes(data))
        self._do(self._answer(data[0], self._obeyed(data)))

    def _obeyed(self, data: bytes) -> Result:
        operation, given = data[0], data[1:]
        if self.faults.refuses or (operation != Op.REQUEST_CONTROL and not self.is_controlled):
            return Result.NOT_PERMITTED
        match operation:
            case Op.REQUEST_CONTROL:
                self.is_controlled = True
            case Op.RESET:
                self.is_controlled, self.target_w = False, None
            case Op.TARGET_POWER:
                self.target_w = float(int.from_bytes(given, "little", signed=True))
            case Op.TARGET_RESISTANCE:
                pass
            case _:
                return Result.NOT_SUPPORTED
        return Result.DONE

    async def _answer(self, operation: int, result: Result) -> None:
        if self.faults.deaf:
            return
        data = bytes([0x80, operation, result])
        await self._device.indicate_subscribers(self._known[CONTROL_POINT], data)
