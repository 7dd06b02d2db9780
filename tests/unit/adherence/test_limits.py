"""How hard and how far: what an item has in mind, and what is past it."""

from typing import Any

import pytest


def found(judged: Any) -> list[tuple[str, str, float]]:
    return [(each.code, each.severity.value, pytest.approx(each.minutes)) for each in judged.violations]


def rules(judged: Any) -> list[list[str]]:
    return [[because.rule for because in each.because] for each in judged.violations]


class TestIntensity:
    """too_intense: minor past 10 % of the time above the ceiling, major past 30 %; those minutes are taken."""

    @pytest.mark.parametrize(
        ("ceiling", "predicate"), [("light", "moderate"), ("moderate", "vigorous"), ("vigorous", "beyond")]
    )
    def test_each_ceiling_looks_at_the_next_level(self, week: Any, ceiling: str, predicate: str) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20, max_intensity=ceiling))
        judged = week.judge(plan, week.done("exercise_bike", 20, above={predicate: [(0, 7)]}))
        assert found(judged) == [("too_intense", "major", 7)]
        assert judged.items[0].credits[0].credited_minutes == 13
        lower = week.judge(plan, week.done("exercise_bike", 20, above={predicate: []}))
        assert lower.violations == ()

    @pytest.mark.parametrize(
        ("minutes", "severity"), [(2, None), (2.1, "minor"), (6, "minor"), (6.1, "major"), (20, "major")]
    )
    def test_from_which_share_on(self, week: Any, minutes: float, severity: str | None) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20, max_intensity="moderate"))
        judged = week.judge(plan, week.done("exercise_bike", 20, above={"vigorous": [(0, minutes)]}))
        assert found(judged) == ([("too_intense", severity, minutes)] if severity else [])
        taken = minutes if severity else 0
        assert judged.items[0].credits[0].credited_minutes == pytest.approx(20 - taken)

    def test_the_share_is_that_of_the_time_that_counts(self, week: Any) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20, max_intensity="moderate"))
        judged = week.judge(plan, week.done("exercise_bike", 40, idle=[(20, 40)], above={"vigorous": [(0, 3)]}))
        assert found(judged) == [("too_intense", "minor", 3)]
        assert judged.violations[0].because[-1].found == pytest.approx(15)

    def test_without_a_ceiling_nothing_is_too_hard(self, week: Any) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20))
        assert week.judge(plan, week.done("exercise_bike", 20, above={"beyond": [(0, 20)]})).violations == ()

    @pytest.mark.parametrize(("borg", "fires"), [(None, False), (13, False), (14, True)])
    def test_under_beta_blockers_only_borg_decides(self, week: Any, borg: float | None, fires: bool) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20, max_intensity="moderate"), beta_blocker=True)
        judged = week.judge(plan, week.done("exercise_bike", 20, above={"vigorous": [(0, 20)]}, borg=borg))
        assert found(judged) == ([("too_intense", "major", 20)] if fires else [])
        assert judged.items[0].credits[0].credited_minutes == (0 if fires else 20)

    @pytest.mark.parametrize(("borg", "fires"), [(None, True), (11, False), (12, True)])
    def test_in_water_borg_decides_where_it_was_told(self, week: Any, borg: float | None, fires: bool) -> None:
        plan = week.plan(week.item("swim", 1, 20, max_intensity="light"))
        judged = week.judge(plan, week.done("swim", 20, above={"moderate": [(0, 10)]}, borg=borg))
        assert bool(judged.violations) is fires

    def test_on_land_a_known_heart_rate_outranks_borg(self, week: Any) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20, max_intensity="moderate"))
        judged = week.judge(plan, week.done("exercise_bike", 20, above={"vigorous": []}, borg=18))
        assert judged.violations == ()

    def test_on_land_without_a_heart_rate_borg_is_all_there_is(self, week: Any) -> None:
        plan = week.plan(week.item("exercise_bike", 1, 20, max_intensity="moderate"))
        judged = week.judge(plan, week.done("exercise_bike", 20, borg=15))
        assert rules(judged) == [["borg_above", "share_above"]]

    def test_what_is_too_hard_for_the_walk_is_lost_inside_it_too(self, week: Any) -> None:
        nested = week.item("fast_walk", 1, 5, nested_in="level_walk")
        plan = week.plan(week.item("level_walk", 1, 20, max_intensity="moderate"), nested)
        walk = week.done("level_walk", 20, fast=[(0, 10)], above={"vigorous": [(5, 12)]})
        judged = week.judge(plan, walk)
        assert found(judged) == [("too_intense", "major", 7)]
        assert [item.credits[0].credited_minutes for item in judged.items] == [13, 5]

    def test_an_item_inside_the_walk_tells_of_its_own_ceiling(self, week: Any) -> None:
        nested = week.item("fast_walk", 1, 10, nested_in="level_walk", max_intensity="moderate")
        plan = week.plan(week.item("level_walk", 1, 20), nested)
        judged = week.judge(plan, week.done("level_walk", 20, fast=[(0, 10)], above={"vigorous": [(0, 2)]}))
        assert found(judged) == [("too_intense", "minor", 2)]
        assert [item.credits[0].credited_minutes for item in judged.items] == [20, 8]


