"""Surplus sessions stand in for what is missing elsewhere, as far as the plan allows."""

from typing import Any

import pytest

from coach.plan import Exercise
from coach.plan.library import conditions, example_plan


def lent(item: Any) -> list[tuple[str, float]]:
    return [(each.session.exercise.value, each.credited_minutes) for each in item.credits if each.stands_in]


@pytest.mark.parametrize(
    ("done", "asked", "factor"),
    [
        ("level_walk", "exercise_bike", 0.8),
        ("level_walk", "swim", 0.8),
        ("level_walk", "pool_walk", 0.8),
        ("level_walk", "hot_pool_exercise", 0.8),
        ("exercise_bike", "level_walk", 0.8),
        ("exercise_bike", "swim", 0.8),
        ("exercise_bike", "outdoor_ride", 1.0),
        ("outdoor_ride", "deep_water_run", 0.8),
        ("swim", "level_walk", 0.8),
        ("swim", "exercise_bike", 0.8),
        ("swim", "pool_walk", 1.0),
        ("swim", "hot_pool_exercise", 1.0),
        ("pool_walk", "level_walk", 0.8),
        ("pool_walk", "swim", 1.0),
        ("pool_walk", "deep_water_walk", 1.0),
        ("deep_water_run", "exercise_bike", 0.8),
        ("hot_pool_exercise", "level_walk", 0.5),
        ("hot_pool_exercise", "exercise_bike", 0.5),
        ("hot_pool_exercise", "swim", 0.8),
        ("hot_pool_exercise", "pool_walk", 1.0),
    ],
)
def test_each_pair_of_the_table_has_its_factor(week: Any, done: str, asked: str, factor: float) -> None:
    judged = week.judge(week.plan(week.item(asked, 5, 20)), week.done(done, 20))
    assert lent(judged.items[0]) == [(done, pytest.approx(20 * factor))]


def test_in_stenosis_a_ride_counts_in_full_for_a_walk(week: Any) -> None:
    pairs = example_plan(conditions()["spinal_stenosis"], starts_on=week.week.monday, diagnosis=None).substitution
    judged = week.judge(week.plan(week.item("level_walk", 5, 20), pairs=pairs), week.done("exercise_bike", 20))
    assert lent(judged.items[0]) == [("exercise_bike", 20.0)]


@pytest.mark.parametrize("inside", ["fast_walk", "uphill_walk"])
@pytest.mark.parametrize("done", ["swim", "exercise_bike", "pool_walk"])
def test_nothing_replaces_fast_or_uphill_walking(week: Any, inside: str, done: str) -> None:
    everything: dict[Exercise, dict[Exercise, float]] = {
        each: {Exercise(inside): 1.0} for each in Exercise if each is not Exercise(inside)
    }
    plan = week.plan(week.item(inside, 2, 10), pairs=everything)
    judged = week.judge(plan, week.done(done, 30))
    assert judged.items[0].credits == ()
    assert [each.exercise for each in judged.unplanned] == [done]


def test_a_pair_that_the_plan_does_not_allow_is_not_used(week: Any) -> None:
    judged = week.judge(week.plan(week.item("level_walk", 5, 20), pairs={}), week.done("swim", 30))
    assert judged.score == 0.0
    assert [each.exercise for each in judged.unplanned] == [Exercise.SWIM]


def test_an_item_without_substitutes_stays_as_it_is(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 5, 20, no_substitute=True))
    judged = week.judge(plan, week.done("swim", 30))
    assert judged.score == 0.0
    assert len(judged.unplanned) == 1


def test_an_optional_item_is_no_target(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 1, 20), week.item("pool_walk", 1, 20, "optional"))
    judged = week.judge(plan, week.done("level_walk", 20, 0), week.done("swim", 20, 1))
    assert lent(judged.items[1]) == []
    assert len(judged.unplanned) == 1


