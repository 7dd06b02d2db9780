"""The tables of the clinician's page: items, sessions, violations."""

from dataclasses import dataclass
from datetime import date

from coach.adherence import Credit, ItemAdherence, Session, WeekAdherence
from coach.plan import facts
from coach.summary import reasons
from coach.summary.figures import minutes_of
from config.messages import Messages


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def items(week: WeekAdherence, words: Messages) -> Table:
    head = (*_heads("item", "asked", "done", words=words), "F", "D", "S", "R")
    return Table(head, tuple(_item(each, words) for each in week.items))


def _item(item: ItemAdherence, words: Messages) -> tuple[str, ...]:
    done = sum(credit.credited_minutes for credit in item.credits)
    sessions = sum(credit.credited_minutes > 0 for credit in item.credits)
    aside = "" if item.weight or not item.asked else words.text("next.optional")
    return (
        facts(item.prescription.exercise, words).one + aside,
        f"{item.asked} x {item.prescription.dose.minutes} min",
        f"{sessions}, {done:.0f} min",
        _two(item.frequency),
        _two(item.dose),
        "–" if item.score is None else f"{item.score:.1f}",
        _two(item.over_dose),
    )


def sessions(week: WeekAdherence, words: Messages) -> Table:
    serves = {
        credit.session.activity_ids: credit
        for item in reversed(week.items)
        if item.prescription.nested_in is None
        for credit in item.credits
    }
    rows = (_session(each, serves.get(each.activity_ids), words) for each in week.sessions)
    return Table(_heads("day", "session", "minutes", "credited", "source", "verdict", words=words), tuple(rows))


def _session(session: Session, credit: Credit | None, words: Messages) -> tuple[str, ...]:
    eligible = minutes_of(facts(session.exercise).predicate, (session,))
    source = words.text("clinician.self_report" if session.self_reported else "clinician.device")
    return (
        str(session.day),
        facts(session.exercise, words).one,
        f"{eligible:.0f}",
        "–" if credit is None else f"{credit.credited_minutes:.0f}",
        source,
        _verdict(session, words),
    )


def _verdict(session: Session, words: Messages) -> str:
    """`RED: pain was still up the next morning`."""
    if session.verdict is None:
        return "–"
    told = "; ".join(words.text(f"verdict.{each}") for each in session.verdict.reasons)
    return f"{session.verdict.colour.upper()}: {told}"


def violations(week: WeekAdherence, words: Messages) -> Table:
    days = {number: session.day for session in week.sessions for number in session.activity_ids}
    rows = (
        (
            _day(days.get(each.activity_id)),
            each.code,
            each.severity,
            f"{each.minutes:.1f}",
            "; ".join(reasons.of_rule(because, words) for because in each.because),
        )
        for each in week.violations
    )
    return Table(_heads("day", "code", "severity", "minutes", "evidence", words=words), tuple(rows))


def _heads(*keys: str, words: Messages) -> tuple[str, ...]:
    return tuple(words.text(f"clinician.head_{key}") for key in keys)


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _day(day: date | None) -> str:
    return "–" if day is None else str(day)
