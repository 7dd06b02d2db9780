"""One Bluetooth adapter: looks for machines, and connects to one at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bleak import BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak_retry_connector import establish_connection

from devices.ble.reasons import Reason
from devices.ble.services import SERVICES, Service
from devices.ble.timing import USUAL, Timing
from devices.ble.troubles import RAISED, reason_of
from devices.errors import BluetoothError

_ATTEMPTS: Final = 2  # the first often meets what is left of the last link; whoever calls tries again anyway


@dataclass(frozen=True, slots=True)
class Sighting:
    """A machine as it advertises itself.

    Attributes:
        address: of the radio; on macOS a UUID that only this computer knows.
        services: those of its services that a session can be recorded from, the best first.
        rssi: how well it is heard, dBm.
    """

    address: str
    name: str
    services: tuple[Service, ...]
    rssi: int
    device: BLEDevice = field(repr=False, compare=False)

    @classmethod
    def of(cls, device: BLEDevice, told: AdvertisementData) -> "Sighting":
        services = [SERVICES[uuid] for uuid in map(str.lower, told.service_uuids) if uuid in SERVICES]
        name = told.local_name or device.name or device.address
        return cls(device.address, name, tuple(sorted(services, key=lambda each: each.rank)), told.rssi, device)


Wanted = Callable[[Sighting], bool]


class Radio:
    """An adapter; `scanner` and `client` stand in for the system's, as bleak's `backend`."""

    def __init__(
        self,
        timing: Timing = USUAL,
        *,
        scanner: type[BaseBleakScanner] | None = None,
        client: type[BaseBleakClient] | None = None,
    ) -> None:
        self.timing = timing
        self._scanner, self._client = scanner, client
        self._turn = asyncio.Lock()
        self._waiting: dict[asyncio.Future[Sighting], Wanted] = {}
        self._found = asyncio.Event()
        self._hunting: asyncio.Task[None] | None = None

    async def scan(self, duration_s: float | None = None) -> list[Sighting]:
        """Every machine that a session can be recorded from, the best heard first.

        Raises:
            BluetoothError: the adapter does not take part.
        """
        seen: dict[str, Sighting] = {}
        async with self._turn, self._scanning(lambda sighting: seen.update({sighting.address: sighting})):
            await asyncio.sleep(self.timing.scan_s if duration_s is None else duration_s)
        return sorted(seen.values(), key=lambda each: (-each.rssi, each.name))

    async def find(self, is_wanted: Wanted) -> Sighting:
        """Wait until a machine is seen; all who wait share one scan.

        Raises:
            BluetoothError: the adapter does not take part.
        """
        found: asyncio.Future[Sighting] = asyncio.get_running_loop().create_future()
        self._waiting[found] = is_wanted
        if self._hunting is None or self._hunting.done():
            self._hunting = asyncio.create_task(self._hunt())
        try:
            return await found
        finally:
            del self._waiting[found]

    @asynccontextmanager
    async def connected(self, sighting: Sighting, lost: Callable[[], None]) -> AsyncIterator[BleakClient]:
        """A connection; the block prepares it, and meanwhile nobody else scans or connects.

        `lost` is called when it breaks. Whatever fails within, it is ended; once prepared, it is the caller's to end.

        Raises:
            BluetoothError: it cannot be made or prepared.
        """
        async with self._turn:
            client = await self._established(sighting, lost)
            try:
                yield client
            except RAISED as error:
                await self.end(client)
                raise BluetoothError(reason_of(error, Reason.TAKEN), sighting.name) from error
            except BaseException:
                await self.end(client)
                raise

    async def end(self, client: BleakClient) -> None:
        """Hang up, in time or not at all."""
        try:
            async with asyncio.timeout(self.timing.step_s):
                await client.disconnect()
        except RAISED:
            pass  # it is gone, which is what was wanted

    async def close(self) -> None:
        if self._hunting is not None:
            self._hunting.cancel()
            await asyncio.gather(self._hunting, return_exceptions=True)

    async def _established(self, sighting: Sighting, lost: Callable[[], None]) -> BleakClient:
        try:
            async with asyncio.timeout(self.timing.connect_s):
                return await establish_connection(
                    BleakClient,
                    sighting.device,
                    sighting.name,
                    disconnected_callback=lambda _: lost(),
                    max_attempts=_ATTEMPTS,
                    backend=self._client,
                )
        except RAISED as error:
            raise BluetoothError(reason_of(error, Reason.TAKEN), sighting.name) from error

    @asynccontextmanager
    async def _scanning(self, noticed: Callable[[Sighting], object]) -> AsyncIterator[None]:
        def heard(device: BLEDevice, told: AdvertisementData) -> None:
            noticed(Sighting.of(device, told))

        try:
            async with BleakScanner(heard, service_uuids=list(SERVICES), backend=self._scanner):
                yield
        except RAISED as error:
            raise BluetoothError(reason_of(error, Reason.ADAPTER_STUCK)) from error

    async def _hunt(self) -> None:
        """Scan while anybody waits, slice by slice: between two, whoever was found connects."""
        try:
            while self._waiting:
                self._found.clear()
                async with self._turn, self._scanning(self._noticed):
                    try:
                        async with asyncio.timeout(self.timing.slice_s):
                            await self._found.wait()
                    except TimeoutError:
                        pass
                await asyncio.sleep(0)
        except BluetoothError as error:
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_exception(error)

    def _noticed(self, sighting: Sighting) -> None:
        for waiting, is_wanted in self._waiting.items():
            if not waiting.done() and is_wanted(sighting):
                waiting.set_result(sighting)
                self._found.set()
