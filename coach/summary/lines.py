"""The lines of the summary, block by block: from judged values to sentences."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from coach.adherence import Band, ItemAdherence, Status, Violation, WeekAdherence
from coach.effort.model import predicate_of
from coach.effort.spans import total_s
from coach.plan import Exercise, Plan, Role, facts, thresholds
from coach.plan.violations import ViolationCode
from coach.plan.words import slot
from coach.progression import Offer
from coach.progression.words import change, offered
from coach.safety.verdicts import Reason
from config.messages import Messages
from config.messages.calendar import weekday

_SIGNS = (
    ("emergency_signs", "emergency"),
    ("chest_signs", "chest"),
    ("same_day_signs", "same_day"),
    ("routine_signs", "routine"),
)

_NO_GRADE = "grade unavailable"
"""How the note begins that says why nobody can tell how steep it was."""

WORTH_A_WORD_MIN = 0.5
"""Less than half a minute would read as `0 min`."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One item: its line, and how full its bar is, 0-1 (None: no bar); `remarks` stand below it."""

    line: str
    share: float | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """Warning signs, and what to do about them."""

    signs: str
    advice: str


def bars(week: WeekAdherence, words: Messages) -> Iterator[Bar]:
    """Of each item, but for an optional one left aside, and for what happens inside walks where nothing was asked."""
    for item in week.items:
        aside = item.prescription.role is Role.OPTIONAL and not item.credits
        if not aside and (item.asked or item.prescription.nested_in is None):
            yield _bar(item, words)


def _bar(item: ItemAdherence, words: Messages) -> Bar:
    many = _capital(facts(item.prescription.exercise, words).many)
    if not item.asked and not item.credits:
        return Bar(words.text("item.not_asked", exercises=many), None, ())
    sessions = sum(credit.credited_minutes > 0 for credit in item.credits)
    kind = "unasked" if not item.asked else "optional" if not item.weight else "sessions"
    kind = "more" if kind == "sessions" and sessions > item.asked else kind
    line = words.text(
        f"item.{kind}",
        exercises=many,
        sessions=sessions,
        planned_sessions=item.asked,
        minutes=round(sum(credit.credited_minutes for credit in item.credits)),
        planned_minutes=item.asked_minutes,
    )
    return Bar(line, item.dose if item.weight else None, tuple(_remarks(item, words)))


def _remarks(item: ItemAdherence, words: Messages) -> Iterator[str]:
    asked = facts(item.prescription.exercise, words).one
    for credit in item.credits:
        if credit.stands_in:
            yield words.text("item.swap", done=facts(credit.session.exercise, words).one, asked=asked)
    if _is_beyond(item):
        yield words.text("item.over_dose")


def tone(week: WeekAdherence) -> str:
    """The band as a text's name; a week that is behind in one thing and past another is neither quiet nor good."""
    beyond = any(_is_beyond(item) for item in week.items)
    return "uneven" if beyond and week.band is not Band.ON_PLAN else str(week.band)


def status(week: WeekAdherence, plan: Plan | None, score: str, words: Messages) -> str:
    """How far the week is known, or what stopped it: a plan that has its diagnosis is locked by a warning sign."""
    by_sign = week.status is Status.LOCKED and plan is not None and not plan.locked
    return words.text("status.locked_by_sign" if by_sign else f"status.{week.status}", score=score)


def _is_beyond(item: ItemAdherence) -> bool:
    """Past the plan's own dose: who did a little on days that asked for nothing did not do too much, and what happens
    inside walks comes of itself.
    """
    if item.asked < item.prescription.dose.sessions or item.prescription.nested_in is not None:
        return False
    return item.over_dose is not None and item.over_dose > thresholds().adherence.over_dose_amber


def restrictions(week: WeekAdherence, plan: Plan | None, words: Messages) -> Iterator[str]:
    """What the plan leaves out and how it was kept, in plain words."""
    sessions = (*(credit.session for item in week.items for credit in item.credits), *week.unplanned)
    days = {session.activity_ids[0]: session.day for session in sessions}
    alike: defaultdict[tuple[str, Exercise], list[Violation]] = defaultdict(list)
    for violation in week.violations:
        alike[_told_as(violation), violation.exercise].append(violation)
    for (code, exercise), found in alike.items():
        on = dict.fromkeys(weekday(days[each.activity_id], words) for each in found)
        yield words.text(
            f"violation.{code}",
            minutes=max(1, round(sum(each.minutes for each in found))),
            day=words.text("number.and").join((", ".join([*on][:-1]), [*on][-1]) if len(on) > 1 else on),
            exercise=facts(exercise, words).one,
        )
    if plan is None or not plan.restrictions or week.status is Status.NO_PLAN:
        return
    if not week.violations:
        yield words.text("violation.none")
    elif any(_taken(week).values()):
        yield words.text("violation.taken")
    notes = {note for item in week.items for credit in item.credits for note in credit.session.notes}
    for note in sorted(notes):
        if note.startswith(_NO_GRADE):
            yield words.text("note.grade", why=note.removeprefix(_NO_GRADE).strip(": "))


