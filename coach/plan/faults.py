"""What keeps items and restrictions, each in order for itself, from being a plan together."""

from collections.abc import Collection, Iterator, Sequence

from coach.plan.example import Fault
from coach.plan.exercises import facts
from coach.plan.model import Exercise, Prescription, Restriction, RestrictionCode, Traits
from coach.plan.thresholds import thresholds

_WEEK_DAYS = 7


def faults(
    items: Sequence[Prescription],
    restrictions: Sequence[Restriction],
    traits: Traits,
    sources: Collection[str],
) -> Iterator[Fault]:
    """Every fault with the way to its key: `("item", 2, "planned")`."""
    exercises = [item.exercise for item in items]
    avoided = {each.code for each in restrictions}
    for index, item in enumerate(items):
        for key, sentence in (
            *_of_item(item, exercises, traits, avoided),
            *_twice(item.exercise, exercises[:index]),
            *_unexplained(item, sources),
        ):
            yield ("item", index, key), sentence
    for index, each in enumerate(restrictions):
        if each.code in {other.code for other in restrictions[:index]}:
            yield ("restriction", index, "code"), f"{each.code} is said twice; once"
        if (each.code is RestrictionCode.STROKE_AVOID) is not bool(each.strokes):
            wanted = "names its strokes" if not each.strokes else "is about no strokes"
            yield ("restriction", index, "strokes"), f"{each.code} {wanted}"


def _of_item(
    item: Prescription, exercises: Sequence[Exercise], traits: Traits, avoided: Collection[RestrictionCode]
) -> Iterator[tuple[str, str]]:
    if item.nested_in is not None and item.nested_in not in exercises:
        yield "nested_in", f"{item.exercise} is nested in {item.nested_in}, which the plan does not prescribe; add it"
    if facts(item.exercise).swimmer_required and not traits.swimmer:
        yield "exercise", f"{item.exercise} needs swimming, and traits.swimmer is false; an exercise that does not"
    if item.exercise is Exercise.UPHILL_WALK and RestrictionCode.UPHILL_AVOID in avoided:
        yield "exercise", "uphill_walk is prescribed, and the restriction uphill_avoid leaves it out; one of them"
    if item.planned is not None and len(item.planned) > item.dose.sessions:
        yield "planned", f"names {len(item.planned)} days for {item.dose.sessions} sessions; at most as many"
    if item.planned is not None and len({*item.planned}) < len(item.planned):
        yield "planned", "names a day and time twice; once"
    if _days(item.ceiling.sessions, item.rest_days) > _WEEK_DAYS:
        yield (
            "rest_days",
            f"{item.ceiling.sessions} sessions with {item.rest_days} days between them are more than a week",
        )
    longest = item.max_minutes
    if longest is not None and longest < item.dose.minutes:
        yield "max_minutes", f"{longest} is below the minutes of the dose, {item.dose.minutes}; at least as many"
    cap = thresholds().hot_water.exercise_max_minutes
    if item.exercise is Exercise.HOT_POOL_EXERCISE and max(item.ceiling.minutes, longest or 0) > cap:
        yield "ceiling", f"hot water is at most {cap} minutes a session"


def _days(sessions: int, rest_days: int) -> int:
    """How many days so many sessions take, with rest between them; any number fits without."""
    return sessions + (sessions - 1) * rest_days if rest_days else 0


def _twice(exercise: Exercise, before: Sequence[Exercise]) -> Iterator[tuple[str, str]]:
    if exercise in before:
        yield "exercise", f"{exercise} is prescribed twice; once"


def _unexplained(item: Prescription, sources: Collection[str]) -> Iterator[tuple[str, str]]:
    for code in item.source:
        if code not in sources:
            yield "source", f"{code!r} is not explained; a code from [sources]: {', '.join(sources) or 'none yet'}"
