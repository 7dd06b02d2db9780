"""A session with machines: each kept connected, all that they say recorded, one of them perhaps controlled."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from devices.ble.connections import Connection, State
from devices.ble.identity import Identity
from devices.ble.journal import Journal
from devices.ble.measurement import Quantity
from devices.ble.radio import Radio
from devices.ble.ramp import Limits, Manner, Moment
from devices.ble.reasons import Reason
from devices.ble.recorder import Recorder
from devices.ble.trainer import STEP_S, Trainer
from devices.errors import BluetoothError

Tell = Callable[[str], None]

_ROOM_EVERY_S: Final = 5.0
"""A disk fills in minutes, not in seconds."""


class Session:
    """What runs while somebody rides or walks; `running` starts it and ends it well.

    Args:
        radio: by which the machines are reached.
        journal: of a session that has just begun.
        machines: who is listened to, and looked for while they are away.
        limits: what a target never exceeds.
        tell: takes a sentence for the person.
    """

    def __init__(
        self, radio: Radio, journal: Journal, machines: Sequence[Identity], limits: Limits, tell: Tell
    ) -> None:
        self.radio, self.limits = radio, limits
        self.recorder = Recorder(journal)
        self.connections = [Connection(radio, each, self) for each in machines]
        self.trainer: Trainer | None = None
        self._tell_person = tell
        self._decided = asyncio.Event()
        self._is_live = False
        self._is_full = False
        self._told: dict[Connection, Reason] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect and record meanwhile; at the end release the trainer, hang up and close the record of the session.

        The journal stays open for whoever makes a file of it.
        """
        work = [each.run() for each in self.connections] + [self.recorder.keep(), self._steer(), self._look_for_room()]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            yield
        finally:
            await self.release("the session ends")
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.radio.close()
            self.recorder.finish()
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def first_live(self) -> None:
        """Wait until a machine is connected.

        Raises:
            BluetoothError: none was, in time, or none can be; with the reason of the first.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self.radio.timing.find_s):
                await self._decided.wait()
        if not self._is_live:
            first = self.connections[0]
            raise BluetoothError(first.reason or Reason.NOT_FOUND, first.identity.name)

    def control(self, connection: Connection, manner: Manner, value: float) -> None:
        """On the person's word, and on it alone."""
        if self.trainer is None:
            self.trainer = Trainer(connection, self.limits, self.tell)
        self.trainer.want(manner, value)

    async def release(self, why: str) -> None:
        if self.trainer is not None:
            await self.trainer.release(why)

    def pause(self) -> None:
        self.recorder.pause()
        if self.trainer is not None:
            self.trainer.ease_off()

    def resume(self) -> None:
        self.recorder.resume()

    def heard(self, connection: Connection, characteristic: str, data: bytes) -> None:
        self.recorder.heard(connection, characteristic, data)
        if self.trainer is not None and self.trainer.connection is connection:
            self.trainer.heard(characteristic, data)

    def changed(self, connection: Connection, state: State, reason: Reason | None) -> None:
        self.recorder.changed(connection, state, reason)
        if state is State.LIVE:
            self._is_live = True
            self._decided.set()
            self._told.pop(connection, None)
            self._tell_person(f"{connection.identity.name} is connected.")
        elif state is State.LOST and reason is not None:
            if reason.is_of_the_adapter:
                self._decided.set()
            if self._told.get(connection) is not reason:  # once, and not at each attempt
                self._told[connection] = reason
                self._tell_person(reason.told(connection.identity.name))
            if self.trainer is not None and self.trainer.connection is connection:
                self.trainer.lost()

    async def _steer(self) -> None:
        while True:
            await asyncio.sleep(STEP_S)
            if self.trainer is not None and not self.recorder.is_paused:
                await self.trainer.step(self._moment())
            self.recorder.target("" if self.trainer is None else self.trainer.held)

    def _moment(self) -> Moment:
        now = self.recorder.now
        return Moment(
            at_s=self.recorder.at_s,
            is_pedalling=bool(now(Quantity.CADENCE_RPM) or now(Quantity.POWER_W)),
            heart_rate_bpm=now(Quantity.HEART_RATE_BPM),
        )

    async def _look_for_room(self) -> None:
        """Warn before the disk is full, and say when it is and when it is no more."""
        journal = self.recorder.journal
        warned = False
        while True:
            if not warned and journal.has_little_room:
                warned = True
                self.tell("The disk is nearly full: make room soon. What is recorded is safe.")
            if bool(journal.waiting) is not self._is_full:
                self._is_full = bool(journal.waiting)
                self.tell(
                    "The disk is full: the session goes on in memory and is written as soon as there is room."
                    if self._is_full
                    else "There is room again: all of the session is written."
                )
            await asyncio.sleep(_ROOM_EVERY_S)

    def tell(self, sentence: str) -> None:
        self.recorder.note(sentence)
        self._tell_person(sentence)
