"""This week, or any other: each item done and planned, what was left out and why, how it felt, and the next step."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Response

from coach.adherence import Status
from coach.errors import NotFoundError, UsageError
from coach.judgement import JudgedWeek, Standing, judge_week, stand
from coach.nudges.wording import share_of_plan
from coach.store import histories
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
    found = visit.recalled(("now", running), lambda: _this_week(visit, running))
    if found is None:
        return visit.to("/welcome")
    view, standing = found
    return visit.page("week.html.j2", view=view, standing=standing, is_live=live.running(visit) is not None)


def _this_week(visit: Visit, running: IsoWeek) -> tuple[View, Standing] | None:
    """None where there is no plan yet."""
    with visit.reading() as session:
        history = histories.load(session, visit.me, running.previous, running)
    if not history.versions:
        return None
    standing = stand(history, visit.now)
    return _view(visit, standing.this_week, standing), standing


@router.get("/week/{week}")
def another(visit: Own, week: str) -> Response:
    try:
        asked = IsoWeek.parse(week)
    except UsageError:
        raise NotFoundError(week) from None
    if asked == IsoWeek.of(day_of(visit.now, visit.zone)):
        return visit.to("/")
    view = visit.recalled(("then", asked), lambda: _another(visit, asked))
    return visit.page("week.html.j2", view=view, standing=None)


def _another(visit: Visit, week: IsoWeek) -> View:
    with visit.reading() as session:
        history = histories.load(session, visit.me, week, week)
    return _view(visit, judge_week(history, week, visit.now))


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
