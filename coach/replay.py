"""A whole history judged again: under another plan, or as today's program measures the same recordings."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from coach.adherence import Performed
from coach.history import History, Version
from coach.judgement import JudgedWeek, judge_weeks
from coach.plan.model import Plan
from coach.remeasure import Remeasured
from coach.weeks import IsoWeek, day_of

_DIGITS: Final = 2
"""A score that differs by less is the same to whoever reads it."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A week as it stood, and as it would stand; `changes` names what differs."""

    before: JudgedWeek
    after: JudgedWeek

    @property
    def week(self) -> IsoWeek:
        return self.before.adherence.week

    @property
    def changes(self) -> tuple[str, ...]:
        facets = ((name, facet(self.before), facet(self.after)) for name, facet in _FACETS.items())
        return tuple(name for name, one, other in facets if one != other)


def replay(before: History, after: History, weeks: Iterable[IsoWeek], now: datetime) -> Iterator[Replayed]:
    """Each of the weeks, judged by both histories."""
    known = tuple(weeks)
    yield from map(Replayed, judge_weeks(before, known, now), judge_weeks(after, known, now))


def under(history: History, plan: Plan) -> History:
    """The same life under one plan, from the first day that any plan was in force."""
    first = history.first_day or plan.starts_on
    return replace(history, versions=(Version(1, plan.model_copy(update={"starts_on": first})),))


def measured_anew(history: History, fresh: Mapping[int, Remeasured]) -> History:
    """The same life, its recordings measured anew; what was entered by hand stays as it is."""

    def anew(done: Performed) -> Performed:
        measured = fresh.get(done.activity_id)
        if measured is None:
            return done
        return replace(done, exercise=measured.exercise, efforts={each.predicate: each for each in measured.efforts})

    return replace(history, performed=tuple(map(anew, history.performed)))


def weeks_of(history: History, now: datetime) -> list[IsoWeek]:
    """From the first plan's week to the running one."""
    if history.first_day is None:
        return []
    weeks = [IsoWeek.of(history.first_day)]
    last = IsoWeek.of(day_of(now, history.zone))
    while weeks[-1] < last:
        weeks.append(weeks[-1].next)
    return weeks


def _score(judged: JudgedWeek) -> float | None:
    score = judged.adherence.score
    return None if score is None else round(score, _DIGITS)


_FACETS: Final[Mapping[str, Callable[[JudgedWeek], object]]] = {
    "status": lambda judged: judged.adherence.status,
    "score": _score,
    "band": lambda judged: judged.adherence.band,
    "violations": lambda judged: sorted((each.code, each.severity) for each in judged.adherence.violations),
    "decision": lambda judged: judged.decision.kind,
}
