"""Which sheets there are, and what stands in their columns."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from coach.adherence import ItemAdherence, Session, Status
from coach.effort.model import Predicate
from coach.exchange.dossier import Activity, Dossier, Told, known
from coach.exchange.sheets import Column, Sheet, joined
from coach.weeks import IsoWeek, day_of
from devices.recording import Totals

if TYPE_CHECKING:
    from coach.judgement import JudgedWeek


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A stored session, and the judged one that it belongs to; None before the first plan."""

    dossier: Dossier
    activity: Activity
    session: Session | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    judged: "JudgedWeek"
    item: ItemAdherence


@dataclass(frozen=True, slots=True)
class PainRow:
    dossier: Dossier
    told: Told


def _day(row: SessionRow) -> date:
    return row.activity.day(row.dossier.whom.zone)


def _colour(row: SessionRow) -> str | None:
    verdict = row.session and row.session.verdict
    return verdict.colour if verdict else None


def _reasons(row: SessionRow) -> str | None:
    verdict = row.session and row.session.verdict
    return joined(verdict.reasons) if verdict else None


def _mean(scores: Collection[int]) -> float | None:
    return sum(scores) / len(scores) if scores else None


def _figure(name: str) -> Column:
    return Column(name, lambda row: row.activity.best(name), "the device's figure, ours where it gave none")


def _minutes(predicate: Predicate) -> Column:
    def value(row: SessionRow) -> float | None:
        effort = row.activity.efforts.get(predicate)
        return effort.minutes if effort is not None and known(effort) else None

    return Column(f"{predicate}_min", value, f"minutes of which `{predicate}` holds")


SESSIONS: Final = Sheet(
    "sessions",
    (
        Column("session_id", lambda row: row.activity.number, "the number of the session"),
        Column("local_day", _day, "the day it belongs to"),
        Column("week", lambda row: str(IsoWeek.of(row.activity.day(row.dossier.whom.zone))), "its ISO week"),
        Column("started_at_utc", lambda row: row.activity.started_at, "its start"),
        Column("ended_at_utc", lambda row: row.activity.ended_at, "its end"),
        Column("timezone", lambda row: row.activity.timezone, "the zone it was judged in"),
        Column("exercise", lambda row: row.activity.exercise, "what it counts as in a plan"),
        Column("sport", lambda row: row.activity.sport, "what the device called it"),
        Column("sub_sport", lambda row: row.activity.sub_sport, "more closely"),
        Column("self_reported", lambda row: row.activity.self_reported, "entered by hand, without a recording"),
        Column("device", lambda row: row.activity.device, "what recorded it"),
        *(_figure(name) for name in Totals.__dataclass_fields__),
        Column("borg_6_20", lambda row: row.activity.label and row.activity.label.borg, "effort as it was told to us"),
        Column("exertion_cr10", lambda row: row.activity.exertion, "effort as it was told to the device, 0-10"),
        Column("water_c", lambda row: row.activity.label and row.activity.label.water_c, "the water, °C"),
        *(_minutes(predicate) for predicate in Predicate),
        Column("verdict", _colour, "what came of it, by the pain that was told"),
        Column("verdict_reasons", _reasons, "codes of what decided it"),
        Column("algorithm", lambda row: row.activity.algorithm, "the way of measuring"),
        Column("notes", lambda row: joined(row.activity.notes), "what had to be worked out"),
    ),
)

WEEKS: Final = Sheet(
    "weeks",
    (
        Column("week", lambda each: str(each.adherence.week), "`2026-W45`"),
        Column("first_local_day", lambda each: each.adherence.week.monday, "its Monday"),
        Column("status", lambda each: each.adherence.status, "as in `coach week`"),
        Column("plan_version", lambda each: each.version, "the version it was held against"),
        Column("score_pct", lambda each: each.adherence.score, "W"),
        Column("score_low_pct", lambda each: each.adherence.score_low, "the least it can still be"),
        Column("score_high_pct", lambda each: each.adherence.score_high, "the most it can still be"),
        Column("band", lambda each: each.adherence.band, "`on_plan`, `partly`, `off_plan`"),
        Column("decision", lambda each: each.decision.kind, "what the week says of the next one"),
        Column(
            "decision_reasons", lambda each: joined(r.code for r in each.decision.reasons), "codes of what decided it"
        ),
        Column("morning_pain_mean_0_10", lambda each: _mean(each.mornings.values()), "of the mornings that were told"),
        Column("violations", lambda each: joined(v.code for v in each.adherence.violations), "codes"),
        Column("excused_days", lambda each: len(each.adherence.excused), "days on which nothing was asked"),
        Column("excused_reasons", lambda each: joined(sorted(set(each.adherence.excused.values()))), "why"),
    ),
)

