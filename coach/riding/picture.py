"""A moment of a live session, as a value that any face can show."""

from dataclasses import dataclass

from coach.riding.asked import Asked
from devices.ble.connections import State
from devices.ble.trainer import Hold


@dataclass(frozen=True, slots=True)
class Picture:
    """A moment of a session.

    Attributes:
        elapsed_s: since it began; active_s: while something moved and nothing was paused.
        target: what the trainer holds now; None where it holds nothing.
        said: the last sentences for the person, the newest last.
    """

    asked: Asked
    elapsed_s: float
    active_s: float
    is_paused: bool
    power_w: float | None
    cadence_rpm: float | None
    heart_rate_bpm: float | None
    speed_mps: float | None
    hold: Hold
    target: float | None
    machines: tuple[tuple[str, State], ...]
    pain: int | None
    waiting_bytes: int
    said: tuple[str, ...]

    @property
    def left_s(self) -> float | None:
        """Of the plan's item; None where it asks for nothing."""
        item = self.asked.item
        return None if item is None else max(0.0, item.dose.minutes * 60 - self.active_s)

    @property
    def cadence_hint(self) -> str | None:
        band = self.asked.cadence_rpm
        if band is None or not self.cadence_rpm or band.low <= self.cadence_rpm <= band.high:
            return None
        return f"a little {'faster' if self.cadence_rpm < band.low else 'slower'}, {band.low}-{band.high} rpm"
