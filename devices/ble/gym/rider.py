"""An invented person on a machine: the same seed rides the same ride."""

from dataclasses import dataclass
from functools import lru_cache
from math import exp
from random import Random
from typing import Final

_WARMING_UP_S: Final = 90  # how long a heart takes to follow an effort, two thirds of the way
_RESTING_BPM: Final = 72
_BEATS_A_WATT: Final = 0.55


@dataclass(frozen=True, slots=True)
class Effort:
    """What a machine and its sensors could measure in one second."""

    power_w: int
    cadence_rpm: float  # half turns, as machines send them
    speed_mps: float
    heart_rate_bpm: int


@dataclass(frozen=True, slots=True)
class Rider:
    """Rides at a wish of their own until a trainer holds a power.

    Attributes:
        rests: stretches [from, to), in seconds, in which they do not move.
    """

    seed: int = 1
    power_w: float = 55
    cadence_rpm: float = 68
    speed_mps: float = 6.2
    rests: tuple[tuple[float, float], ...] = ()

    def at(self, time_s: float, target_w: float | None = None) -> Effort:
        """The effort of the second that `time_s` is in."""
        return _effort(self, int(time_s), self.power_w if target_w is None else target_w)


@lru_cache(maxsize=64)  # each machine asks several times a second, of the same second
def _effort(rider: Rider, second: int, power_w: float) -> Effort:
    chance = Random(f"{rider.seed}:{second}")  # noqa: S311 (a ride, no secret)
    heart = _RESTING_BPM + _BEATS_A_WATT * power_w * (1 - exp(-second / _WARMING_UP_S))
    if any(start <= second < end for start, end in rider.rests):
        return Effort(0, 0.0, 0.0, round(heart))
    return Effort(
        power_w=max(1, round(power_w + chance.gauss(0, 3))),
        cadence_rpm=round(2 * (rider.cadence_rpm + chance.gauss(0, 1.5))) / 2,
        speed_mps=round(rider.speed_mps * 360 + chance.gauss(0, 20)) / 360,  # 0.01 km/h, a machine's grain
        heart_rate_bpm=round(heart + chance.gauss(0, 1)),
    )
