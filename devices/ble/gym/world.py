"""The gym: machines within reach of one Bluetooth adapter, and the backends by which `bleak` finds them."""

import logging
from types import TracebackType
from typing import Final, Self

from bumble.device import Device
from bumble.hci import Address
from bumble.link import LocalLink

from devices.ble.gym.client import GymClient
from devices.ble.gym.controller import Adapter
from devices.ble.gym.machine import Machine
from devices.ble.gym.model import Model
from devices.ble.gym.rider import Rider
from devices.ble.gym.scanner import GymScanner

_BEAT_S: Final = 0.25  # the fastest that machines commonly send


class Gym:
    """Within `async with`, machines can be added, and `scanner` and `client` handed to bleak as `backend`."""

    def __init__(self) -> None:
        self.machines: list[Machine] = []
        self.scanner: type[GymScanner]
        self.client: type[GymClient]

    async def __aenter__(self) -> Self:
        logging.getLogger("bumble").setLevel(logging.CRITICAL)  # it warns of what is meant to happen here
        self._link = LocalLink()  # type: ignore[no-untyped-call]
        self._adapter = Adapter("host", self._link)
        self.device = Device.with_hci("host", Address("F0:00:00:00:00:01"), self._adapter, self._adapter)
        await self.device.power_on()
        self.scanner = type("GymScanner", (GymScanner,), {"device": self.device})
        self.client = type("GymClient", (GymClient,), {"device": self.device})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for machine in self.machines:
            await machine.power_off()
        await self.device.power_off()

    async def add(self, model: Model, rider: Rider | None = None, *, interval_s: float = _BEAT_S) -> Machine:
        """A machine that is switched on, with somebody on it."""
        address = f"F0:00:00:00:01:{len(self.machines):02X}"
        machine = Machine(model, address, rider or Rider(), self._link, interval_s)
        self.machines.append(machine)
        await machine.power_on()
        return machine
