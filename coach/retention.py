"""How long what is kept: as the settings say, looked at once a day."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from coach import rotating, staging
from coach.app import App
from coach.erasing import SHARED
from coach.store import letting_go, sweeps
from coach.store.access import What, note
from coach.store.acting import SERVICE, Actor
from coach.store.engine import writing
from coach.store.letting_go import Rows
from config.settings import Settings

SWEEP: Final = "retention"
EVERY: Final = timedelta(days=1)


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of what is kept.

    Attributes:
        what: its name, as JSON has it; `in_words` for a person.
        setting: which one says how long; None: it is always so long.
        amount: of `unit`; 0 is for ever.
        before: what is older goes; None: nothing does.
        rows: how many that is, or was.
    """

    what: str
    in_words: str
    setting: str | None
    amount: int
    unit: Unit
    before: datetime | None
    rows: int


Counted = Callable[[App, datetime], int]


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    in_words: str
    setting: str | None
    unit: Unit
    count: Counted
    let_go: Counted
    fixed: int = 0  # where nothing sets it

    def kept(self, app: App, now: datetime, *, gone: bool) -> Kept:
        amount = self.fixed if self.setting is None else getattr(app.settings, self.setting)
        before = cut(now, amount, self.unit)
        done = self.let_go if gone else self.count
        rows = 0 if before is None else done(app, before)
        return Kept(self.what, self.in_words, self.setting, amount, self.unit, before, rows)


def cut(now: datetime, amount: int, unit: Unit) -> datetime | None:
    """What is older has been kept for so long; None: nothing has, for it is kept for ever.

    Months are the calendar's, by days of UTC: of a month that has no such day its last one counts. So nothing goes
    before as many months have passed wherever its person lives.
    """
    if not amount:
        return None
    if unit is Unit.DAYS:
        return now.astimezone(UTC) - timedelta(days=amount)
    return datetime.combine(_months_before(now.astimezone(UTC).date(), amount), time(), UTC)


def look(app: App, now: datetime) -> Sequence[Kept]:
    """What would go; nothing does."""
    return [each.kept(app, now, gone=False) for each in _KINDS]


def let_go(app: App, now: datetime, by: Actor = SERVICE) -> Sequence[Kept]:
    """What has been kept for long enough goes, a little at a time; told is what went."""
    gone = [each.kept(app, now, gone=True) for each in _KINDS]
    if any(each.rows for each in gone):
        with writing(app.engine, None, by) as session:
            note(session, What.LET_GO, None, now)
    return gone


def sweep(app: App, now: datetime) -> Sequence[Kept]:
    """The same, unless somebody has done it within the last day."""
    with sweeps.mine(app.engine, SWEEP, now, EVERY) as mine:
        if mine is None:
            return ()
    return let_go(app, now)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _count(rows: Sequence[Rows]) -> Counted:
    return lambda app, before: sum(each.count(app.engine, before) for each in rows)


def _go(rows: Sequence[Rows]) -> Counted:
    return lambda app, before: sum(each.let_go(app.engine, before) for each in rows)


def _backups(settings: Settings, before: datetime) -> Iterator[Path]:
    """In the home's own folder of them; what was written elsewhere is left alone."""
    for path in sorted((settings.home / "backups").glob("coach-*")):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            yield path


def _delete_backups(app: App, before: datetime) -> int:
    gone = list(_backups(app.settings, before))
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _of_rows(what: str, in_words: str, setting: str, unit: Unit, rows: Sequence[Rows]) -> _Kind:
    return _Kind(what, in_words, setting, unit, _count(rows), _go(rows))


_KINDS: Final = (
    _of_rows("originals", "files of recordings", "keep_originals_months", Unit.MONTHS, letting_go.ORIGINALS),
    _of_rows("messages", "texts of messages", "keep_messages_months", Unit.MONTHS, letting_go.MESSAGES),
    _of_rows(
        "access_log",
        "who looked and who changed something",
        "keep_access_log_months",
        Unit.MONTHS,
        letting_go.ACCESS_LOG,
    ),
    _of_rows(
        "expired",
        "tokens, invitations and browsers that are no longer good",
        "keep_expired_days",
        Unit.DAYS,
        letting_go.EXPIRED,
    ),
    _Kind(
        "shared",
        "shared files that nobody took",
        None,
        Unit.DAYS,
        lambda app, before: len(list(staging.too_old(app.settings.home / SHARED, before))),
        lambda app, before: staging.tidy(app.settings.home / SHARED, before),
        staging.KEPT.days,
    ),
    _Kind(
        "secret_keys",
        "secret keys before the one of now",
        None,
        Unit.DAYS,
        rotating.too_old,
        rotating.forget,
        rotating.LASTS.days,
    ),
    _Kind(
        "backups",
        "backups in the home",
        "keep_backups_days",
        Unit.DAYS,
        lambda app, before: len(list(_backups(app.settings, before))),
        _delete_backups,
    ),
)
