"""`coach explain`: where every minute of a week or of one session went, and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.text import Text
from sqlmodel import Session as Database

from coach import shapes, slopes
from coach.accounting import accounts_of
from coach.adherence import ItemAdherence, Status, Violation, WeekAdherence
from coach.adherence.eligible import EFFORT_UNKNOWN
from coach.adherence.ledger import Account, Entry, ledger
from coach.app import open_app
from coach.cli.options import LAST_ID
from coach.cli.output import out, print_json, table, when
from coach.effort.grade import Climb
from coach.errors import CoachError, NotFoundError
from coach.judged import judged_week
from coach.judgement import JudgedWeek
from coach.nudges.wording import share_of_plan
from coach.plan import Exercise, facts, thresholds
from coach.store import activities as stored
from coach.store import people
from coach.store.engine import reading
from coach.store.tables import Person, key
from coach.summary import reasons
from coach.weeks import IsoWeek
from config.messages import catalogue

Climbs = Mapping[tuple[int, ...], Sequence[Climb]]

_SHORT_S = 30
"""In a week's explanation, shorter stretches are summed up: a walk through a town stands still every minute."""


def explain(what: str, who: str | None, *, as_json: bool) -> None:
    """A week, `2026-W45` or a date in it, or one session by the number of an activity."""
    app = open_app()
    now = app.clock()
    with reading(app.engine) as database:
        person = people.find_person(database, who)
        if what.isdecimal():
            judged, accounts = _session(database, person, int(what), now)
        else:
            judged = judged_week(database, person, IsoWeek.parse(what), now)
            accounts = ledger(judged.adherence)
        climbs = {each.session.activity_ids: slopes.uphill(database, each.session) for each in accounts}
        zone = ZoneInfo(person.timezone)
    if as_json:
        print_json(shapes.explanation(judged, accounts, climbs))
    elif what.isdecimal():
        _show(judged.adherence, accounts, climbs, zone, shortest_s=0)
    else:
        _show_figures(judged)
        _show(judged.adherence, accounts, climbs, zone, shortest_s=_SHORT_S)


def _session(database: Database, person: Person, number: int, now: datetime) -> tuple[JudgedWeek, tuple[Account, ...]]:
    """The week and the account of the session that an activity belongs to.

    Raises:
        NotFoundError: the person has no such activity.
        CoachError: it is of a sport that no plan asks for.
    """
    if number > LAST_ID:
        raise NotFoundError(f"There is no activity {number}. `coach activities` lists them.")
    row = stored.one(database, key(person), number).activity
    if row.exercise is None:
        raise CoachError(f"Activity {number} counts for nothing in a plan: {row.exercise_reason}.")
    found = accounts_of(database, person, row, now)
    if found is None:
        raise CoachError(f"Activity {number} is in no week's judgement. Please report it.")
    return found


def _show_figures(judged: JudgedWeek) -> None:
    """The formulas with their numbers."""
    week = judged.adherence
    score = share_of_plan(week)
    band = f", {week.band.replace('_', ' ')}" if week.band else ""
    out.print(Text(f"{week.week} ({week.status}): " + (f"{score} of the plan{band}" if score else "no score"), "bold"))
    if week.status is Status.NO_PLAN:
        out.print("There was no plan in that week. `coach setup --start DATE` sets the first day.")
    for line in (*_total(week), *(line for item in week.items for line in _item(item))):
        out.print(Text(line))
    for day, reason in week.excused.items():
        out.print(Text(f"{day:%A} was not asked for: {catalogue().text(f'excused.{reason}')}."))


def _total(week: WeekAdherence) -> Iterator[str]:
    weighed = [(item.weight, item.score) for item in week.items if item.weight and item.score is not None]
    if not weighed or week.score_low is None:
        return
    rules = thresholds().adherence
    terms = " + ".join(f"{weight:.0f} x {score:.1f}" for weight, score in weighed)
    total = f"W = ({terms}) / {sum(weight for weight, _ in weighed):.0f} = {week.score_low:.1f}"
    if week.score is None or week.score_high != week.score_low:
        total += f", and up to {week.score_high:.1f} with what is not known yet"
    yield f"{total}. On plan from {rules.on_plan_from}, partly from {rules.partly_from}."


