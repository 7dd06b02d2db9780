"""What happens while somebody rides or walks: their words, the plan's limits, and a picture of the moment.

A face shows the picture and hands on what the person says; nothing here knows which face it is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from coach.riding.asked import Asked
from coach.riding.picture import Picture
from devices.ble.connections import Connection
from devices.ble.measurement import Quantity
from devices.ble.ramp import Manner
from devices.ble.session import Session
from devices.ble.trainer import Hold, can_hold
from devices.ble.uuids import assigned

FITNESS_MACHINE: Final = assigned(0x1826)

_LOOK_EVERY_S: Final = 1.0
# Who answers the warning-sign questions elsewhere, on a phone or by another person, is heard within this.
_LOCK_EVERY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants of this session: so many minutes, and a target, by their own word."""

    minutes: float | None = None
    manner: Manner | None = None
    target: float = 0.0


class Ride:
    """A session under a plan.

    Args:
        session: with its machines; it is run here.
        asked: what the plan asks of it.
        wish: of the person.
        is_locked: whether a warning sign has locked the plan by now; it may take a moment.
    """

    def __init__(self, session: Session, asked: Asked, wish: Wish, is_locked: Callable[[], bool]) -> None:
        self.session, self.asked, self.wish = session, asked, wish
        self.ended = asyncio.Event()
        self.has_warning_sign = False
        self.is_live = False
        self._began_s = 0.0
        self._is_locked = is_locked
        self._active_s = 0.0
        self._pain: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect, record and steer; `ended` is set when it should end.

        Raises:
            BluetoothError: none of the machines could be connected.
        """
        async with self.session.running():
            await self.session.first_live()
            self.is_live, self._began_s = True, self.session.recorder.at_s
            self._take_up_the_wish()
            work = [asyncio.create_task(each) for each in (self._count(), self._heed_locks())]
            try:
                yield
            finally:
                for task in work:
                    task.cancel()
                await asyncio.gather(*work, *self._tasks, return_exceptions=True)  # a release is done to its end

    @property
    def elapsed_s(self) -> float:
        """Since the first machine was connected."""
        return self.session.recorder.at_s - self._began_s

    def end(self) -> None:
        self.ended.set()

    def pause_or_resume(self) -> None:
        if self.session.recorder.is_paused:
            self.session.resume()
        else:
            self.session.pause()

    def pain(self, score: int) -> None:
        """A score of now, 0-10; at the plan's limit the target is released at once."""
        self._pain = score
        self.session.recorder.pain(score)
        if score >= self.asked.pain_limit:
            self._release(f"pain {score}, and the plan's limit is {self.asked.pain_limit}")

    def warning_sign(self) -> None:
        """Whatever it is: the target is released, and the session ends."""
        self.has_warning_sign = True
        self._release("a warning sign")
        self.end()

    def picture(self, said: tuple[str, ...]) -> Picture:
        session, now = self.session, self.session.recorder.now
        trainer = session.trainer
        aim = None if trainer is None or trainer.hold is not Hold.HOLDING else trainer.aim
        return Picture(
            asked=self.asked,
            elapsed_s=self.elapsed_s,
            active_s=self._active_s,
            is_paused=session.recorder.is_paused,
            power_w=now(Quantity.POWER_W),
            cadence_rpm=now(Quantity.CADENCE_RPM),
            heart_rate_bpm=now(Quantity.HEART_RATE_BPM),
            speed_mps=now(Quantity.SPEED_MPS),
            hold=Hold.NOT_ASKED if trainer is None else trainer.hold,
            target=None if aim is None else aim.held,
            machines=tuple((each.identity.name, each.state) for each in session.connections),
            pain=self._pain,
            waiting_bytes=session.recorder.journal.waiting,
            said=said,
        )

    def _take_up_the_wish(self) -> None:
        """The person's word, where the plan lets it count."""
        if self.wish.manner is None:
            return
        if self.asked.no_target is not None:
            self.session.tell(f"The session is recorded without a target: {self.asked.no_target}.")
            return
        self.session.control(self._trainer(self.wish.manner), self.wish.manner, self.wish.target)

    def _trainer(self, manner: Manner) -> Connection:
        """Of several machines the one that can, or may once it is connected; else the first will say that it cannot."""
        every = self.session.connections
        able = [each for each in every if can_hold(each, manner)]
        perhaps = [each for each in every if FITNESS_MACHINE in each.identity.services]
        return (able or perhaps or every)[0]

    def _release(self, why: str) -> None:
        task = asyncio.create_task(self.session.release(why))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _count(self) -> None:
        """Seconds in which something moves; when there were as many as were wanted, it ends."""
        recorder = self.session.recorder
        moving = (Quantity.POWER_W, Quantity.CADENCE_RPM, Quantity.SPEED_MPS)
        before_s = recorder.at_s
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            now_s = recorder.at_s
            if not recorder.is_paused and any(recorder.now(each) for each in moving):
                self._active_s += now_s - before_s
            before_s = now_s
            if self.wish.minutes is not None and self.elapsed_s >= self.wish.minutes * 60:
                self.end()

    async def _heed_locks(self) -> None:
        while True:
            await asyncio.sleep(_LOCK_EVERY_S)
            with suppress(Exception):  # a database that is busy or full is asked again
                if await asyncio.to_thread(self._is_locked):
                    await self.session.release("a warning sign has locked the plan")
                    return