ITEMS: Final = Sheet(
    "items",
    (
        Column("week", lambda row: str(row.judged.adherence.week), "`2026-W45`"),
        Column("plan_version", lambda row: row.judged.version, "the version it was held against"),
        Column("exercise", lambda row: row.item.prescription.exercise, "what the item asks for"),
        Column("role", lambda row: row.item.prescription.role, "`base`, `primary`, `optional`"),
        Column("planned_sessions", lambda row: row.item.asked, "sessions asked, after excusals"),
        Column("planned_min_each", lambda row: row.item.prescription.dose.minutes, "minutes asked of each"),
        Column("sessions_done", lambda row: len([c for c in row.item.credits if c.credited_minutes > 0]), "sessions"),
        Column(
            "eligible_min", lambda row: sum(c.eligible_minutes for c in row.item.credits), "minutes that could count"
        ),
        Column("credited_min", lambda row: sum(c.credited_minutes for c in row.item.credits), "minutes that counted"),
        Column("frequency_ratio", lambda row: row.item.frequency, "F"),
        Column("dose_ratio", lambda row: row.item.dose, "D"),
        Column("score_pct", lambda row: row.item.score, "S"),
        Column("over_dose_ratio", lambda row: row.item.over_dose, "R"),
    ),
)

PAIN: Final = Sheet(
    "pain",
    (
        Column("at_utc", lambda row: row.told.check_in.at, "when it was told"),
        Column("local_day", lambda row: day_of(row.told.check_in.at, row.dossier.whom.zone), "the day it belongs to"),
        Column("phase", lambda row: row.told.check_in.phase, "`pre`, `peak`, `post`, `morning`"),
        Column("pain_0_10", lambda row: row.told.check_in.pain, "the larger of back and leg"),
        Column("extent_0_5", lambda row: row.told.check_in.extent, "how far down: 0 none to 5 foot"),
        Column("new_numbness", lambda row: row.told.check_in.numbness, "said to be new or worse"),
        Column("new_weakness", lambda row: row.told.check_in.weakness, "said to be new or worse"),
        Column("shoulder_0_10", lambda row: row.told.check_in.shoulder, "after a swim with a bad shoulder"),
        Column("session_id", lambda row: row.told.check_in.activity_id, "the session it was said of, if it was named"),
    ),
)

ABOUT: Final = Sheet(
    "about",
    (
        Column("what", lambda pair: pair[0], "what wrote the sheets, of whom, and from when to when"),
        Column("value", lambda pair: pair[1], "as text"),
    ),
)

SHEETS: Final = (SESSIONS, WEEKS, ITEMS, PAIN, ABOUT)


def sheets(dossier: Dossier, *, with_name: bool = False) -> dict[str, str]:
    """Each file by its name."""
    judged = {
        number: session
        for week in dossier.weeks
        for session in week.adherence.sessions
        for number in session.activity_ids
    }
    planned = [each for each in dossier.weeks if each.adherence.status is not Status.NO_PLAN]
    rows: dict[str, Iterable[object]] = {
        SESSIONS.name: [SessionRow(dossier, each, judged.get(each.number)) for each in dossier.activities],
        WEEKS.name: planned,
        ITEMS.name: [ItemRow(each, item) for each in planned for item in each.adherence.items],
        PAIN.name: [PainRow(dossier, each) for each in dossier.check_ins],
        ABOUT.name: _about(dossier, with_name=with_name),
    }
    return {f"{sheet.name}.csv": sheet.written(rows[sheet.name]) for sheet in SHEETS}


def _about(dossier: Dossier, *, with_name: bool) -> Iterator[tuple[str, str]]:
    writer, whom = dossier.writer, dossier.whom
    yield "person", whom.name if with_name else str(whom.pseudonym)
    yield "timezone", whom.zone.key
    yield "first_local_day", dossier.first_day.isoformat()
    yield "last_local_day", dossier.last_day.isoformat()
    yield "plan_versions", joined(each.number for each in dossier.versions)
    yield "program", f"{writer.program} {writer.program_version}"
    yield "algorithm", str(writer.algorithm)
    yield "disclaimer", writer.disclaimer