def _taken(week: WeekAdherence) -> Mapping[str, float]:
    """The minutes that violations took, by code; of those while the plan was locked their own sentence says so."""
    minutes: defaultdict[str, float] = defaultdict(float)
    for each in week.violations:
        if each.code != ViolationCode.WHILE_LOCKED:
            minutes[each.code] += each.minutes
    return minutes


_FOR_A_DOCTOR: Final = frozenset(f"verdict_{each}" for each in (Reason.WARNING_SIGN, Reason.WEAKNESS, Reason.NUMBNESS))


def _told_as(violation: Violation) -> str:
    """The name of its text: too long by its distance alone is too far, and its minutes were no more than asked; after a
    warning sign nobody is told what else to do instead.
    """
    rules = {each.rule for each in violation.because}
    if rules & _FOR_A_DOCTOR:
        return "for_a_doctor"
    too_far = violation.code == ViolationCode.TOO_LONG and "longer_metres" in rules and "longer_minutes" not in rules
    return "too_far" if too_far else violation.code


def excluded(week: WeekAdherence, words: Messages) -> Iterator[str]:
    """Minutes that did not count, by item and reason, but for those that `restrictions` tells of; less than half a
    minute is not worth a word.
    """
    taken = _taken(week)
    for item in week.items:
        minutes: defaultdict[str, float] = defaultdict(float)
        for credit in item.credits:
            for each in credit.excluded:
                minutes[each.reason] += each.span.duration_s / 60
        told = [
            f"{left:.0f} min {reason(code, words)}"
            for code, amount in minutes.items()
            if (left := amount - taken.get(code, 0.0)) >= WORTH_A_WORD_MIN
        ]
        if told:
            yield f"{_capital(facts(item.prescription.exercise, words).many)}: {'; '.join(told)}"
    yield from unplanned(week, words)


def unplanned(week: WeekAdherence, words: Messages) -> Iterator[str]:
    """What was done that no item of the plan asks for, by exercise."""
    minutes: defaultdict[Exercise, float] = defaultdict(float)
    for session in week.unplanned:
        minutes[session.exercise] += total_s(session.predicates.get(predicate_of(session.exercise), ())) / 60
    for exercise, amount in minutes.items():
        yield words.text("item.unplanned", exercises=_capital(facts(exercise, words).many), minutes=round(amount))


def reason(code: str, words: Messages) -> str:
    """The plain words for a reason's code."""
    if code.startswith("counted_as_"):
        exercise = Exercise(code.removeprefix("counted_as_"))
        return words.text("exclusion.counted_elsewhere", exercise=facts(exercise, words).one)
    return words.text(f"exclusion.{code}")


def next_week(plan: Plan | None, words: Messages) -> Iterator[str]:
    """What is asked next, item by item."""
    if plan is None:
        return
    for item in plan.items:
        aside = words.text("next.optional") if item.role is Role.OPTIONAL else ""
        agreed = ", ".join(slot(each, words) for each in item.planned or ())
        sessions = _capital(facts(item.exercise, words).count(item.dose.sessions))
        asked = words.text("next.item", sessions=sessions, minutes=item.dose.minutes)
        yield f"{asked}{aside}{f': {agreed}' if agreed else ''}"


def step(plan: Plan | None, offer: Offer | None, words: Messages) -> str | None:
    """The step on offer, or that there is none; None where nothing is asked next."""
    if plan is None:
        return None
    if offer is None:
        return words.text("next.stays", step=plan.step)
    changes = "; ".join(change(each, words) for each in offer.changes)
    because = words.text("number.and").join(offered(offer, words))
    return words.text(f"next.{offer.kind}", changes=changes, because=because)


def warnings(emergency_number: str, words: Messages) -> Iterator[Sign]:
    for signs, advice in _SIGNS:
        yield Sign(words.text(f"warning.{signs}"), words.text(f"warning.{advice}", emergency_number=emergency_number))


def about(plan: Plan | None, words: Messages) -> Iterator[str]:
    yield words.text("about.disclaimer")
    if plan is not None and plan.is_example:
        yield words.text("about.example_plan")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
