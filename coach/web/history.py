"""The weeks behind: how much of the plan was done, how mornings were, what was going on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Response
from sqlmodel import Session

from coach.charts.svg import as_svg
from coach.errors import NotFoundError, UsageError
from coach.judgement import JudgedWeek, judge_weeks
from coach.nudges.wording import share_of_plan
from coach.past import in_short
from coach.safety.flares import FLARE
from coach.store import activities, histories
from coach.store.tables import Person, key
from coach.summary import events, trend
from coach.summary.content import week_in_words
from coach.web import naming
from coach.web.visit import Own, Visit
from coach.weeks import IsoWeek, day_of

router: Final = APIRouter()

_WEEKS: Final = 26


@dataclass(frozen=True, slots=True)
class Line:
    """A week; `share` is what it came to, in a word where it has no score."""

    week: IsoWeek
    title: str
    share: str
    pain: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Half a year, newest first; `older`: further back there are weeks before this one."""

    lines: tuple[Line, ...]
    chart: str | None
    older: IsoWeek | None


@router.get("/history")
def history(visit: Own, before: str | None = None) -> Response:
    running = IsoWeek.of(day_of(visit.now, visit.zone))
    last = running if before is None else min(running, _week(before).previous)
    view = visit.recalled(("history", last), lambda: _view(visit, running, last))
    return visit.page("history.html.j2", view=view, is_newest=before is None)


def _view(visit: Visit, running: IsoWeek, last: IsoWeek) -> View:
    with visit.reading() as session:
        first = _first(session, visit, running)
        wanted = [each for each in _back_from(last) if each >= first]
        weeks = _judged(session, visit.me, wanted, visit.now)
    return View(
        lines=tuple(_line(visit, each) for each in reversed(weeks)),
        chart=_chart(visit, weeks),
        older=wanted[0] if wanted and wanted[0] > first else None,
    )


def _judged(session: Session, person: Person, weeks: Sequence[IsoWeek], now: datetime) -> list[JudgedWeek]:
    """These weeks, oldest first."""
    if not weeks:
        return []
    return list(judge_weeks(histories.load(session, person, weeks[0], weeks[-1]), weeks, now))


def _back_from(last: IsoWeek) -> list[IsoWeek]:
    """Half a year, oldest first."""
    weeks = [last]
    while len(weeks) < _WEEKS:
        weeks.append(weeks[-1].previous)
    return weeks[::-1]


def _first(session: Session, visit: Visit, running: IsoWeek) -> IsoWeek:
    """The week of the first plan, or of the first session if that is earlier."""
    starts = [each.plan.starts_on for each in histories.versions(session, key(visit.me))]
    if (began := activities.first_of(session, key(visit.me))) is not None:
        starts.append(day_of(began, visit.zone))
    return min([running, *map(IsoWeek.of, starts)])


def _line(visit: Visit, judged: JudgedWeek) -> Line:
    week, mornings, words = judged.adherence, judged.mornings.values(), visit.words.messages
    return Line(
        week=week.week,
        title=week_in_words(week.week, words),
        share=share_of_plan(week, words) or visit.say(f"history.{week.status}"),
        pain=naming.figure(sum(mornings) / len(mornings), visit, 1) if mornings else naming.UNKNOWN,
        told=tuple(_told(visit, judged)),
    )


def _told(visit: Visit, judged: JudgedWeek) -> Iterator[str]:
    """Days that were not asked for, flares that have a day of it, and what was told of pain."""
    yield from events.excused(judged, visit.words.messages)
    if judged.flares and FLARE not in judged.adherence.excused.values():
        yield visit.say("history.flare")
    pains = [each.pain for each in judged.check_ins if each.pain is not None]
    if pains:
        yield visit.say("history.check_ins", count=len(pains), worst=max(pains))


def _chart(visit: Visit, weeks: Sequence[JudgedWeek]) -> str | None:
    words = visit.words.messages
    points = list(trend.points([in_short(each) for each in weeks], words, dated=True))
    is_worth_it = len(points) > 1 and any(each.score is not None or each.pain is not None for each in points)
    return as_svg(trend.chart(points, trend.in_words(points, words), words)) if is_worth_it else None


def _week(text: str) -> IsoWeek:
    try:
        return IsoWeek.parse(text)
    except UsageError:
        raise NotFoundError(text) from None
