"""What a judgement is given of the days before: enough for every rule that looks back over a week's edge."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coach.judged import judged_week, weeks_until
from coach.manual import Told, enter
from coach.plan import Diagnosis, Exercise
from coach.plan.library import condition, example_plan
from coach.store import people
from coach.store.engine import writing
from coach.weeks import IsoWeek

ZONE = ZoneInfo("Europe/Berlin")
WEEK = IsoWeek(2026, 11)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)


@pytest.mark.parametrize("rest_days", [2, 3, 6])
def test_rest_is_counted_from_the_last_session_of_the_week_before(engine, add_person, now, rest_days):
    """One day too few, from the farthest session that matters; the same, however many weeks are judged at once."""
    ada = add_person("Ada")
    made = example_plan(
        condition("disc_herniation"),
        starts_on=WEEK.monday - timedelta(weeks=2),
        diagnosis=Diagnosis(made_by="Dr Bo", made_on=WEEK.monday - timedelta(weeks=3)),
    )
    items = tuple(
        item.model_copy(update={"rest_days": rest_days} if item.exercise is Exercise.SWIM else {})
        for item in made.prescriptions
    )
    with writing(engine, None) as session:
        people.add_plan(session, ada.id, made.model_copy(update={"prescriptions": items}), now)
        for day in (WEEK.monday - timedelta(days=rest_days), WEEK.monday):
            enter(session, ada, Told(Exercise.SWIM, 15, at(day)), now)
    with writing(engine, None) as session:
        alone = judged_week(session, ada, WEEK, now).adherence
        among_others = weeks_until(session, ada, WEEK, 4, now)[-1]
    assert [each.code for each in alone.violations] == ["spacing"]
    assert alone.violations == among_others.violations
