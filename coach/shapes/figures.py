"""Moments and figures as every shape writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coach.plan.thresholds import thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coach.effort.model import Predicate

Shape = dict[str, Any]


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def effort_minutes(efforts: Mapping[Predicate, Any]) -> dict[Predicate, float | None]:
    return {predicate: rounded(effort.minutes) for predicate, effort in efforts.items()}


def steps(strides_per_minute: float | None) -> float | None:
    if strides_per_minute is None or strides_per_minute > thresholds().walking.already_doubled_above_rpm:
        return strides_per_minute
    return strides_per_minute * 2


def posix(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
