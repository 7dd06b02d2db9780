"""The sentences of the clinician's page, block by block."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from coach.effort import ALGORITHM
from coach.effort.model import Predicate
from coach.judgement import JudgedWeek
from coach.nudges.wording import share_of_plan
from coach.plan import Plan, facts
from coach.progression import words as progression_words
from coach.safety import Answers, Lock
from coach.summary import events, feeling, lines
from coach.summary.content import Ahead
from coach.summary.figures import intensity, minutes_of, missed_in_a_row
from config.messages import Messages

_IN_A_ROW: Final = 3
"""So many planned sessions not done one after the other are worth a word (clinical rules, section 10)."""


def plan_of(judged: JudgedWeek, words: Messages) -> Iterator[str]:
    plan = judged.plan
    if plan is None:
        return
    yield words.text("clinician.version", version=judged.version, day=plan.starts_on, step=plan.step)
    yield words.text("clinician.set_by", who=plan.set_by) if plan.set_by else words.text("about.example_plan")
    if plan.diagnosis is None:
        yield words.text("status.locked")
    else:
        yield words.text(
            "clinician.diagnosis",
            condition=_plain(plan.condition),
            who=plan.diagnosis.made_by,
            day=plan.diagnosis.made_on,
        )
    yield words.text("clinician.relief", relief=plan.relief)
    flexion = {True: "yes", False: "no", None: "not_known"}[plan.flexion_tolerated]
    yield words.text("clinician.flexion", answer=words.text(f"clinician.{flexion}"))
    yield words.text("clinician.traits", traits=", ".join(_traits(plan)) or words.text("clinician.none"))
    limit = "pain_free_only" if plan.pain_free_only else "pain_limit"
    yield words.text(f"clinician.{limit}", limit=plan.pain_limit_during)


def _traits(plan: Plan) -> Iterator[str]:
    """What of the person bears on the plan: what is so, and a swimmer only where they are none."""
    for trait, value in plan.traits:
        if trait == "heat_screen":
            yield f"{_plain(trait)}: {_plain(value)}"
        elif value != (trait == "swimmer"):
            yield _plain(trait) if value else f"no {_plain(trait)}"


def score(judged: JudgedWeek, words: Messages) -> Iterator[str]:
    week = judged.adherence
    score = share_of_plan(week, words)
    if score:
        yield words.text(f"band.{lines.tone(week)}", score=score) if week.band else score
    yield lines.status(week, judged.plan, score or words.text("share.open"), words)
    yield from lines.excluded(week, words)


def pain(judged: JudgedWeek, words: Messages) -> Iterator[str]:
    yield from feeling.told(judged, words)
    if counted := feeling.colours(judged.adherence):
        told = ", ".join(f"{colour.upper()} {count}" for colour, count in counted.items())
        yield words.text("clinician.verdicts", verdicts=told)


def effort_of(judged: JudgedWeek, words: Messages) -> Iterator[str]:
    sessions = judged.adherence.sessions
    if not sessions:
        return
    hard = intensity(sessions)
    levels = ("light", "moderate", "vigorous", "beyond", "unknown")
    told = ((level, round(getattr(hard, level))) for level in levels)
    yield words.text(
        "clinician.intensity",
        levels=", ".join(f"{words.text(f'clinician.{level}')} {minutes} min" for level, minutes in told if minutes),
    )
    uphill, downhill = minutes_of(Predicate.UPHILL, sessions), minutes_of(Predicate.DOWNHILL, sessions)
    yield words.text("clinician.grade", uphill=round(uphill), downhill=round(downhill))
    yield from sorted({note for each in sessions for note in each.notes})


def happened(
    judged: JudgedWeek, answers: Iterable[Answers], locks: Iterable[Lock], zone: ZoneInfo, words: Messages
) -> Iterator[str]:
    yield from events.excused(judged, words)
    for item in judged.adherence.items:
        if (missed := missed_in_a_row(item, judged.adherence)) >= _IN_A_ROW:
            exercises = facts(item.prescription.exercise, words).many
            yield words.text("clinician.missed", exercises=exercises, count=missed)
    for each in answers:
        signs = ", ".join(each.yes) or words.text("clinician.no_sign")
        yield words.text("clinician.signs", day=_day(each.at, zone), signs=signs)
    for lock in locks:
        cleared = words.text("clinician.cleared", who=lock.cleared_by, day=lock.cleared_on) if lock.cleared_by else ""
        yield words.text("clinician.lock", day=_day(lock.raised_at, zone), signs=", ".join(lock.signs)) + cleared


def decided(judged: JudgedWeek, ahead: Ahead, words: Messages) -> Iterator[str]:
    decided = judged.decision
    kind = words.text("clinician.undecided") if decided.kind is None else decided.kind.upper()
    yield f"{kind}: {'; '.join(progression_words.reasons(decided, words))}"
    for each in decided.reasons:
        yield f"{each.code}({', '.join(f'{name} = {_input(value)}' for name, value in each.inputs.items())})"
    if (step := lines.step(ahead.plan, ahead.offer, words)) is not None:
        yield step


def about(plan: Plan | None, words: Messages) -> Iterator[str]:
    yield words.text("clinician.algorithm", version=ALGORITHM)
    if plan is not None:
        used = dict.fromkeys(code for item in plan.items for code in item.source)
        yield from (f"{code}: {plan.sources[code]}" for code in used if code in plan.sources)
    yield words.text("clinician.export")
    yield words.text("about.disclaimer")


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _input(value: float | str) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _plain(code: object) -> str:
    return str(code).replace("_", " ")
