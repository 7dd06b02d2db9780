"""One machine, kept connected for as long as a session runs, however often its link breaks."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NoReturn, Protocol

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from devices.ble import control_point, features, machine_status
from devices.ble.identity import Identity, ask
from devices.ble.radio import Radio, Sighting
from devices.ble.reasons import Reason
from devices.ble.services import DECODERS
from devices.ble.troubles import RAISED, reason_of
from devices.errors import BluetoothError

_LISTENED_TO: Final = frozenset({*DECODERS, control_point.UUID, machine_status.UUID})
_READ: Final = (features.FEATURE, features.POWER_RANGE, features.RESISTANCE_RANGE)
_NOTIFYING: Final = frozenset({"notify", "indicate"})


class State(StrEnum):
    SOUGHT = "sought"
    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


class Listener(Protocol):
    """Who is told what comes of a machine; in the event loop, and it does not wait for anything."""

    def heard(self, connection: "Connection", characteristic: str, data: bytes) -> None: ...

    def changed(self, connection: "Connection", state: State, reason: Reason | None) -> None: ...


class Connection:
    """A machine that is looked for, connected, listened to, and looked for again; `run` never ends by itself.

    Attributes:
        identity: as it was remembered, and more once it was connected.
        state: what it is doing; `reason` why it was lost last.
        read: what it says of itself, by characteristic: its features and the ranges of its targets.
        heard_s: when it was last heard, on the loop's clock.
    """

    def __init__(self, radio: Radio, identity: Identity, listener: Listener) -> None:
        self.identity = identity
        self.state = State.SOUGHT
        self.reason: Reason | None = None
        self.read: Mapping[str, bytes] = {}
        self.heard_s = 0.0
        self._radio, self._listener = radio, listener
        self._client: BleakClient | None = None
        self._lost = asyncio.Event()
        self._others: set[str] = set()
        self._has_spoken = False

    async def run(self) -> NoReturn:
        """Until it is cancelled; then it hangs up."""
        timing = self._radio.timing
        wait_s = timing.first_wait_s
        while True:
            self._has_spoken = False
            try:
                reason = await self._once()
            except BluetoothError as error:
                reason = error.reason
            self._change(State.LOST, reason)
            await asyncio.sleep(wait_s)
            wait_s = timing.first_wait_s if self._has_spoken else min(timing.longest_wait_s, 2 * wait_s)

    async def write(self, characteristic: str, data: bytes) -> None:
        """With response, in time.

        Raises:
            BluetoothError: it is not connected, has no such characteristic, or did not take it.
        """
        name = self.identity.name
        if self._client is None:
            raise BluetoothError(Reason.LINK_LOST, name)
        try:
            async with asyncio.timeout(self._radio.timing.step_s):
                await self._client.write_gatt_char(characteristic, data, response=True)
        except RAISED as error:
            raise BluetoothError(reason_of(error, Reason.LINK_LOST), name) from error

    def has(self, characteristic: str) -> bool:
        """Whether it is connected and offers that."""
        return self._client is not None and self._client.services.get_characteristic(characteristic) is not None

    async def _once(self) -> Reason:
        """One link, from the first advertisement to its end; gives why it ended."""
        self._change(State.SOUGHT)
        sighting = await self._radio.find(self._is_it)
        self._change(State.CONNECTING)
        self._lost.clear()
        async with self._radio.connected(sighting, self._lost.set) as client:
            await self._prepare(client, sighting)
        try:
            self._change(State.LIVE)
            return await self._watch()
        finally:
            self._client = None
            await self._radio.end(client)

    def _is_it(self, sighting: Sighting) -> bool:
        return sighting.address not in self._others and self.identity.may_be(sighting)

    async def _prepare(self, client: BleakClient, sighting: Sighting) -> None:
        """Make sure who it is, read what it can do, and listen.

        Raises:
            BluetoothError: it is another, or has nothing to record.
        """
        step_s = self._radio.timing.step_s
        found = await ask(client, sighting, step_s)
        if self.identity.contradicts(found):
            self._others.add(sighting.address)
            raise BluetoothError(Reason.ANOTHER, sighting.name)
        offered = {each.uuid: each for each in client.services.characteristics.values()}
        if not offered.keys() & DECODERS.keys():
            raise BluetoothError(Reason.NO_FITNESS_SERVICE, sighting.name)
        read: dict[str, bytes] = {}
        for uuid in offered.keys() & set(_READ):
            async with asyncio.timeout(step_s):
                read[uuid] = bytes(await client.read_gatt_char(offered[uuid]))
        self.identity, self.read, self._client = found, read, client
        self.heard_s = asyncio.get_running_loop().time()
        for uuid in sorted(offered.keys() & _LISTENED_TO):
            if _NOTIFYING & set(offered[uuid].properties):
                async with asyncio.timeout(step_s):
                    await client.start_notify(offered[uuid], self._hear)

    def _hear(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        self.heard_s = asyncio.get_running_loop().time()
        self._has_spoken = True
        self._listener.heard(self, characteristic.uuid, bytes(data))

    async def _watch(self) -> Reason:
        """Wait until the link is lost, or nothing has come over it for too long."""
        loop, silent_s = asyncio.get_running_loop(), self._radio.timing.silent_s
        while (left_s := self.heard_s + silent_s - loop.time()) > 0:
            try:
                async with asyncio.timeout(left_s):
                    await self._lost.wait()
            except TimeoutError:
                continue
            return Reason.LINK_LOST
        return Reason.SILENT

    def _change(self, state: State, reason: Reason | None = None) -> None:
        self.state, self.reason = state, reason or self.reason
        self._listener.changed(self, state, reason)
