"""Which check-in belongs to which session."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Phase
from coach.safety.mornings import is_morning

# A session is told of from three hours before it to noon of the next day, 33 hours later where the clocks go back, and
# twelve hours after its end at the most.
NEAR_BEFORE: Final = timedelta(hours=6)
NEAR_AFTER: Final = timedelta(hours=36)


class Bout(Protocol):
    """What of a session matters here; `coach.adherence.Session` is one."""

    @property
    def activity_ids(self) -> tuple[int, ...]: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime: ...
    @property
    def day(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What a person told of one session.

    Attributes:
        pre: the latest score; peak, post: the worst; morning: the first. One without a score only where none has one.
        said: all of it, in order of time: the same check-in may tell of two sessions (a morning, or `pre`).
    """

    pre: CheckIn | None = None
    peak: CheckIn | None = None
    post: CheckIn | None = None
    morning: CheckIn | None = None
    said: tuple[CheckIn, ...] = ()

    def of(self, *phases: Phase) -> tuple[CheckIn, ...]:
        return tuple(each for each in self.said if each.phase in phases)


def told_of(bout: Bout, bouts: Iterable[Bout], check_ins: Iterable[CheckIn], zone: ZoneInfo) -> Told:
    """What was told of a session: by its name, or else by the time at which it was said.

    Args:
        bout: the session.
        bouts: all sessions around it, for an answer belongs to the latest that had begun.
        check_ins: the person's, in any order.
        zone: theirs; the morning is local.
    """
    others = tuple(bouts)
    since, until = bout.started_at - NEAR_BEFORE, bout.ended_at + NEAR_AFTER
    said = [
        each
        for each in check_ins
        # Spares the rules most of a long history: no time that they ask for lies further away.
        if (since <= each.at <= until or each.activity_id in bout.activity_ids)
        and _BELONGS[each.phase](each, bout, others, zone)
    ]
    said.sort(key=attrgetter("at"))
    by_phase: dict[Phase, list[CheckIn]] = {phase: [] for phase in Phase}
    for each in said:
        by_phase[each.phase].append(each)
    return Told(
        pre=_last(by_phase[Phase.PRE]),
        peak=_worst(by_phase[Phase.PEAK]),
        post=_worst(by_phase[Phase.POST]),
        morning=_first(by_phase[Phase.MORNING]),
        said=tuple(said),
    )


def _before(check_in: CheckIn, bout: Bout, _: tuple[Bout, ...], __: ZoneInfo) -> bool:
    """Named, or said from three hours before the start to the end."""
    if check_in.activity_id is not None:
        return check_in.activity_id in bout.activity_ids
    return bout.started_at - timedelta(hours=thresholds().pain.pre_hours) <= check_in.at <= bout.ended_at


def _after(check_in: CheckIn, bout: Bout, bouts: tuple[Bout, ...], _: ZoneInfo) -> bool:
    """Named, or said within twelve hours of the end of the latest session that had begun by then."""
    if check_in.activity_id is not None:
        return check_in.activity_id in bout.activity_ids
    if not bout.started_at <= check_in.at <= bout.ended_at + timedelta(hours=thresholds().pain.told_within_hours):
        return False
    begun = [each for each in (bout, *bouts) if each.started_at <= check_in.at]
    latest = max(begun, key=lambda each: (each.started_at, each.activity_ids))
    return latest.activity_ids == bout.activity_ids


def _next_morning(check_in: CheckIn, bout: Bout, _: tuple[Bout, ...], zone: ZoneInfo) -> bool:
    """The morning after a day tells of all its sessions, whichever was named."""
    return check_in.at.astimezone(zone).date() == bout.day + timedelta(days=1) and is_morning(check_in, zone)


_BELONGS: Final[Mapping[Phase, Callable[[CheckIn, Bout, tuple[Bout, ...], ZoneInfo], bool]]] = {
    Phase.PRE: _before,
    Phase.PEAK: _after,
    Phase.POST: _after,
    Phase.MORNING: _next_morning,
}


def _scored(said: list[CheckIn]) -> list[CheckIn]:
    return [each for each in said if each.pain is not None] or said


def _first(said: list[CheckIn]) -> CheckIn | None:
    return next(iter(_scored(said)), None)


def _last(said: list[CheckIn]) -> CheckIn | None:
    """Those that name the session before those that only lie before it."""
    named = [each for each in said if each.activity_id is not None and each.pain is not None]
    return next(reversed(named or _scored(said)), None)


def _worst(said: list[CheckIn]) -> CheckIn | None:
    return max(said, key=lambda each: -1 if each.pain is None else each.pain, default=None)
