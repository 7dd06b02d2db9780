"""A trainer that holds a power or a resistance, only on the person's word, and lets go at once when it must.

It is never started nor resumed, and a treadmill is never told anything: only a machine that sends Indoor Bike Data and
says that it takes the target is asked for control.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from devices.ble import control_point, features, indoor_bike, machine_status
from devices.ble.connections import Connection, State
from devices.ble.control_point import Op, Result
from devices.ble.machine_status import Event
from devices.ble.ramp import Aim, Limits, Manner, Moment, let_go, step
from devices.errors import BluetoothError

STEP_S: Final = 1.0
"""As often as a target changes while it rises; machines take a command in a tenth of that."""
_ANSWER_S: Final = 3.0
"""Machines answer within a second; who has not after three does not."""
_PATIENCE: Final = 3
"""Commands that fail in a row, before a machine counts as one that refuses."""

_TAKEN_AWAY: Final = frozenset({Event.CONTROL_LOST, Event.RESET, Event.STOPPED, Event.STOPPED_BY_SAFETY_KEY})


class Hold(StrEnum):
    """Whether a trainer holds what the person wants."""

    NOT_ASKED = "not asked"  # they have not given their word, or the plan does not allow it
    WAITING = "waiting"  # for a connection, or for the pedals to turn
    HOLDING = "holding"
    REFUSED = "refused"
    RELEASED = "released"


class Trainer:
    """The control of one machine. Whoever listens to its connection hands on what is heard and what changes.

    Args:
        connection: to the machine.
        limits: what a ride never exceeds.
        tell: takes a sentence for the person, whenever something about the control changes.
    """

    def __init__(self, connection: Connection, limits: Limits, tell: Callable[[str], None]) -> None:
        self.connection, self.limits = connection, limits
        self.hold = Hold.NOT_ASKED
        self.aim: Aim | None = None
        self._tell = tell
        self._has_control = False
        self._failures = 0
        self._one_at_a_time = asyncio.Lock()
        self._asked: int | None = None
        self._answer: asyncio.Future[Result] | None = None

    @property
    def held(self) -> str:
        """What the machine holds now, with its unit; empty for nothing."""
        if self.aim is None or self.aim.held is None or self.hold is not Hold.HOLDING:
            return ""
        return f"{self.aim.held:g} {self.aim.manner.unit}".rstrip()

    def want(self, manner: Manner, value: float) -> None:
        """The person's word. What is above the limit is said and not asked for."""
        most = self.limits.most(manner)
        if value > most:
            self._tell(f"{value:g} {manner.unit} is above the limit: {most:g} {manner.unit} it is.")
        self.aim, self.hold = Aim(manner, min(value, most)), Hold.WAITING

    async def step(self, now: Moment) -> None:
        """Once a second: bring what is held nearer to what is wanted."""
        if self.aim is None or self.hold not in (Hold.WAITING, Hold.HOLDING) or self.connection.state is not State.LIVE:
            return
        following = step(self.aim, self.limits, now)
        if following.eased > self.aim.eased:
            self._tell(f"The heart rate is above {self.limits.heart_rate_bpm:g}: the target is eased.")
        if following.held is None or following.held == self.aim.held:
            self.aim = following
        elif await self._is_in_control(following.manner):
            await self._set(following, following.held)

    def ease_off(self) -> None:
        """A pause, or a break of the link: what was held is held again only once the person pedals."""
        if self.aim is not None and self.hold is Hold.HOLDING:
            self.aim, self.hold = let_go(self.aim), Hold.WAITING

    async def release(self, why: str) -> None:
        """At once, and for good: no target is set again in this session.

        The machine is asked to reset, which ends the target and gives control back; one that does not is told to
        hold nothing. A command that is under way is not waited for.
        """
        if self.hold in (Hold.WAITING, Hold.HOLDING):
            self._tell(f"The target is released: {why}.")
            self.hold = Hold.RELEASED
        may_have_control = self._has_control or self._asked == Op.REQUEST_CONTROL
        self._has_control = False
        self._take_for_answered(Result.UNKNOWN)
        if not may_have_control or self.aim is None:
            return
        if await self._command(control_point.reset(), releases=True) is not Result.DONE:
            await self._command(self.aim.manner.command(0), releases=True)

    def heard(self, characteristic: str, data: bytes) -> None:
        """An answer; or a status: what is done at the machine itself comes before what we want."""
        if characteristic == control_point.UUID:
            answer = control_point.answer(data)
            if answer is not None and answer.op == self._asked:
                self._take_for_answered(answer.result)
        elif characteristic == machine_status.UUID and machine_status.status(data).event in _TAKEN_AWAY:
            self.lost()

    def lost(self) -> None:
        """Control is gone, or the link: it is asked for again once the pedals turn."""
        self._has_control = False
        self.ease_off()

    async def _is_in_control(self, manner: Manner) -> bool:
        if not self._has_control:
            if not can_hold(self.connection, manner):
                self._give_up(f"it takes no target in {manner.unit}")
                return False
            result = await self._command(control_point.request_control())
            self._has_control = result is Result.DONE
            if result in (Result.NOT_PERMITTED, Result.NOT_SUPPORTED, Result.FAILED):
                self._give_up("it does not allow control")
        return self._has_control

    async def _set(self, following: Aim, held: float) -> None:
        result = await self._command(following.manner.command(held))
        if self.hold not in (Hold.WAITING, Hold.HOLDING) or result is None:
            return
        if result is Result.DONE:
            self.aim, self.hold, self._failures = following, Hold.HOLDING, 0
            return
        self._has_control = result is not Result.NOT_PERMITTED
        self._failures += 1
        if self._failures >= _PATIENCE:
            self._give_up("it does not take the target")

    def _give_up(self, why: str) -> None:
        if self.hold is not Hold.RELEASED:
            self.hold = Hold.REFUSED
            name = self.connection.identity.name
            self._tell(f"{name} is not controlled: {why}. The ride is recorded without targets.")

    async def _command(self, data: bytes, *, releases: bool = False) -> Result | None:
        """One at a time; None where the link broke, no answer came, or the target has been released meanwhile."""
        async with self._one_at_a_time:
            if self.hold is Hold.RELEASED and not releases:
                return None
            self._asked = data[0]
            self._answer = asyncio.get_running_loop().create_future()
            try:
                await self.connection.write(control_point.UUID, data)
                async with asyncio.timeout(_ANSWER_S):
                    return await self._answer
            except (BluetoothError, TimeoutError):
                return None
            finally:
                self._asked = self._answer = None

    def _take_for_answered(self, result: Result) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(result)


def can_hold(connection: Connection, manner: Manner) -> bool:
    """A bike that is connected, has a control point, and says that it takes such a target."""
    told = features.features(connection.read.get(features.FEATURE, b""))
    return connection.has(indoor_bike.UUID) and connection.has(control_point.UUID) and manner.target in told.takes
