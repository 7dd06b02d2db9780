"""What a trainer is told to hold next: a pure step from what it holds to what the person wants, within limits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Final, NamedTuple

from devices.ble.control_point import target_power, target_resistance
from devices.ble.features import Target

EASE_EVERY_S: Final = 15.0
"""A heart follows a change of power within half a minute: by half of that, in small steps, it is not overtaken."""


class Manner(NamedTuple):
    """A way to make pedalling harder or easier.

    Attributes:
        start: where a target begins once the pedals turn.
        rise: what it may rise by each second.
        ease: what it falls by while the heart beats too fast.
    """

    unit: str
    target: Target
    start: float
    rise: float
    ease: float
    command: Callable[[float], bytes]


# 20 W is where the example plans begin at the lowest (clinical rules, section 3). From there to 60 W in eight seconds:
# a back that is stiff in the morning does not like to be surprised.
POWER: Final = Manner("W", Target.POWER, start=20.0, rise=5.0, ease=5.0, command=target_power)
# Levels are the machine's own, often of 0 to 100: as slowly as a person turns a knob.
RESISTANCE: Final = Manner("levels", Target.RESISTANCE, start=0.0, rise=2.0, ease=2.0, command=target_resistance)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a ride never exceeds; None is no limit. The plan's, handed over by whoever knows it."""

    power_w: float | None = None
    heart_rate_bpm: float | None = None

    def most(self, manner: Manner) -> float:
        return self.power_w if manner is POWER and self.power_w is not None else inf


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known of the person when a target is worked out."""

    at_s: float
    is_pedalling: bool
    heart_rate_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted of a trainer and what it holds.

    Attributes:
        wanted: by the person's word, within the limits.
        held: what it was told last; None since it was connected, paused or let go.
        eased: how much less than wanted, because the heart beat too fast.
        eased_at_s: when that was changed last.
    """

    manner: Manner
    wanted: float
    held: float | None = None
    eased: float = 0.0
    eased_at_s: float = -inf


def step(aim: Aim, limits: Limits, now: Moment) -> Aim:
    """The aim a second later; `held` is what to tell the trainer, where it has changed.

    Nothing is held before the person pedals: not at the start, not after a reconnect, not after a pause. Up goes
    slowly, down at once.
    """
    if aim.held is None and not now.is_pedalling:
        return aim
    if _beats_too_fast(limits, now) and now.at_s - aim.eased_at_s >= EASE_EVERY_S:
        aim = replace(aim, eased=aim.eased + aim.manner.ease, eased_at_s=now.at_s)
    most = max(0.0, min(aim.wanted, limits.most(aim.manner)) - aim.eased)
    return replace(aim, held=min(aim.manner.start if aim.held is None else aim.held + aim.manner.rise, most))


def _beats_too_fast(limits: Limits, now: Moment) -> bool:
    ceiling, heart_rate = limits.heart_rate_bpm, now.heart_rate_bpm
    return ceiling is not None and heart_rate is not None and heart_rate > ceiling


def let_go(aim: Aim) -> Aim:
    """Nothing is held any more, until the person pedals again."""
    return replace(aim, held=None)
