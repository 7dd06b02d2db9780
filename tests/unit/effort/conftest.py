"""Recordings made by hand: columns, a timer, and what is left out of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from coach.effort import Effort, Predicate, efforts_of
from coach.plan import Exercise
from devices.recording import Length, Recording, Span

START = datetime(2026, 11, 2, 18, tzinfo=UTC)


class Bench:
    """Makes recordings and measures them. A column is a number, or a value for each of the record's times."""

    def recording(
        self,
        seconds: float | None = None,
        *,
        sport: str = "walking",
        sub_sport: str | None = None,
        time_s: Sequence[float] | None = None,
        timer: Sequence[tuple[float, float]] | None = None,
        lengths: Sequence[tuple[float, float, bool]] = (),
        pool_length_m: float | None = None,
        **columns: Any,
    ) -> Recording:
        at = np.arange((seconds or 0) + 1, dtype=np.float64) if time_s is None else np.asarray(time_s, np.float64)
        end = float(seconds if seconds is not None else at[-1])
        return Recording(
            sport=sport,
            sub_sport=sub_sport,
            start=START,
            columns=MappingProxyType(
                {"time_s": at, **{name: np.broadcast_to(np.float64(each), at.shape) for name, each in columns.items()}}  # type: ignore[dict-item]
            ),
            timer=tuple(Span(*each) for each in ([(0.0, end)] if timer is None else timer)),
            lengths=tuple(Length(Span(start, stop), active=active) for start, stop, active in lengths),
            pool_length_m=pool_length_m,
        )

    def efforts(self, recording: Recording, exercise: str = "level_walk") -> dict[Predicate, Effort]:
        return {each.predicate: each for each in efforts_of(recording, Exercise(exercise))}

    def walk(self, seconds: float | None = None, **given: Any) -> dict[Predicate, Effort]:
        return self.efforts(self.recording(seconds, **given))

    def hill(
        self, *slopes: tuple[float, float], speed: float = 1.25, noise: float = 0.0, seed: int = 0, **given: Any
    ) -> Recording:
        """A walk along stretches of (seconds, per cent), under a barometer as noisy as that of section 4."""
        rng = np.random.default_rng(seed)
        grades = np.concatenate([np.full(int(each), per_cent / 100) for each, per_cent in slopes])
        seconds = len(grades)
        distance = np.concatenate(([0.0], np.cumsum(np.full(seconds, speed))))
        altitude = np.concatenate(([0.0], np.cumsum(grades * speed)))
        # White 0.3 m, coloured 0.6 m over 20 s, drift 1 m an hour.
        keep = np.exp(-1 / 20)
        coloured, steps = np.zeros(seconds + 1), rng.normal(0, 0.6 * np.sqrt(1 - keep**2), seconds + 1)
        for index in range(1, seconds + 1):
            coloured[index] = keep * coloured[index - 1] + steps[index]
        rough = rng.normal(0, 0.3, seconds + 1) + coloured + np.arange(seconds + 1) / 3600
        return self.recording(seconds, distance_m=distance, altitude_m=300 + altitude + noise * rough, **given)


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()
