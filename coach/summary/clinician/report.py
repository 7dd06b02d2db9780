"""The week for a clinician (clinical rules, section 10): what the letter leaves out, with figures and codes.

The person makes it themselves and hands it over; it is never sent. So it may name the diagnosis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from coach.judgement import JudgedWeek
from coach.past import PastWeek
from coach.safety import Answers, Lock
from coach.summary.clinician import sentences, tables
from coach.summary.clinician.tables import Table
from coach.summary.content import NOTHING_AHEAD, Ahead, week_in_words
from coach.summary.trend import Point, in_words, points
from config.messages import Messages, catalogue


@dataclass(frozen=True, slots=True)
class Told:
    """Of the week, what else was told: answers to the warning-sign questions, and the locks that were raised in it."""

    answers: Sequence[Answers] = ()
    locks: Sequence[Lock] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the page. `key` names it for scripts; `table` is None where lines say all."""

    key: str
    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The page, block by block; those with nothing to say are left out. `trend` is for its chart."""

    name: str
    language: str
    title: str
    blocks: tuple[Block, ...]
    trend: tuple[Point, ...]
    trend_in_words: tuple[str, ...]


def report(
    *,
    name: str,
    zone: ZoneInfo,
    judged: JudgedWeek,
    trend: Sequence[PastWeek],
    ahead: Ahead = NOTHING_AHEAD,
    told: Told = Told(),
    words: Messages | None = None,
) -> Report:
    """Word a judged week for whoever set the plan.

    Args:
        name: the person's.
        zone: theirs.
        judged: the week.
        trend: the last weeks up to it, oldest first.
        ahead: what is asked next.
        told: what else was told in the week.
        words: the language; English by default.
    """
    words = words or catalogue()
    week, weeks = judged.adherence, tuple(points(trend, words))

    def block(key: str, lines: Sequence[str] = (), table: Table | None = None) -> Block:
        return Block(key, words.text(f"clinician.heading_{key}"), tuple(lines), table)

    blocks = (
        block("plan", [*sentences.plan_of(judged, words)]),
        block("score", [*sentences.score(judged, words)], tables.items(week, words)),
        block("sessions", table=tables.sessions(week, words)),
        block("pain", [*sentences.pain(judged, words)]),
        block("effort", [*sentences.effort_of(judged, words)]),
        block("violations", table=tables.violations(week, words)),
        block("events", [*sentences.happened(judged, told.answers, told.locks, zone, words)]),
        block("decision", [*sentences.decided(judged, ahead, words)]),
        block("about", [*sentences.about(judged.plan, words)]),
    )
    return Report(
        name=name,
        language=words.language,
        title=words.text("clinician.title", name=name, week=week_in_words(week.week, words)),
        blocks=tuple(each for each in blocks if each.lines or (each.table and each.table.rows)),
        trend=weeks,
        trend_in_words=tuple(in_words(weeks, words)),
    )
