"""A walk on Monday 1 June 2026, 17:00 to 17:30 in Berlin, and what was told of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.safety.model import CheckIn, Extent, Phase, Verdict
from coach.safety.verdicts import verdict
from coach.weeks import day_of
from scheduler.clock import local_instant

BERLIN = ZoneInfo("Europe/Berlin")
OFFSETS = {Phase.PRE: -10, Phase.PEAK: 31, Phase.POST: 40, Phase.MORNING: 15 * 60}  # minutes from the start at 17:00


@dataclass(frozen=True)
class Walk:
    activity_ids: tuple[int, ...]
    started_at: datetime
    ended_at: datetime
    day: date
    sha256: str = ""

    @property
    def turn(self) -> tuple[datetime, str, int]:
        return self.started_at, self.sha256, self.activity_ids[0]


@pytest.fixture
def zone() -> ZoneInfo:
    return BERLIN


@pytest.fixture
def at() -> Callable[..., datetime]:
    """A local time in June 2026, or of another day."""

    def moment(day: int | date, hour: int, minute: int = 0) -> datetime:
        from datetime import time

        return local_instant(day if isinstance(day, date) else date(2026, 6, day), time(hour, minute), BERLIN)

    return moment


@pytest.fixture
def walk(at) -> Callable[..., Walk]:
    def make(number: int = 1, started_at: datetime | None = None, minutes: int = 30) -> Walk:
        begun = started_at or at(1, 17)
        return Walk((number,), begun, begun + timedelta(minutes=minutes), day_of(begun, BERLIN))

    return make


@pytest.fixture
def told(at) -> Callable[..., list[CheckIn]]:
    """`told("2/3/2/3")`: pre, peak, post, morning; a dash is not said. Extents likewise."""

    def make(pains: str, extents: str = "-/-/-/-", **more: Any) -> list[CheckIn]:
        found = []
        for phase, pain, extent in zip(Phase, pains.split("/"), extents.split("/"), strict=True):
            if (pain, extent) != ("-", "-"):
                found.append(
                    CheckIn(
                        at(1, 17) + timedelta(minutes=OFFSETS[phase]),
                        phase,
                        None if pain == "-" else int(pain),
                        None if extent == "-" else Extent(int(extent)),
                        **more,
                    )
                )
        return found

    return make


@pytest.fixture
def judged(at, walk) -> Callable[..., Verdict]:
    """The verdict of the walk, on the evening of the next day."""

    def judge(check_ins: Iterable[CheckIn], now: datetime | None = None, limit: int = 3, **more: Any) -> Verdict:
        more = {"pain_free_only": False, "bouts": [walk()]} | more
        bouts = more.pop("bouts")
        return verdict(bouts[0], bouts, check_ins, limit=limit, now=now or at(2, 18), zone=BERLIN, **more)

    return judge
