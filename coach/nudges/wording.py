"""Figures as people say them."""

from coach.adherence import WeekAdherence
from coach.plan import facts


def share_of_plan(week: WeekAdherence) -> str | None:
    """`72 %`, `between 40 and 80 %`, or None for a week without a score."""
    if week.score is not None:
        return f"{week.score:.0f} %"
    if week.score_low is None or week.score_high is None:
        return None
    return f"between {week.score_low:.0f} and {week.score_high:.0f} %"


def done_so_far(week: WeekAdherence) -> str:
    """`2 walks, 1 swim`; `no walks` where nothing was done of what the plan rests on."""
    counts = [
        (item.prescription.exercise, len([each for each in item.credits if not each.stands_in]))
        for item in week.items
        if item.weight and item.prescription.nested_in is None
    ]
    done = [facts(exercise).count(number) for exercise, number in counts if number]
    return ", ".join(done) or facts(counts[0][0]).count(0)