def test_an_optional_session_stays_its_own_up_to_its_number(week: Any) -> None:
    plan = week.plan(week.item("level_walk", 5, 20), week.item("swim", 1, 30, "optional"))
    judged = week.judge(plan, week.done("swim", 30, 0), week.done("swim", 20, 1))
    assert lent(judged.items[0]) == [("swim", 16.0)]
    assert [each.credited_minutes for each in judged.items[1].credits] == [30]


class TestShare:
    """At most 40 % of what is asked after excusals; the last session in part."""

    def test_the_last_session_counts_in_part(self, week: Any) -> None:
        swims = week.daily("swim", 30, 30, 30)
        judged = week.judge(week.walks(5, 20), *swims)
        item = judged.items[0]
        assert [minutes for _, minutes in lent(item)] == pytest.approx([24, 16])
        assert item.dose == pytest.approx(0.4)
        assert item.frequency == pytest.approx(0.4)
        assert item.over_dose == 0.0
        assert len(judged.unplanned) == 1

    def test_excusals_lower_it(self, week: Any) -> None:
        swims = week.daily("swim", 30, 30)
        judged = week.judge(week.walks(5, 20), *swims, excused={4: "flare", 5: "flare", 6: "flare"})
        assert judged.items[0].asked == 3
        assert sum(minutes for _, minutes in lent(judged.items[0])) == pytest.approx(0.4 * 60)

    def test_one_long_substitute_counts_no_more_than_one_long_session(self, week: Any) -> None:
        judged = week.judge(week.walks(5, 20), week.done("swim", 120))
        item = judged.items[0]
        assert item.dose == pytest.approx(24 / 100)
        assert item.frequency == pytest.approx(0.2)

    def test_an_item_that_lacks_nothing_takes_nothing(self, week: Any) -> None:
        judged = week.judge(week.walks(2, 20), *week.daily("level_walk", 20, 20), week.done("swim", 30, 3))
        assert lent(judged.items[0]) == []
        assert len(judged.unplanned) == 1


