"""This week, or any other: each item done and planned, what was left out and why, how it felt, and the next step."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from coach.adherence import Status
from coach.errors import NotFoundError, UsageError
from coach.judgement import JudgedWeek, Standing, judge_week, stand
from coach.nudges.wording import share_of_plan
from coach.store import histories, people
from coach.store.tables import key
from coach.summary import events, feeling, lines
from coach.summary.content import week_in_words
from coach.summary.lines import Bar
from coach.web import live
from coach.web.visit import Own, Visit
from coach.weeks import IsoWeek, day_of

router: Final = APIRouter()


@dataclass(frozen=True, slots=True)
class View:
    """A week as its page shows it. `step` is there where `can_choose` it, on the page of the week that runs."""

    week: IsoWeek
    title: str
    plan: str | None
    status: str
    score: str | None
    headline: str | None
    bars: tuple[Bar, ...]
    restrictions: tuple[str, ...]
    excluded: tuple[str, ...]
    excused: tuple[str, ...]
    felt: tuple[str, ...]
    step: str | None
    can_choose: bool


@router.get("/")
def this_week(visit: Own) -> Response:
    running = IsoWeek.of(day_of(visit.now, visit.zone))
    with visit.reading() as session:
        history = histories.load(session, visit.me, running.previous, running)
        if people.latest_plan(session, key(visit.me)) is None:
            return visit.to("/welcome")
    standing = stand(history, visit.now)
    view, is_live = _view(visit, standing.this_week, standing), live.running(visit) is not None
    return visit.page("week.html.j2", view=view, standing=standing, is_live=is_live)


@router.get("/week/{week}")
def another(visit: Own, week: str) -> Response:
    try:
        asked = IsoWeek.parse(week)
    except UsageError:
        raise NotFoundError(week) from None
    if asked == IsoWeek.of(day_of(visit.now, visit.zone)):
        return visit.to("/")
    with visit.reading() as session:
        history = histories.load(session, visit.me, asked, asked)
    return visit.page("week.html.j2", view=_view(visit, judge_week(history, asked, visit.now)), standing=None)


def _view(visit: Visit, judged: JudgedWeek, standing: Standing | None = None) -> View:
    words, adherence, plan = visit.words.messages, judged.adherence, judged.plan
    score = share_of_plan(adherence, words)
    offer = standing.offer if standing is not None and not standing.waits else None
    return View(
        week=adherence.week,
        title=week_in_words(adherence.week, words),
        plan=None if plan is None else words.text("heading.plan", version=judged.version, step=plan.step),
        status=lines.status(adherence, plan, score or words.text("share.open"), words),
        score=score,
        headline=words.text(f"band.{lines.tone(adherence)}", score=score) if adherence.band and score else None,
        bars=() if adherence.status is Status.NO_PLAN else tuple(lines.bars(adherence, words)),
        restrictions=tuple(lines.restrictions(adherence, plan, words)),
        excluded=tuple(lines.excluded(adherence, words)),
        excused=tuple(events.excused(judged, words)),
        felt=tuple(feeling.told(judged, words)),
        step=lines.step(plan, offer, words) if offer is not None else None,
        can_choose=offer is not None,
    )
