"""Where the minutes of a session went, in sum and stretch by stretch, as its page shows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from coach import slopes
from coach.adherence.ledger import Account, Entry
from coach.effort.grade import Climb
from coach.plan import Exercise, facts
from coach.summary import reasons
from coach.web import naming
from coach.web.visit import Visit

_SINGLY: Final = 100
"""So many stretches have a row each, the longest; a walk through a town stands still every minute, so the shorter ones
are summed up."""

_WORTH_A_ROW_S: Final = 3
"""Less reads as no minute at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch; without `begun` and `ended`: several short ones. `grade` is empty where it is none."""

    begun: str
    ended: str
    minutes: str
    grade: str
    why: str


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where the time went, in sum and one by one; `item`: for what happens inside a walk, which looks at the same time
    again.
    """

    item: str | None
    sums: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    has_grade: bool


def stretches(visit: Visit, account: Account, climbs: Sequence[Climb]) -> Iterator[Stretches]:
    inside: defaultdict[Exercise | None, list[Entry]] = defaultdict(list)
    for each in account.inside:
        inside[each.item].append(each)
    for item, entries in ((None, account.own), *inside.items()):
        rows = tuple(_rows(visit, entries, climbs))
        name = None if item is None else facts(item, visit.words.messages).one
        if rows:
            yield Stretches(name, tuple(_sums(visit, entries)), rows, any(each.grade for each in rows))


def _sums(visit: Visit, entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """The minutes of each reason, the most first."""
    minutes: defaultdict[str, float] = defaultdict(float)
    for each in entries:
        minutes[reasons.of_entry(each, visit.words.messages)] += each.minutes
    for why, amount in sorted(minutes.items(), key=lambda each: -each[1]):
        yield naming.figure(amount, visit, 1), why


def _rows(visit: Visit, entries: Sequence[Entry], climbs: Sequence[Climb]) -> Iterator[Row]:
    longest = sorted((each.span.duration_s for each in entries), reverse=True)
    shortest_s = max([_WORTH_A_ROW_S, *longest[_SINGLY : _SINGLY + 1]])
    short: defaultdict[str, float] = defaultdict(float)
    for each in entries:
        why = reasons.of_entry(each, visit.words.messages)
        if each.span.duration_s <= shortest_s:
            short[why] += each.span.duration_s
            continue
        begun, ended = (naming.clock_at(at, visit) for at in each.span)
        grade = slopes.grade_pct(each.span, climbs)
        slope = "" if grade is None else f"{naming.figure(grade, visit, 1)} %"
        yield Row(begun, ended, naming.figure(each.minutes, visit, 1), slope, why)
    for why, seconds in short.items():
        if seconds > _WORTH_A_ROW_S:
            yield Row("", "", naming.figure(seconds / 60, visit, 1), "", why)
