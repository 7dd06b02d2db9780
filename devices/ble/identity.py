"""Which machine it is: what is remembered of one, and whether one that is seen, or connected, can be it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from bleak import BleakClient

from devices.ble.device_information import CHARACTERISTICS, information
from devices.ble.radio import Sighting
from devices.ble.troubles import RAISED


@dataclass(frozen=True, slots=True)
class Identity:
    """A machine.

    Attributes:
        address: of the radio; macOS gives a UUID of its own, and some sensors change theirs.
        serial: by which it is told from another of its kind; None where it does not say.
        services: UUIDs of those that a session can be recorded from.
    """

    name: str
    address: str
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    services: tuple[str, ...] = ()

    @classmethod
    def seen(cls, sighting: Sighting) -> Self:
        return cls(sighting.name, sighting.address, services=tuple(each.uuid for each in sighting.services))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what `told` gave."""
        known = {name: told.get(name) for name in ("name", "address", "manufacturer", "model", "serial")}
        return cls(**known, services=tuple(told.get("services", ())))  # type: ignore[arg-type]

    @property
    def told(self) -> Mapping[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name,
            "address": self.address,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "serial": self.serial,
            "services": list(self.services),
        }

    def may_be(self, sighting: Sighting) -> bool:
        """By its address; where that may have changed, by the name of one whose serial number can be asked for."""
        return sighting.address == self.address or (self.serial is not None and sighting.name == self.name)

    def contradicts(self, other: Self) -> bool:
        """Both have a serial number, and they differ."""
        return None not in (self.serial, other.serial) and self.serial != other.serial


async def ask(client: BleakClient, sighting: Sighting, step_s: float) -> Identity:
    """Who it is by its Device Information, as far as it says."""
    read: dict[str, bytes] = {}
    for uuid in CHARACTERISTICS:
        characteristic = client.services.get_characteristic(uuid)
        if characteristic is not None and "read" in characteristic.properties:
            with suppress(*RAISED):  # it may want to be paired first, and is as good without
                async with asyncio.timeout(step_s):
                    read[uuid] = bytes(await client.read_gatt_char(characteristic))
    about = information(read)
    offered = {each.uuid for each in client.services}
    services = tuple(each.uuid for each in sighting.services) or tuple(sorted(offered))
    return Identity(sighting.name, sighting.address, about.manufacturer, about.model, about.serial_number, services)