class TestSurplus:
    """The n longest sessions of an item stay its own; the rest leave its D and R when they are used elsewhere."""

    def plan(self, week: Any) -> Any:
        return week.plan(week.item("level_walk", 2, 20), week.item("swim", 2, 20, "primary"))

    def test_the_longest_stay(self, week: Any) -> None:
        judged = week.judge(self.plan(week), *week.daily("level_walk", 12, 25, 20))
        assert [each.credited_minutes for each in judged.items[0].credits] == [25, 20]
        assert lent(judged.items[1]) == [("level_walk", pytest.approx(9.6))]
        assert judged.items[0].over_dose == pytest.approx(45 / 40)

    def test_what_is_not_used_elsewhere_stays_and_is_over_dose(self, week: Any) -> None:
        plan = week.plan(week.item("level_walk", 2, 20), week.item("swim", 2, 20, "primary", no_substitute=True))
        judged = week.judge(plan, *week.daily("level_walk", 12, 25, 20))
        assert judged.items[0].over_dose == pytest.approx(57 / 40)

    @pytest.mark.parametrize("ids", [(1, 2, 3), (3, 2, 1)])
    def test_of_equals_the_earlier_stays_whatever_came_in_first(self, week: Any, ids: tuple[int, ...]) -> None:
        times = ("08:00", "12:00", "20:00")
        walks = [week.done("level_walk", 20, 0, at, activity_id=one) for one, at in zip(ids, times, strict=True)]
        judged = week.judge(self.plan(week), *walks)
        assert [each.session.activity_ids for each in judged.items[0].credits] == [(ids[0],), (ids[1],)]
        assert [each.session.activity_ids for each in judged.items[1].credits] == [(ids[2],)]

    def test_a_session_is_used_once(self, week: Any) -> None:
        plan = week.plan(
            week.item("swim", 2, 20, "primary"),
            week.item("exercise_bike", 2, 20, "primary"),
        )
        judged = week.judge(plan, week.done("level_walk", 20))
        used = [each.session.activity_ids for item in judged.items for each in item.credits]
        assert used == [(1,)]

    def test_the_largest_deficit_is_served_first(self, week: Any) -> None:
        plan = week.plan(
            week.item("swim", 2, 15, "primary"),
            week.item("exercise_bike", 3, 20, "primary"),
        )
        judged = week.judge(plan, week.done("level_walk", 20))
        assert lent(judged.items[0]) == []
        assert lent(judged.items[1]) == [("level_walk", 16.0)]

    def test_what_an_item_has_done_makes_its_deficit_smaller(self, week: Any) -> None:
        plan = week.plan(
            week.item("swim", 2, 15, "primary"),
            week.item("exercise_bike", 3, 20, "primary"),
        )
        rides = week.daily("exercise_bike", 20, 20)
        judged = week.judge(plan, *rides, week.done("level_walk", 20, 3))
        assert lent(judged.items[0]) == [("level_walk", 12.0)]  # 40 % of 30
        assert lent(judged.items[1]) == []

    def test_what_an_item_has_lent_it_lacks_itself(self, week: Any) -> None:
        """With their third the walks lack nothing. The swims lack more and take it; then the walks take a ride."""
        plan = week.plan(week.item("level_walk", 2, 20), week.item("swim", 3, 20, "primary"))
        walks = week.daily("level_walk", 18, 18, 8)
        rides = [week.done("exercise_bike", minutes, day) for day, minutes in ((3, 16), (4, 10), (5, 5))]
        judged = week.judge(plan, *walks, *rides)
        assert [kind for kind, _ in lent(judged.items[1])] == ["level_walk", "exercise_bike", "exercise_bike"]
        assert lent(judged.items[0]) == [("exercise_bike", 4.0)]

    def test_an_item_of_which_nothing_is_asked_lends_all(self, week: Any) -> None:
        plan = week.plan(
            week.item("level_walk", 1, 20, planned=("mon",)),
            week.item("swim", 3, 20, "primary", planned=("wed", "thu", "fri")),
        )
        judged = week.judge(plan, week.done("level_walk", 20, 1), excused={0: "illness"})
        assert lent(judged.items[1]) == [("level_walk", 16.0)]


class TestViolations:
    """A session with a violation never stands in for anything."""

    def test_one_that_went_too_long_does_not(self, week: Any) -> None:
        plan = week.plan(week.item("level_walk", 1, 20), week.item("swim", 2, 20, "primary"))
        judged = week.judge(plan, week.done("level_walk", 40, 0), week.done("level_walk", 31, 1))
        assert [each.code for each in judged.violations] == ["too_long", "too_long"]
        assert lent(judged.items[1]) == []

    def test_a_walk_outside_the_plan_with_a_hill_does_not_and_is_told(self, week: Any) -> None:
        plan = week.plan(week.item("pool_walk", 3, 20), avoid_uphill=True)
        judged = week.judge(plan, week.done("level_walk", 30, uphill=[(5, 17)]))
        assert lent(judged.items[0]) == []
        assert [(each.code, each.severity.value, each.minutes) for each in judged.violations] == [
            ("uphill_avoid", "major", 12)
        ]
        assert [each.activity_ids for each in judged.unplanned] == [(1,)]

    def test_a_walk_with_less_than_two_minutes_of_hill_lends_the_rest(self, week: Any) -> None:
        plan = week.plan(week.item("pool_walk", 3, 20), avoid_uphill=True)
        judged = week.judge(plan, week.done("level_walk", 20, uphill=[(5, 6)]))
        assert lent(judged.items[0]) == [("level_walk", pytest.approx(19 * 0.8))]
        assert judged.violations == ()

    def test_while_locked_nothing_stands_in(self, week: Any) -> None:
        judged = week.judge(week.plan(week.item("level_walk", 5, 20), locked=True), week.done("swim", 30))
        assert judged.items[0].credits == ()
