"""What a person tells, and what follows from it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coach.shapes.figures import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coach.adherence.model import Session as Bout
    from coach.checking_in import Noted
    from coach.safety.flares import Episode
    from coach.safety.model import CheckIn, SignLevel, Verdict
    from coach.shapes import types
    from coach.shapes.figures import Shape
    from coach.store.excusals import KeptExcusal


def check_in(number: int, told: CheckIn) -> types.CheckIn:
    return {
        "id": number,
        "at": instant(told.at),
        "phase": told.phase,
        "pain": told.pain,
        "extent": None if told.extent is None else told.extent.name.lower().replace("_", "-"),
        "numbness": told.numbness,
        "weakness": told.weakness,
        "shoulder": told.shoulder,
        "activity_id": told.activity_id,
    }


def noted(
    told: Noted,
    words: Iterable[str],
    questions: Iterable[tuple[str, SignLevel, str]],
    bouts: Sequence[Bout],
    *,
    phase_said: bool,
) -> types.Noted:
    """A check-in that was just kept.

    Args:
        told: what was kept, and what follows from it.
        words: what the person is told at once.
        questions: the warning-sign questions, where they are to be asked at once.
        bouts: the sessions that it tells of.
        phase_said: whether the person said when it was.
    """
    return {
        **check_in(told.id, told.check_in),
        "phase_said": phase_said,
        "told": list(words),
        "locked": told.lock is not None,
        "questions": [sign(each) for each in questions],
        "questions_offered": told.offers_questions(bouts),
        "flare_offered": told.offers_flare,
        "sessions": [{"activity_ids": list(each.activity_ids), "verdict": verdict(each.verdict)} for each in bouts],
    }


def sign(asked: tuple[str, SignLevel, str]) -> types.Sign:
    code, level, question = asked
    return {"code": code, "level": level, "question": question}


def excusal(kept: KeptExcusal) -> Shape:
    return {
        "id": kept.id,
        "kind": kept.excusal.kind,
        "first_day": kept.excusal.first_day.isoformat(),
        "last_day": None if kept.excusal.last_day is None else kept.excusal.last_day.isoformat(),
        "said_by": kept.said_by,
    }


def flare(episode: Episode, today: date) -> Shape:
    return {
        "began_at": instant(episode.flare.began_at),
        "ended_at": instant(episode.ended_at),
        "ended_by": episode.ended_by,
        "day": episode.day_number(episode.ended_on or today),
        "baseline": episode.baseline,
    }


def verdict(settled: Verdict | None) -> types.Verdict | None:
    return None if settled is None else {"colour": settled.colour, "reasons": list(settled.reasons)}
