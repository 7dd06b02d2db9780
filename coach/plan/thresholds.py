"""The numbers that the judgement rests on, as frozen values; data and sources: config/thresholds.toml."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import Field

from coach.plan.model import Value
from coach.plan.violations import Count, Percent, Ratio, Sourced, Violations
from config.document import PACKAGED, read
from config.sources import Citation
from config.validation import validated


class Band(NamedTuple):
    """Both ends are in."""

    low: int
    high: int


class IntensityLevel(Value):
    """Per cent of the highest heart rate and of the heart-rate reserve, and effort on Borg's 6-20 scale."""

    hr_max_pct: Band
    hr_reserve_pct: Band
    borg: Band


class Intensity(Sourced):
    """`borg_of_cr10`: what each whole step of Borg's 0-10 scale, from 0, is on his 6-20 scale."""

    light: IntensityLevel
    moderate: IntensityLevel
    vigorous: IntensityLevel
    borg_of_cr10: Annotated[tuple[Annotated[int, Field(ge=6, le=20)], ...], Field(min_length=11, max_length=11)]


class Water(Sourced):
    """`hr_lower_bpm`: how far heart-rate targets lie below those on land."""

    hr_lower_bpm: Count


class Walking(Sourced):
    """Steps are those of both legs; a device sends strides of one, unless their median is high already.

    Attributes:
        moving_mps: slower is a stop.
        fast_window_s: a fast minute is a mean of this long at or above `fast_spm` (moderate) steps a minute.
        already_doubled_above_rpm: a median above this is of steps, not of strides.
    """

    moving_mps: Annotated[float, Field(gt=0)]
    fast_spm: Count
    vigorous_spm: Count
    fast_window_s: Count
    already_doubled_above_rpm: Count


class Swimming(Sourced):
    """A rest longer than `longest_rest_s` is not swimming."""

    longest_rest_s: Count


class Grade(Sourced):
    """Uphill starts at `start_pct`, ends below `end_pct` and lasts `shortest_bout_s`.

    The slope is that of `window_m` of distance, over altitude smoothed by a median of `median_s`. Altitude whose median
    scatter about that line is above `noise_m` is not to be trusted, nor is that of the devices (FIT manufacturer and
    product) that are known to have no barometer.
    """

    start_pct: float
    end_pct: float
    shortest_bout_s: Count
    steep_pct: float
    downhill_pct: float
    window_m: Count
    median_s: Count
    noise_m: Annotated[float, Field(gt=0)]
    no_barometer: tuple[str, ...]


class Bike(Sourced):
    cadence_rpm: Band
    borg: Band
    start_power_w: Band


class HotWater(Sourced):
    """Degrees Celsius; from `passive_from_c` there is no exercise credit."""

    from_c: float
    exercise_to_c: float
    passive_from_c: float
    never_above_c: float
    exercise_max_minutes: Count
    passive_max_minutes: Count


class Adherence(Sourced):
    """How a week is scored.

    Attributes:
        session_counts_from: a session counts for frequency from this share of the minutes asked.
        session_cap: a session's minutes count up to this share of those asked.
        on_plan_from: the band's lowest unrounded score, 0-100; partly_from: likewise; below is off plan.
        usual_pct: what is normal in trials.
        over_dose_amber: past this ratio of done to asked; over_dose_red: likewise.
        substitution_share: of an item's minutes, how many substitutes may supply.
        join_gap_s: recordings closer than this are one session.
        silence_hours: a week that nothing was heard of for this long may be incomplete.
    """

    session_counts_from: Ratio
    session_cap: Ratio
    frequency_weight: Ratio
    dose_weight: Ratio
    on_plan_from: Percent
    partly_from: Percent
    usual_pct: Percent
    over_dose_amber: Ratio
    over_dose_red: Ratio
    substitution_share: Ratio
    join_gap_s: Count
    silence_hours: Count


class Progression(Sourced):
    """How minutes grow and shrink, in whole per cent of those asked (clinical rules, section 5).

    Attributes:
        growth_pct: of the next step, but at least `growth_min_minutes` and at most `growth_max_minutes`.
        easy_every_weeks: one week in so many is offered as an easy one, at `easy_pct`.
        flare_pct: during a flare, but at least `flare_least_minutes`.
        restart_after_days_off: after so many days without a session, `step_back_pct` to begin again with.
    """

    growth_pct: Percent
    growth_min_minutes: Count
    growth_max_minutes: Count
    step_back_pct: Percent
    easy_pct: Percent
    easy_every_weeks: Count
    flare_pct: Percent
    flare_least_minutes: Count
    restart_after_days_off: Count


class Decision(Sourced):
    """What a week's decision turns on (section 6).

    Attributes:
        step_back_from_red: sessions; hold_from_red, hold_from_amber: likewise.
        step_back_from_morning_rise: of the mean morning pain against the week before, 0-10.
        mornings_needed: of each week, for their means to be compared.
        hold_below_score: W, 0-100.
        hold_over_unknown_share: sessions UNKNOWN, more than one in so many.
    """

    step_back_from_red: Count
    step_back_from_morning_rise: Count
    mornings_needed: Count
    hold_from_red: Count
    hold_from_amber: Count
    hold_below_score: Percent
    hold_over_unknown_one_in: Count


class Pain(Sourced):
    """What a session may bring, and when a day is sore (section 6). Points are of 0-10.

    Attributes:
        red_peak: points, at or above; red_morning_rise, amber_post_rise: points above `pre`, at or above.
        extent_rise: steps further down than before.
        highest_limit: points, past which no plan's limit goes.
        flare_offer_from: points before a session, from which the flare plan is offered.
        pre_hours: how long before its start a score is of a session; told_within_hours: how long after its end.
        post_minutes: how soon after its end it is asked.
        baseline_days: those before a day, whose median morning is its baseline.
        sore_from, sore_morning_rise: points, and points above the baseline; for `sore_hours`.
    """

    red_peak: Count
    red_morning_rise: Count
    amber_post_rise: Count
    extent_rise: Count
    highest_limit: Count
    flare_offer_from: Count
    pre_hours: Count
    post_minutes: Count
    told_within_hours: Count
    baseline_days: Count
    sore_from: Count
    sore_morning_rise: Count
    sore_hours: Count


class Flare(Sourced):
    """When a flare is over, and when it is for the clinician (section 6).

    Attributes:
        settled_mornings: in a row, at most `settled_rise` points above the baseline.
        bout_minutes: the longest bout during it.
        clinician_from_day: of one flare; clinician_from_flares: begun within `clinician_within_days`.
    """

    settled_mornings: Count
    settled_rise: Count
    bout_minutes: Count
    clinician_from_day: Count
    clinician_from_flares: Count
    clinician_within_days: Count


class Caseload(Sourced):
    """What a clinician is shown first.

    Attributes:
        pain_days: a morning's score tells of pain for so long.
        silent_days: without a contact with any source.
    """

    pain_days: Count
    silent_days: Count


class Thresholds(Value):
    sources: Mapping[str, Citation]
    intensity: Intensity
    water: Water
    walking: Walking
    swimming: Swimming
    grade: Grade
    bike: Bike
    hot_water: HotWater
    adherence: Adherence
    progression: Progression
    decision: Decision
    pain: Pain
    flare: Flare
    caseload: Caseload
    violations: Violations


@cache
def thresholds() -> Thresholds:
    return validated(read(PACKAGED / "thresholds.toml"), Thresholds)