class TestDistance:
    """too_long, past the farthest session: 200 m with a bad shoulder. At one pace, the time past it is its share."""

    @pytest.mark.parametrize(
        ("metres", "severity", "past"),
        [(None, None, 0), (200, None, 0), (225, "minor", 2), (240, "minor", 3), (300, "major", 6)],
    )
    def test_past_200_m(self, week: Any, metres: float | None, severity: str | None, past: float) -> None:
        plan = week.plan(week.item("swim", 1, 15, max_distance_m=200))
        judged = week.judge(plan, week.done("swim", 18, distance_m=metres))
        assert found(judged) == ([("too_long", severity, past)] if severity else [])
        assert judged.items[0].credits[0].credited_minutes == pytest.approx(18 - past)

    def test_too_long_and_too_far_are_one_violation(self, week: Any) -> None:
        plan = week.plan(week.item("swim", 1, 15, max_distance_m=200))
        judged = week.judge(plan, week.done("swim", 30, distance_m=240))
        assert found(judged) == [("too_long", "minor", 5)]  # 25 min is the longest session, and where 200 m end
        assert rules(judged) == [["longer_minutes", "longer_metres"]]
        assert week.judge(plan, week.done("swim", 30, distance_m=300)).violations[0].severity.value == "major"

    def test_two_watches_did_not_swim_twice_as_far(self, week: Any) -> None:
        plan = week.plan(week.item("swim", 1, 15, max_distance_m=200))
        swims = [week.done("swim", 15, at=at, distance_m=metres) for at, metres in (("18:00", 190), ("18:01", 200))]
        assert week.judge(plan, *swims).violations == ()
        one_after_another = [week.done("swim", 8, at=at, distance_m=110) for at in ("18:00", "18:10")]
        assert found(week.judge(plan, *one_after_another))[0][:2] == ("too_long", "minor")


class TestSpacing:
    """spacing: fewer rest days between two sessions of an item than it asks for; minor, and takes nothing."""

    @pytest.mark.parametrize(
        ("days", "rest_days", "rested"),
        [
            ((0, 2, 4), 1, []),
            ((0, 1), 1, [0]),
            ((0, 1, 2), 1, [0, 0]),
            ((0, 2), 2, [1]),
            ((0, 3), 2, []),
            ((0, 0), 1, [0]),
        ],
    )
    def test_within_the_week(self, week: Any, days: Any, rest_days: int, rested: list[float]) -> None:
        plan = week.plan(week.item("swim", 3, 20, rest_days=rest_days))
        swims = [week.done("swim", 20, day, at) for day, at in zip(days, ("08:00", "12:00", "18:00"), strict=False)]
        judged = week.judge(plan, *swims)
        assert found(judged) == [("spacing", "minor", 0)] * len(rested)
        assert [each.because[0].found for each in judged.violations] == rested
        assert [each.credited_minutes for each in judged.items[0].credits] == [20] * len(days)

    @pytest.mark.parametrize(("before", "fires"), [(-1, True), (-2, True), (-3, False)])
    def test_over_the_edge_of_the_week(self, week: Any, before: int, fires: bool) -> None:
        plan = week.plan(week.item("swim", 3, 20, rest_days=2))
        judged = week.judge(plan, week.done("swim", 20, before), week.done("swim", 20, 0))
        assert bool(judged.violations) is fires

    def test_a_session_too_short_to_count_is_none(self, week: Any) -> None:
        plan = week.plan(week.item("swim", 3, 20, rest_days=1))
        assert week.judge(plan, week.done("swim", 9.9, 0), week.done("swim", 20, 1)).violations == ()
        assert week.judge(plan, week.done("swim", 20, 0), week.done("swim", 9.9, 1)).violations == ()

    def test_it_does_not_stand_in_for_anything(self, week: Any) -> None:
        """A session with a violation never does."""
        plan = week.plan(week.item("swim", 1, 20, rest_days=1), week.item("level_walk", 3, 20))
        judged = week.judge(plan, week.done("swim", 20, 0), week.done("swim", 19, 1))
        assert judged.items[1].credits == ()


class TestByEffort:
    """Fast walking in stenosis: what felt moderate, whatever the cadence."""

    @pytest.mark.parametrize(("borg", "minutes"), [(11, None), (12, 18), (16, 18)])
    def test_all_the_walking_of_a_session_that_felt_moderate(
        self, week: Any, borg: float, minutes: float | None
    ) -> None:
        nested = week.item("fast_walk", 1, 15, nested_in="level_walk", by_effort=True)
        plan = week.plan(week.item("level_walk", 1, 20), nested)
        judged = week.judge(plan, week.done("level_walk", 20, idle=[(0, 2)], fast=[(3, 5)], borg=borg))
        assert [each.credited_minutes for each in judged.items[1].credits] == ([minutes] if minutes else [])
        assert not any("effort" in note for note in judged.sessions[0].notes)

    def test_where_nobody_told_there_are_none_and_the_walk_says_so(self, week: Any) -> None:
        nested = week.item("fast_walk", 1, 15, nested_in="level_walk", by_effort=True)
        plan = week.plan(week.item("level_walk", 1, 20), nested)
        judged = week.judge(plan, week.done("level_walk", 20, fast=[(0, 20)]))
        assert judged.items[1].credits == ()
        assert judged.sessions[0].notes == ("effort unavailable: nobody said how hard the walk felt",)

    def test_joined_recordings_felt_as_hard_as_the_hardest(self, week: Any) -> None:
        nested = week.item("fast_walk", 1, 15, nested_in="level_walk", by_effort=True)
        plan = week.plan(week.item("level_walk", 1, 20), nested)
        walks = [week.done("level_walk", 10, at=at, borg=borg) for at, borg in (("18:00", 9), ("18:11", 13))]
        assert week.judge(plan, *walks).items[1].credits[0].credited_minutes == 20
