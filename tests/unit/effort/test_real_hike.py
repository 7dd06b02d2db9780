"""A real hike in the Black Forest: about 152 moving minutes, 68 of them uphill."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach.adherence import Circumstances, Performed, WeekAdherence, judge
from coach.plan import Diagnosis, Exercise
from coach.plan.library import conditions, example_plan
from coach.weeks import IsoWeek
from devices.fit.read import read
from devices.recording import Recording

pytestmark = pytest.mark.corpus

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def hike(corpus: Path) -> Recording:
    [recording] = read((corpus / "walk" / "hike_with_coordinates_muggenbrunn.fit").read_bytes()).recordings
    return recording


@pytest.fixture
def judged(bench: Any, hike: Recording) -> Any:
    def under(condition: str, *, flexion_tolerated: bool | None) -> WeekAdherence:
        week = IsoWeek.of(hike.start.date())
        plan = example_plan(
            conditions()[condition],
            starts_on=week.monday,
            diagnosis=Diagnosis(made_by="Dr. Lee", made_on=date(2020, 1, 1)),
            flexion_tolerated=flexion_tolerated,
        )
        ended_at = hike.start + timedelta(seconds=hike.totals.elapsed_s or 0)
        done = Performed(1, Exercise.LEVEL_WALK, hike.start, ended_at, bench.efforts(hike))
        now = week.ends_at(BERLIN) + timedelta(days=1)
        return judge(week, plan, [done], Circumstances(BERLIN, now, last_contact=now))

    return under


def credit_of(judged: WeekAdherence, exercise: str) -> Any:
    [item] = [item for item in judged.items if item.prescription.exercise == exercise]
    [credit] = item.credits
    return credit


def test_its_moving_and_uphill_minutes(bench: Any, hike: Recording) -> None:
    efforts = bench.efforts(hike)
    assert efforts["moving"].minutes == pytest.approx(152, abs=2)
    assert efforts["uphill"].minutes == pytest.approx(68, abs=2)


@pytest.mark.parametrize("flexion_tolerated", [False, None])
def test_under_a_disc_herniation_without_flexion_the_uphill_is_a_major_violation(
    judged: Any, flexion_tolerated: bool | None
) -> None:
    week = judged("disc_herniation", flexion_tolerated=flexion_tolerated)
    [uphill] = [each for each in week.violations if each.code == "uphill_avoid"]
    assert uphill.severity.value == "major"
    assert uphill.minutes == pytest.approx(68, abs=2)


def test_with_flexion_tolerated_it_is_none(judged: Any) -> None:
    week = judged("disc_herniation", flexion_tolerated=True)
    assert "uphill_avoid" not in {each.code for each in week.violations}


def test_under_a_stenosis_the_same_stretches_are_eligible_for_uphill_walking(
    bench: Any, hike: Recording, judged: Any
) -> None:
    week = judged("spinal_stenosis", flexion_tolerated=None)
    credit = credit_of(week, "uphill_walk")
    start = hike.start.timestamp()
    stretches = tuple((span.start_s - start, span.end_s - start) for span in credit.eligible)
    assert stretches == bench.efforts(hike)["uphill"].spans
    assert credit.credited_minutes == 15  # 5 asked and 10 more: the rest is too long
    assert {each.reason for each in credit.excluded} == {"too_long"}
    assert credit_of(week, "level_walk").eligible_minutes == pytest.approx(152 - 68, abs=3)
