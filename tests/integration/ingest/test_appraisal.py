"""From the bytes of a file to what is kept of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from coach.appraisal import Appraisal, appraise
from coach.demo import sessions
from coach.effort import Predicate
from coach.plan import Exercise
from devices.fit.write import write

MORNING = datetime(2026, 6, 1, 9, tzinfo=UTC)
MINUTES = 20


@pytest.mark.parametrize(
    ("sport", "sub_sport"),
    [
        ("walking", "treadmill"),
        ("walking", "indoor_walking"),
        ("running", "treadmill"),
        ("fitness_equipment", "treadmill"),
        ("fitness_equipment", "indoor_walking"),
    ],
)
@pytest.mark.parametrize("columns", [("cadence_rpm",), ("cadence_rpm", "speed_mps", "distance_m", "heart_rate_bpm")])
def test_a_walk_indoors(sport: str, sub_sport: str, columns: tuple[str, ...]):
    """By its steps alone, or with all that a belt and a strap tell; no watch has a position there, or an altitude."""
    walk = sessions.walk(MORNING, MINUTES)
    told = {name: walk.columns[name] for name in ("time_s", *columns)}
    found = appraise(write(replace(walk, sport=sport, sub_sport=sub_sport, columns=MappingProxyType(told))))
    assert isinstance(found, Appraisal)
    assert found.damage is None
    (part,) = found.parts
    assert (part.sport, part.sub_sport, part.kind.exercise) == (sport, sub_sport, Exercise.LEVEL_WALK)
    assert part.ended_at - part.started_at == timedelta(minutes=MINUTES)
    efforts = {each.predicate: each for each in part.efforts}
    assert efforts[Predicate.MOVING].minutes == pytest.approx(MINUTES, abs=0.1)
    assert efforts[Predicate.UPHILL].minutes == 0
    assert efforts[Predicate.UPHILL].note == "grade unavailable: the treadmill sent no inclination"
