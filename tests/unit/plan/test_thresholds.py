import itertools

import pytest
from pydantic import ValidationError

from coach.plan.thresholds import Band, thresholds
from coach.plan.violations import Severity


def test_intensity_bands_meet_without_a_gap() -> None:
    levels = (thresholds().intensity.light, thresholds().intensity.moderate, thresholds().intensity.vigorous)
    for lower, upper in itertools.pairwise(levels):
        assert upper.hr_max_pct.low == lower.hr_max_pct.high + 1
        assert upper.hr_reserve_pct.low == lower.hr_reserve_pct.high + 1
        assert upper.borg.low == lower.borg.high + 1
    assert levels[1].hr_max_pct == Band(64, 76)


def test_the_example_of_a_sixty_year_old() -> None:
    """Resting 65, HRmax 160: moderate is 103-121 bpm by reserve and 102-122 by HRmax."""
    moderate = thresholds().intensity.moderate
    assert [round(65 + share * (160 - 65) / 100) for share in moderate.hr_reserve_pct] == [103, 121]
    assert [round(share * 160 / 100) for share in moderate.hr_max_pct] == [102, 122]


def test_walking() -> None:
    walking = thresholds().walking
    assert (walking.moving_mps, walking.fast_spm, walking.vigorous_spm) == (0.4, 100, 130)
    assert (walking.fast_window_s, walking.already_doubled_above_rpm) == (60, 70)


def test_grade() -> None:
    grade = thresholds().grade
    assert (grade.start_pct, grade.end_pct, grade.steep_pct, grade.downhill_pct) == (3, 2, 5, -3)
    assert (grade.shortest_bout_s, grade.window_m, grade.median_s) == (60, 100, 5)


def test_adherence() -> None:
    rules = thresholds().adherence
    assert (rules.session_counts_from, rules.session_cap) == (0.5, 1.2)
    assert (rules.frequency_weight, rules.dose_weight) == (0.5, 0.5)
    assert (rules.on_plan_from, rules.partly_from, rules.usual_pct) == (80, 50, 70)
    assert (rules.over_dose_amber, rules.over_dose_red, rules.substitution_share) == (1.2, 1.5, 0.4)
    assert (rules.join_gap_s, rules.silence_hours, thresholds().swimming.longest_rest_s) == (600, 48, 60)


def test_violations() -> None:
    violations = thresholds().violations
    uphill = violations.uphill_avoid
    assert (uphill.minor_from_minutes, uphill.major_over_minutes) == (2, 5)
    assert (uphill.major_over_share, uphill.major_steep_minutes) == (0.2, 1)
    assert (violations.too_long.minor_over_ratio, violations.too_long.major_over_ratio) == (1.0, 1.2)
    assert (violations.too_intense.minor_over_share, violations.too_intense.major_over_share) == (0.1, 0.3)
    assert violations.pain_over_limit.red is Severity.MAJOR
    assert violations.any["spacing"] is Severity.MINOR
    assert violations.any["while_locked"] is Severity.MAJOR


def test_thresholds_stay_as_they_are() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        thresholds().grade.start_pct = 1.0  # type: ignore[misc]
