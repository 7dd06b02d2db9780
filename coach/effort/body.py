"""What of a body the judgement of intensity needs, and the heart rates that follow from it."""

from dataclasses import dataclass
from typing import Final

from coach.plan.thresholds import Band, thresholds

# Fox 1971, as in the clinical rules, section 3: the highest heart rate, less a beat for every year of age.
_HIGHEST_AT_BIRTH_BPM: Final = 220


@dataclass(frozen=True, slots=True)
class Body:
    """As the person told it; None is not known. Heart rates in beats a minute, the highest as measured."""

    birth_year: int | None = None
    resting_heart_rate_bpm: int | None = None
    max_heart_rate_bpm: int | None = None

    def highest_bpm(self, year: int) -> int | None:
        """As measured, else 220 less the age in that year."""
        if self.max_heart_rate_bpm is not None:
            return self.max_heart_rate_bpm
        return None if self.birth_year is None else _HIGHEST_AT_BIRTH_BPM - (year - self.birth_year)


@dataclass(frozen=True, slots=True)
class Zones:
    """Heart rates, beats a minute: both levels begin at their first, and beyond is what is above `vigorous.high`.

    `basis` says in words what they rest on.
    """

    moderate: Band
    vigorous: Band
    basis: str


def zones(body: Body, year: int, *, in_water: bool = False) -> Zones | None:
    """By reserve where the resting heart rate is known, else by the highest (ACSM); None where neither is.

    In water the heart beats slower for the same effort: targets are lower by `water.hr_lower_bpm`.
    """
    highest, resting = body.highest_bpm(year), body.resting_heart_rate_bpm
    if highest is None or (resting is not None and resting >= highest):
        return None
    intensity, water = thresholds().intensity, thresholds().water
    lower = water.hr_lower_bpm if in_water else 0
    where = f", {lower} lower in water" if in_water else ""
    if resting is not None:
        base, span, basis = resting, highest - resting, "heart-rate reserve"
        moderate, vigorous = intensity.moderate.hr_reserve_pct, intensity.vigorous.hr_reserve_pct
    else:
        base, span, basis = 0, highest, "the highest heart rate"
        moderate, vigorous = intensity.moderate.hr_max_pct, intensity.vigorous.hr_max_pct

    def beats(percents: Band) -> Band:
        # Whole beats, halves up, in integers: floats would round 64 % of 150 either way.
        low, high = (base + (span * percent + 50) // 100 - lower for percent in percents)
        return Band(low, high)

    return Zones(beats(moderate), beats(vigorous), f"{basis}{where}")
