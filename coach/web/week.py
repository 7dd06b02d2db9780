"""This week, or any other: each item done and planned, what was left out and why, how it felt, and the next step."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Response

from coach.adherence import Status
from coach.errors import NotFoundError, UsageError
from coach.judgement import JudgedWeek, Standing, judge_week, stand
from coach.locks import told_at_once
from coach.nudges.wording import share_of_plan
from coach.safety import Lock
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
    """A week as its page shows it. On the page of the week that runs, `step` is there where `can_choose` it, and
    `notices` say what stands in the way today; `lock`: a warning sign does, `tell_diagnosis`: that there is none.
    """

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
    notices: tuple[str, ...] = ()
    lock: bool = False
    tell_diagnosis: bool = False
    has_sessions: bool = True


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
    with visit.asking() as asked:
        history = histories.load(asked, visit.me, running.previous, running)
    if not history.versions:
        return None
    standing, lock = stand(history, visit.now), history.lock_at(visit.now)
    view = _view(visit, standing.this_week, standing)
    no_diagnosis = history.versions[-1].plan.locked
    notices = tuple(_notices(visit, standing, lock))
    return replace(view, notices=notices, lock=lock is not None, tell_diagnosis=no_diagnosis), standing


def _notices(visit: Visit, standing: Standing, lock: Lock | None) -> Iterator[str]:
    """Why today is not as other days. Of a warning sign: what was said at once, while it locks the plan."""
    words = visit.words.messages
    if lock is not None:
        yield from told_at_once(lock.signs, visit.me.emergency_number, words)
    elif standing.locked:
        return
    elif standing.flare is not None:
        yield visit.say("week.flare")
    elif standing.excused is not None:
        yield visit.say("week.excused", why=words.text(f"excused.{standing.excused}"))
    elif standing.sore:
        yield visit.say(
            "week.sore", why=words.text("number.and").join(words.text(f"sore.{each}") for each in standing.sore)
        )


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
    with visit.asking() as asked:
        history = histories.load(asked, visit.me, week, week)
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
        has_sessions=bool(adherence.sessions),
    )
