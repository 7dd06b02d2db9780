"""Whom the planner looks at: those of whom something is new, and at its hours everybody in a time zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session, col, select

from coach.nudges import RULES
from coach.store import news
from coach.store.news import Marks
from coach.store.tables import Person
from coach.store.told import NudgePreference
from scheduler.clock import ONE_DAY, local_instant

# Rules speak on the half hour of clocks that stand whole quarters from UTC.
QUARTER: Final = timedelta(minutes=15)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
# With more passed over than this, one looks at everybody.
_LONG: Final = ONE_DAY // QUARTER


def hours(day: date, zone: ZoneInfo) -> set[datetime]:
    """When on a local day the clock alone may have brought something: as soon as it is known (`Rule.ahead`), and again
    a quarter of an hour after it was due, for what was not so yet: by then what is due to many at once has gone out.
    """
    spoken = {(local_instant(day, clock, zone), rule.ahead) for rule in RULES.values() for clock in rule.at}
    return {moment for due_at, ahead in spoken for moment in (due_at - ahead, due_at + QUARTER)}


@dataclass(frozen=True, slots=True)
class Round:
    """One look: at whom, in which quarter of an hour, how far everything had grown, and who is left for the next."""

    persons: Sequence[int]
    quarter: int
    marks: Marks
    waiting: Sequence[int] = ()


@dataclass
class Rounds:
    """One look after another. A look that was not finished is made anew with the next.

    Attributes:
        at_a_time: of those to whom the clock has brought something at most so many; the rest waits for the next look.
    """

    at_a_time: int | None = None
    last: Round | None = field(default=None, init=False)
    _looked_at: dict[int, Marks] = field(default_factory=dict, init=False)

    @property
    def goes_on(self) -> bool:
        """Whether anybody waits for the next look."""
        return self.last is not None and bool(self.last.waiting)

    def next(self, session: Session, now: datetime) -> Round:
        quarter, marks = (now - _BEGINNING) // QUARTER, news.marks(session)
        if self.last is None:
            waiting, new = _everybody(session), set[int]()
        else:
            new = self._not_looked_at(news.of_each(session, self.last.marks))
            come = () if quarter == self.last.quarter else _brought(session, self.last.quarter, quarter)
            waiting = sorted({*self.last.waiting, *come} - new)
        some = len(waiting) if self.at_a_time is None else self.at_a_time
        return Round([*sorted(new), *waiting[:some]], quarter, marks, waiting[some:])

    def finished(self, made: Round) -> None:
        self.last = made

    def looked_at(self, persons: Iterable[int], marks: Marks) -> None:
        """Somebody else has, since everything had grown so far: the next look passes over those of whom nothing came in
        after that.
        """
        self._looked_at |= dict.fromkeys(persons, marks)

    def _not_looked_at(self, grown: Mapping[int, Marks]) -> set[int]:
        others, self._looked_at = self._looked_at, {}
        return {each for each, marks in grown.items() if each not in others or news.goes_beyond(marks, others[each])}


def _everybody(session: Session) -> list[int]:
    return [number for number in session.exec(select(Person.id).order_by(col(Person.id))) if number is not None]


def _brought(session: Session, last: int, quarter: int) -> Sequence[int]:
    """To whom the clock may have brought something since the `last` quarter of an hour. Who has wishes of their own has
    hours of their own as well.
    """
    if not last < quarter <= last + _LONG:
        return _everybody(session)
    since, until = (_BEGINNING + each * QUARTER for each in (last, quarter))
    zones = session.exec(select(Person.timezone).distinct()).all()
    here = [name for name in zones if _is_time(since, until, name)]
    there = session.exec(select(Person.id).where(col(Person.timezone).in_(here))).all()
    return [*(number for number in there if number is not None), *session.exec(select(NudgePreference.person_id)).all()]


def _is_time(since: datetime, until: datetime, name: str) -> bool:
    """Whether one of a zone's hours came after `since` and by `until`; of one that tzdata no longer has, always."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return True
    first, last = since.astimezone(zone).date() - ONE_DAY, until.astimezone(zone).date() + ONE_DAY
    days = (first + n * ONE_DAY for n in range((last - first).days + 1))
    return any(since < each <= until for day in days for each in hours(day, zone))
