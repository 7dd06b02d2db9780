"""Invented sessions, as a watch and a trainer would record them: a second a record, a little noise, no GPS."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import numpy as np

from devices.recording import Column, ColumnName, Device, Lap, Length, Recording, Span, Totals

_WATCH: Final = Device("development", "demo watch")
_TRAINER: Final = Device("development", "demo trainer")
_POOL_M: Final = 25.0
_HILL_FROM_S: Final = 180.0
_STRIDE_M: Final = 0.72  # a step of a person of middle height at a walking pace


def walk(start: datetime, minutes: int, *, steps_per_minute: float = 108, hill_minutes: int = 0) -> Recording:
    """A walk; `hill_minutes` of it, from the third minute on, climb at six per cent."""
    rng, seconds = np.random.default_rng(minutes), minutes * 60
    at = np.arange(seconds + 1, dtype=np.float64)
    spm = steps_per_minute + rng.normal(0, 2, at.size)
    speed_mps = spm / 60 * _STRIDE_M
    distance_m = np.cumsum(np.concatenate(([0.0], speed_mps[1:])))
    climbing = (at >= _HILL_FROM_S) & (at < _HILL_FROM_S + hill_minutes * 60)
    altitude_m = 120 + np.cumsum(np.where(climbing, speed_mps * 0.06, 0.0)) + rng.normal(0, 0.1, at.size)
    return _recording(
        "walking",
        "generic",
        start,
        _WATCH,
        {
            "time_s": at,
            "heart_rate_bpm": np.round(98 + 14 * (1 - np.exp(-at / 180)) + 12 * climbing + rng.normal(0, 1, at.size)),
            "cadence_rpm": np.round(spm) / 2,
            "speed_mps": speed_mps,
            "distance_m": distance_m,
            "altitude_m": altitude_m,
        },
        ascent_m=float(np.ptp(altitude_m)) if hill_minutes else 0.0,
    )


def ride(start: datetime, minutes: int, *, power_w: float = 60, cadence_rpm: float = 68) -> Recording:
    """A quiet ride on an indoor trainer."""
    rng, seconds = np.random.default_rng(minutes), minutes * 60
    at = np.arange(seconds + 1, dtype=np.float64)
    speed_mps = np.full(at.size, 6.2) + rng.normal(0, 0.1, at.size)
    return _recording(
        "cycling",
        "indoor_cycling",
        start,
        _TRAINER,
        {
            "time_s": at,
            "heart_rate_bpm": np.round(95 + 12 * (1 - np.exp(-at / 240)) + rng.normal(0, 1, at.size)),
            "cadence_rpm": np.round(cadence_rpm + rng.normal(0, 2, at.size)),
            "power_w": np.round(power_w + rng.normal(0, 4, at.size)),
            "speed_mps": speed_mps,
            "distance_m": np.cumsum(np.concatenate(([0.0], speed_mps[1:]))),
        },
    )


def swim(start: datetime, lengths: int, *, seconds_a_length: int = 42, rest_s: int = 20) -> Recording:
    """A pool swim on the back, with a short rest after every fourth length."""
    swum: list[Length] = []
    at = 0.0
    for number in range(1, lengths + 1):
        swum.append(Length(Span(at, at + seconds_a_length), active=True, stroke="backstroke", strokes=22))
        at += seconds_a_length
        if number % 4 == 0 and number < lengths:
            swum.append(Length(Span(at, at + rest_s), active=False))
            at += rest_s
    ends = np.array([each.span.end_s for each in swum if each.active])
    columns: Mapping[ColumnName, Column] = {
        "time_s": ends,
        "distance_m": _POOL_M * np.arange(1, lengths + 1, dtype=np.float64),
    }
    return _recording("swimming", "lap_swimming", start, _WATCH, columns, lengths=tuple(swum))


def _recording(
    sport: str,
    sub_sport: str,
    start: datetime,
    device: Device,
    columns: Mapping[ColumnName, Column],
    *,
    lengths: tuple[Length, ...] = (),
    ascent_m: float | None = None,
) -> Recording:
    elapsed_s = float(columns["time_s"][-1])
    distance_m = float(columns["distance_m"][-1])
    heart_rate = columns.get("heart_rate_bpm")
    whole = Span(0.0, elapsed_s)
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=start,
        device=device,
        totals=Totals(
            elapsed_s=elapsed_s,
            timer_s=elapsed_s,
            distance_m=distance_m,
            ascent_m=ascent_m,
            avg_heart_rate_bpm=None if heart_rate is None else float(heart_rate.mean()),
            max_heart_rate_bpm=None if heart_rate is None else float(heart_rate.max()),
        ),
        columns=MappingProxyType(dict(columns)),
        timer=(whole,),
        laps=(Lap(whole, distance_m),),
        lengths=lengths,
        pool_length_m=_POOL_M if lengths else None,
        utc_offset=start.utcoffset(),
    )
