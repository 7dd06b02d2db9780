"""Minutes of a session, a step on and a step back: whole minutes in, whole minutes out (clinical rules, section 5)."""

from coach.plan.thresholds import thresholds


def next_minutes(minutes: int, ceiling: int) -> int:
    """A tenth more, at least one minute and at most five, to the ceiling: 10 11 12 13 14 15 17 19 21 23 25 28 30."""
    pace = thresholds().progression
    more = min(pace.growth_max_minutes, max(pace.growth_min_minutes, _part(minutes, pace.growth_pct)))
    return min(minutes + more, ceiling)


def step_back(minutes: int) -> int:
    """70 %: 21 becomes 15, 45 becomes 32."""
    return _at_least_one(_part(minutes, thresholds().progression.step_back_pct))


def easy(minutes: int) -> int:
    """75 %, for one week: 30 becomes 23."""
    return _at_least_one(_part(minutes, thresholds().progression.easy_pct))


def flare(minutes: int) -> int:
    """Half, and five minutes at the least: 21 becomes 11."""
    pace = thresholds().progression
    return max(pace.flare_least_minutes, _part(minutes, pace.flare_pct))


def _part(minutes: int, pct: int) -> int:
    """So many per cent, rounded half up."""
    return (pct * minutes + 50) // 100


def _at_least_one(minutes: int) -> int:
    return max(1, minutes)
