"""Whom a clinician looks after: a line each, to sort, to filter and to search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from coach.care.caseload import SORTS, Line, Mark, caseload, chosen, eased
from coach.care.looking import look_at_all
from coach.nudges import wording
from coach.past import PastWeek
from coach.plan.thresholds import thresholds
from coach.signs import visible
from coach.store.access import What, unseen_today
from coach.store.accounts import Account
from coach.store.engine import writing
from coach.web.caring import Clinicians
from coach.web.naming import UNKNOWN
from coach.web.visit import LAST_ID, Visit
from config.messages.calendar import day_month, whole

router: Final = APIRouter()

PATH: Final = "/caseload"
_AT_ONCE: Final = 100
_LONGEST: Final = 80
_SORT: Final = "name"
_COLUMNS: Final = ("name", "share", "pain", "trend", "synced")


@dataclass(frozen=True, slots=True)
class Row:
    """A person as the page shows them."""

    person_id: int
    name: str
    marks: tuple[str, ...]
    states: tuple[str, ...]
    share: str
    before: str
    pain: str
    trend: str
    synced: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How the list is wanted."""

    sort: str
    only: Mark | None
    name: str

    def query(self, **other: object) -> str:
        """Of an address that asks for it so, but for what is other."""
        wanted = {"sort": self.sort, "only": self.only, "q": self.name, **other}
        told = {name: value for name, value in wanted.items() if value and (name, value) != ("sort", _SORT)}
        return f"?{urlencode(told)}" if told else ""


@dataclass(frozen=True, slots=True)
class View:
    rows: Sequence[Row]
    asked: Asked
    week: str
    before: str
    everybody: int
    found: int
    counts: Mapping[Mark, int]
    page: int
    pages: int


@router.get(PATH)
def listed(
    visit: Clinicians,
    sort: str = _SORT,
    only: str = "",
    q: str = "",
    page: Annotated[int, Query(ge=1, le=LAST_ID)] = 1,
) -> Response:
    asked = Asked(sort if sort in SORTS else _SORT, Mark(only) if only in tuple(Mark) else None, q.strip()[:_LONGEST])
    _note(visit)
    with visit.reading() as session:
        load = caseload(session, visit.account_id, visit.now)
        found = chosen(load.lines, sort=asked.sort, only=asked.only, name=asked.name)
        pages = max(1, -(-len(found) // _AT_ONCE))
        page = min(page, pages)
        shown = found[(page - 1) * _AT_ONCE : page * _AT_ONCE]
        why = eased(session, visit.account_id, shown, visit.now)
    say = _Say(visit)
    view = View(
        rows=[_row(say, each, why.get(each.person_id)) for each in shown],
        asked=asked,
        week=_week(say, load.week.number),
        before=_week(say, load.week.previous.number),
        everybody=len(load.lines),
        found=len(found),
        counts={mark: sum(mark in each.marks for each in load.lines) for mark in Mark},
        page=page,
        pages=pages,
    )
    return visit.page("caseload.html.j2", view=view, columns=_COLUMNS, rules=_rules(visit), longest=_LONGEST)


def _note(visit: Visit) -> None:
    """The look, in everybody's log; most have it already, and then nothing is written."""
    with visit.reading() as session:
        if not unseen_today(session, visit.account_id, What.CASELOAD, visit.now):
            return
    with writing(visit.app.engine, None) as session:
        look_at_all(session, session.get_one(Account, visit.account_id), visit.now)


class _Say:
    """The page's words: most lines say the same, and to look a text up costs more than all else of a cell."""

    def __init__(self, visit: Visit) -> None:
        self.text = cache(visit.say)
        self.day_month = cache(lambda day: day_month(day, visit.words.messages))
        self.whole = cache(lambda day: whole(day, visit.words.messages))

    def mark(self, mark: Mark) -> str:
        return self.text(f"caseload.{mark}", days=thresholds().caseload.silent_days)


def _row(say: _Say, line: Line, eased_by: str | None) -> Row:
    pain, told = UNKNOWN, line.morning
    if told is not None and line.morning_on is not None:
        pain = say.text("caseload.pain_on", pain=told.pain, day=say.day_month(line.morning_on))
    return Row(
        person_id=line.person_id,
        name=visible(line.name),
        marks=tuple(say.mark(mark) for mark in line.marks),
        states=tuple(_states(say, line, eased_by)),
        share=_share(say, line.last),
        before=_share(say, line.before),
        pain=pain,
        trend=UNKNOWN if line.trend is None else say.text(f"caseload.trend_{line.trend}"),
        synced=_synced(say, line.silent_days),
    )


def _states(say: _Say, line: Line, eased_by: str | None) -> list[str]:
    locked = line.locked_on
    return [
        *([say.text("caseload.since", day=say.whole(locked))] if locked is not None else []),
        *([] if line.stored.has_diagnosis else [say.text("caseload.no_diagnosis")]),
        *([say.text(f"caseload.in_{eased_by}")] if eased_by is not None else []),
    ]


def _share(say: _Say, week: PastWeek | None) -> str:
    if week is None:
        return UNKNOWN
    if week.score is None:
        return say.text(f"history.{week.status}")
    return say.text("share.one", score=wording.shown(week.score))


def _synced(say: _Say, days: int | None) -> str:
    if days is None:
        return say.text("caseload.never")
    return say.text("caseload.today") if days == 0 else say.text("caseload.days_ago", days=days)


def _week(say: _Say, number: int) -> str:
    return say.text("share.week", number=f"{number:02}")


def _rules(visit: Visit) -> list[tuple[str, str]]:
    """Each mark, and what it means."""
    rules = thresholds()
    numbers = {
        "score": rules.adherence.partly_from,
        "pain": rules.pain.sore_from,
        "rise": rules.pain.sore_morning_rise,
        "days": rules.caseload.pain_days,
    }
    given = {Mark.SILENT: {"days": rules.caseload.silent_days}}
    return [
        (_Say(visit).mark(mark), visit.say(f"caseload.rule_{mark}", **{**numbers, **given.get(mark, {})}))
        for mark in Mark
    ]
