"""Which check-in belongs to which session."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from coach.plan.thresholds import thresholds
from coach.safety.model import CheckIn, Phase
from coach.safety.mornings import morning_of

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
    @property
    def turn(self) -> tuple[datetime, str, int]:
        """Its place among others: none shares it."""


class Told(NamedTuple):
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
        return tuple([each for each in self.said if each.phase in phases])


def told_of(bout: Bout, bouts: Iterable[Bout], check_ins: Iterable[CheckIn], zone: ZoneInfo) -> Told:
    """What was told of a session: by its name, or else by the time at which it was said.

    Args:
        bout: the session.
        bouts: all sessions around it, for an answer belongs to the latest that had begun.
        check_ins: the person's, in any order.
        zone: theirs; the morning is local.
    """
    rules = thresholds().pain
    around = _Around(
        bout,
        tuple(bouts),
        bout.started_at - timedelta(hours=rules.pre_hours),
        bout.ended_at + timedelta(hours=rules.told_within_hours),
        *morning_of(bout.day + timedelta(days=1), zone),
    )
    said = sorted([each for each in check_ins if _BELONGS[each.phase](each, around)], key=attrgetter("at"))
    if not said:
        return _NOTHING
    by_phase: defaultdict[Phase, list[CheckIn]] = defaultdict(list)
    for each in said:
        by_phase[each.phase].append(each)
    return Told(
        pre=_last(by_phase[Phase.PRE]),
        peak=_worst(by_phase[Phase.PEAK]),
        post=_worst(by_phase[Phase.POST]),
        morning=_first(by_phase[Phase.MORNING]),
        said=tuple(said),
    )


_NOTHING: Final = Told()


class _Around(NamedTuple):
    """A session, and when it may be told of: from `before` its start, to `after` its end, on the next morning."""

    bout: Bout
    bouts: tuple[Bout, ...]
    before: datetime
    after: datetime
    morning_begins: datetime
    morning_ends: datetime


def _is_before(check_in: CheckIn, around: _Around) -> bool:
    """Named, or said from three hours before the start to the end."""
    if check_in.activity_id is not None:
        return check_in.activity_id in around.bout.activity_ids
    return around.before <= check_in.at <= around.bout.ended_at


def _is_after(check_in: CheckIn, around: _Around) -> bool:
    """Named, or said within twelve hours of the end of the latest session that had begun by then."""
    bout, at = around.bout, check_in.at
    if check_in.activity_id is not None:
        return check_in.activity_id in bout.activity_ids
    if not bout.started_at <= at <= around.after:
        return False
    own, begun = bout.turn, [each for each in around.bouts if bout.started_at <= each.started_at <= at]
    return not any(own < each.turn for each in begun)


def _is_next_morning(check_in: CheckIn, around: _Around) -> bool:
    """The morning after a day tells of all its sessions, whichever was named."""
    return around.morning_begins <= check_in.at < around.morning_ends


_BELONGS: Final[Mapping[Phase, Callable[[CheckIn, _Around], bool]]] = {
    Phase.PRE: _is_before,
    Phase.PEAK: _is_after,
    Phase.POST: _is_after,
    Phase.MORNING: _is_next_morning,
}


def _scored(said: Sequence[CheckIn]) -> Sequence[CheckIn]:
    return [each for each in said if each.pain is not None] or said


def _first(said: Sequence[CheckIn]) -> CheckIn | None:
    return _scored(said)[0] if said else None


def _last(said: Sequence[CheckIn]) -> CheckIn | None:
    """Those that name the session before those that only lie before it."""
    named = [each for each in said if each.activity_id is not None and each.pain is not None]
    return (named or _scored(said))[-1] if said else None


def _worst(said: Sequence[CheckIn]) -> CheckIn | None:
    return max(said, key=lambda each: -1 if each.pain is None else each.pain, default=None)
