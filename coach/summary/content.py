"""What the weekly summary says (clinical rules, section 10), before it has a form: lines worded, bars as shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from coach.adherence import Status
from coach.judgement import JudgedWeek
from coach.nudges.wording import share_of_plan, shown
from coach.past import PastWeek
from coach.plan import Plan
from coach.progression import Offer
from coach.safety.flares import Concern
from coach.summary import events, feeling, lines
from coach.summary.lines import Bar, Sign
from coach.summary.trend import Point, in_words, points
from coach.weeks import IsoWeek
from config.messages import Messages, catalogue
from config.messages.calendar import span


@dataclass(frozen=True, slots=True)
class Ahead:
    """The week after: its plan, which need not be that of the week, and the step that could be taken now. None where
    nothing may be asked.
    """

    plan: Plan | None = None
    offer: Offer | None = None


NOTHING_AHEAD: Final = Ahead()


@dataclass(frozen=True, slots=True)
class Letter:
    """The summary in words. Lists may be empty; then their block is left out. `step` is the plan's next one, `choice`
    what can be said to it where it is on offer.
    """

    name: str
    language: str
    title: str
    plan: str
    status: str
    headline: str | None
    score: int | None
    remark: str | None
    bars: tuple[Bar, ...]
    trend: tuple[Point, ...]
    trend_in_words: tuple[str, ...]
    restrictions: tuple[str, ...]
    excluded: tuple[str, ...]
    excused: tuple[str, ...]
    pain: tuple[str, ...]
    next_week: tuple[str, ...]
    step: str | None
    choice: str | None
    warnings: tuple[Sign, ...]
    about: tuple[str, ...]


def letter(
    *,
    name: str,
    emergency_number: str,
    judged: JudgedWeek,
    trend: Sequence[PastWeek],
    ahead: Ahead = NOTHING_AHEAD,
    concerns: Iterable[Concern] = (),
    words: Messages | None = None,
) -> Letter:
    """Word a judged week for the person it is about. The diagnosis is not in it: letters lie about.

    Args:
        name: the person's.
        emergency_number: where they live.
        judged: the week.
        trend: the last weeks up to it, oldest first.
        ahead: what is asked next.
        concerns: what of their flares is for the clinician now.
        words: the person's language; English by default.
    """
    words = words or catalogue()
    week, plan, version = judged.adherence, judged.plan, judged.version
    score, weeks = share_of_plan(week, words), tuple(points(trend, words))
    ahead = NOTHING_AHEAD if week.status is Status.LOCKED else ahead
    return Letter(
        name=name,
        language=words.language,
        title=words.text("heading.week", week=week_in_words(week.week, words)),
        plan="" if plan is None else words.text("heading.plan", version=version, step=plan.step),
        status=lines.status(week, plan, score or words.text("share.open"), words),
        headline=words.text(f"band.{lines.tone(week)}", score=score) if week.band and score else None,
        score=None if week.score is None else shown(week.score),
        remark=words.text("band.normal") if week.band else None,
        bars=tuple(lines.bars(week, words)),
        trend=weeks,
        trend_in_words=tuple(in_words(weeks, words)),
        restrictions=tuple(lines.restrictions(week, plan, words)),
        excluded=tuple(lines.excluded(week, words)),
        excused=tuple(events.excused(judged, words, concerns)),
        pain=tuple(feeling.told(judged, words)),
        next_week=tuple(lines.next_week(ahead.plan, words)),
        step=lines.step(ahead.plan, ahead.offer, words),
        choice=words.text("next.choice") if ahead.plan and ahead.offer else None,
        warnings=tuple(lines.warnings(emergency_number, words)),
        about=tuple(lines.about(plan, words)),
    )


def week_in_words(week: IsoWeek, words: Messages | None = None) -> str:
    """`9-15 November 2026`."""
    return span(week.monday, week.sunday, words or catalogue())
