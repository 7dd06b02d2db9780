"""hot_too_long: what is past the time that hot water allows; from 37 °C on no minute is exercise."""

from collections.abc import Iterator
from typing import Final

from coach.adherence.model import Because
from coach.adherence.violations.case import Case, Taking
from coach.effort.spans import Spans, after, subtract
from coach.plan.exercises import facts
from coach.plan.model import Exercise
from coach.plan.thresholds import HotWater, thresholds
from coach.plan.violations import ViolationCode

PASSIVE: Final = "hot_passive"
"""The reason of minutes in water so hot that they are rest: no violation, and no credit."""


def found(case: Case) -> Iterator[Taking]:
    limits = thresholds().hot_water
    water_c = _water_c(case, limits)
    if water_c is None or water_c < limits.from_c or not case.eligible:
        return
    passive = water_c >= limits.passive_from_c
    if water_c > limits.never_above_c:
        past, because = case.eligible, Because("water_above", water_c, limits.never_above_c)
    else:
        most = limits.passive_max_minutes if passive else limits.exercise_max_minutes
        past = after(case.eligible, most * 60)
        because = Because("passive_over_minutes" if passive else "hot_over_minutes", case.eligible_s / 60, most)
    if past:
        code = ViolationCode.HOT_TOO_LONG
        yield Taking(code, past, thresholds().violations.any[code], case.session.exercise, (because,))
    if passive:
        yield _rest(case, subtract(case.eligible, past), water_c, limits)


def _water_c(case: Case, limits: HotWater) -> float | None:
    """As it was told; a hot pool of which nobody told is no cooler than the name says. No walk or ride is in water."""
    if not facts(case.session.exercise).family.in_water:
        return None
    if case.session.water_c is None and case.session.exercise is Exercise.HOT_POOL_EXERCISE:
        return limits.from_c
    return case.session.water_c


def _rest(case: Case, spans: Spans, water_c: float, limits: HotWater) -> Taking:
    because = (Because("water_passive", water_c, limits.passive_from_c),)
    return Taking(PASSIVE, spans, None, case.session.exercise, because)