def _item(item: ItemAdherence) -> Iterator[str]:
    """F, D, S and R, each with what went into it."""
    exercise, dose = facts(item.prescription.exercise), item.prescription.dose
    if item.frequency is None or item.dose is None or item.score is None or item.over_dose is None:
        yield f"{exercise.many}: nothing was asked for this week"
        return
    asked = f"{exercise.many}: {item.asked} x {dose.minutes} min asked"
    if item.asked < dose.sessions:
        asked += f", {dose.sessions - item.asked} of {dose.sessions} excused"
    yield asked
    yield (
        f"  F = {item.frequency * item.asked:.0f}/{item.asked} = {item.frequency:.3f}"
        f"   D = {item.dose * item.asked_minutes:.1f}/{item.asked_minutes} = {item.dose:.3f}"
        f"   S = {item.score:.1f}"
        f"   R = {item.over_dose * item.asked_minutes:.1f}/{item.asked_minutes} = {item.over_dose:.2f}{_over(item)}"
        f"   w = {item.weight:.0f}" + ("" if item.weight else " (optional)")
    )


def _over(item: ItemAdherence) -> str:
    rules, ratio = thresholds().adherence, item.over_dose or 0.0
    if ratio > rules.over_dose_red:
        return " (red)"
    return " (amber)" if ratio > rules.over_dose_amber else ""


def _show(
    week: WeekAdherence, accounts: Iterable[Account], climbs: Climbs, zone: ZoneInfo, *, shortest_s: float
) -> None:
    for account in accounts:
        session = account.session
        numbers = "+".join(f"#{each}" for each in session.activity_ids)
        self_report = ", self-report" if session.self_reported else ""
        ends = f"{session.ended_at.astimezone(zone):%H:%M}"
        out.print(
            Text(
                f"\n{when(session.started_at, zone)}-{ends}: {facts(session.exercise).one} {numbers}{self_report}",
                "bold",
            )
        )
        _show_entries(account.own, climbs[session.activity_ids], zone, shortest_s)
        for item, entries in _by_item(account.inside).items():
            out.print(Text(f"  of it, for the {facts(item).one}:"))
            _show_entries(entries, climbs[session.activity_ids], zone, shortest_s)
        for line in _told(account, week.violations):
            out.print(Text(f"  {line}"))


def _by_item(entries: Iterable[Entry]) -> Mapping[Exercise, Sequence[Entry]]:
    found: defaultdict[Exercise, list[Entry]] = defaultdict(list)
    for each in entries:
        if each.item is not None:
            found[each.item].append(each)
    return found


def _show_entries(entries: Sequence[Entry], climbs: Sequence[Climb], zone: ZoneInfo, shortest_s: float) -> None:
    climbing = [_grade(each, climbs) for each in entries]
    listed = table(">from", "to", ">min", *([">grade"] if any(climbing) else []), "")
    short: defaultdict[str, float] = defaultdict(float)
    for each, grade in zip(entries, climbing, strict=True):
        why = reasons.of_entry(each, catalogue())
        if each.span.duration_s < shortest_s:
            short[why] += each.minutes
        else:
            begun, ended = (f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%H:%M:%S}" for at in each.span)
            listed.add_row(f"  {begun}", ended, f"{each.minutes:.1f}", *([grade] if any(climbing) else []), Text(why))
    for why, minutes in short.items():
        listed.add_row("  shorter", "", f"{minutes:.1f}", *([""] if any(climbing) else []), Text(why))
    out.print(listed)


def _grade(entry: Entry, climbs: Sequence[Climb]) -> str:
    """The mean grade of a stretch that lies inside a climb."""
    grade_pct = slopes.grade_pct(entry.span, climbs)
    return "" if grade_pct is None else f"{grade_pct:.1f} %"


def _told(account: Account, violations: Iterable[Violation]) -> Iterator[str]:
    session = account.session
    if (verdict := reasons.of_verdict(session, catalogue())) is not None:
        yield f"verdict {verdict}"
    for each in violations:
        if each.activity_id == session.activity_ids[0]:
            yield f"{each.code}: {reasons.of_violation(each, catalogue())}"
    yield from session.notes
    if EFFORT_UNKNOWN in session.notes:
        yield catalogue().text("effort.ask", activity=session.activity_ids[0])
