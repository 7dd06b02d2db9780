"""A session as its page shows it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coach import slopes
from coach.accounting import accounts_of
from coach.adherence.eligible import EFFORT_UNKNOWN
from coach.adherence.ledger import Account
from coach.adherence.model import Violation
from coach.effort.told import BY_HAND
from coach.plan import Exercise, facts
from coach.plan.exercises import can_have_been
from coach.recorded import is_let_go, recording_of
from coach.signs import visible
from coach.store import activities
from coach.store.activities import Measured, Source
from coach.store.tables import Activity, ActivityLabel, key
from coach.summary import reasons
from coach.summary.translated import translated
from coach.units import Quantity, Units, shown, unit
from coach.web import naming, session_tables
from coach.web.session_stretches import Stretches, stretches
from coach.web.time_line import TimeLine, drawn
from coach.web.visit import Visit


@dataclass(frozen=True, slots=True)
class View:
    """`overlaps` were recorded at the same time, `others` belong to the same session. `said` is what the person said of
    it, `can_have_been` what they may say, each with its words; `degrees` of the water, None where it had none.
    """

    number: int
    what: str
    when: str
    facts: tuple[str, ...]
    counts: str
    verdict: str | None
    violations: tuple[str, ...]
    others: tuple[int, ...]
    overlaps: tuple[int, ...]
    time_line: TimeLine | None
    stretches: tuple[Stretches, ...]
    pool: str | None
    lengths: tuple[tuple[str, ...], ...]
    laps: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    said: ActivityLabel | None
    can_have_been: dict[str, str]
    degrees: str | None
    said_water: str | None
    is_recorded: bool
    has_file: bool


def view_of(visit: Visit, number: int) -> View:
    """
    Raises:
        NotFoundError: the person has no such activity.
    """
    with visit.reading() as session:
        session.expire_on_commit = False
        measured = activities.one(session, key(visit.me), number)
        row = measured.activity
        found = accounts_of(session, visit.me, row, visit.now) if row.exercise else None
        accounts = found[1] if found else ()
        violations = found[0].adherence.violations if found else ()
        climbs = [climb for each in accounts for climb in slopes.uphill(session, each.session)]
        overlaps = activities.overlapping(session, row) if row.exercise else []
        recording = recording_of(session, row)
        has_file = row.original_id is not None and not is_let_go(session, row)
    units, words = Units(visit.me.units), visit.words.messages
    together = {each for account in accounts for each in account.session.activity_ids} - {number, *overlaps}
    possible = can_have_been(row.sport) if has_file else ()
    sources: tuple[Source, ...] = ("person",) if row.original_id is None else ("device", "coach")
    return View(
        number=number,
        what=naming.what(row, visit),
        when=naming.when(row.started_at, visit),
        facts=naming.in_short(measured, visit),
        counts=counts(visit, measured),
        verdict=next(filter(None, (_verdict(visit, each) for each in accounts)), None),
        violations=tuple(_violations(visit, accounts, violations)),
        others=tuple(sorted(together)),
        overlaps=tuple(overlaps),
        time_line=None if recording is None else drawn(visit, row, recording, accounts),
        stretches=tuple(each for account in accounts for each in stretches(visit, account, climbs)),
        pool=None if row.pool_length_m is None else shown(row.pool_length_m, Quantity.LENGTH, units, words),
        lengths=tuple(session_tables.lengths(visit, recording)) if recording is not None else (),
        laps=tuple(session_tables.laps(visit, recording)) if recording is not None else (),
        totals=tuple(session_tables.totals(visit, measured, sources)),
        sources=sources,
        notes=tuple(_notes(visit, row, accounts)),
        said=measured.label,
        can_have_been={str(each): facts(each, words).one for each in possible},
        degrees=unit(Quantity.TEMPERATURE, units).symbol if _is_in_water(row) else None,
        said_water=_said_water(visit, measured.label, units),
        is_recorded=row.original_id is not None,
        has_file=has_file,
    )


def _is_in_water(row: Activity) -> bool:
    return row.exercise is not None and facts(Exercise(row.exercise)).family.in_water


def _said_water(visit: Visit, said: ActivityLabel | None, units: Units) -> str | None:
    if said is None or said.water_c is None:
        return None
    water = shown(said.water_c, Quantity.TEMPERATURE, units, visit.words.messages)
    return visit.say("session.said_water", water=water)


def counts(visit: Visit, measured: Measured) -> str:
    row, label = measured.activity, measured.label
    if row.exercise is None:
        return visit.say("session.counts_for_nothing")
    said = label is not None and label.exercise is not None
    how = "said" if said else "by_hand" if row.original_id is None else "recorded"
    return visit.say(f"session.counts_{how}", exercise=facts(Exercise(row.exercise), visit.words.messages).one)


def _verdict(visit: Visit, account: Account) -> str | None:
    """`How it settled: settled well (nothing was up that had not settled by morning).`"""
    verdict = account.session.verdict
    if verdict is None:
        return None
    why = "; ".join(visit.say(f"verdict.{each}") for each in verdict.reasons)
    return visit.say("session.verdict", what=visit.say(f"colour.{verdict.colour}"), why=why)


def _violations(visit: Visit, accounts: Sequence[Account], found: Iterable[Violation]) -> Iterator[str]:
    words, firsts = visit.words.messages, {each.session.activity_ids[0] for each in accounts}
    for each in found:
        if each.activity_id in firsts:
            why = "; ".join(reasons.of_rule(because, words) for because in each.because)
            yield visit.say("session.violation", what=visit.say(f"left_plan.{each.code}"), why=why)


def _notes(visit: Visit, row: Activity, accounts: Sequence[Account]) -> Iterator[str]:
    """What could not be told, what the reader noticed, and what the person wrote."""
    for note in dict.fromkeys(note for each in accounts for note in each.session.notes):
        if note == EFFORT_UNKNOWN:
            yield visit.say("session.effort_unknown")
        elif BY_HAND not in note:
            yield translated(note, visit.words.messages)
    yield from (translated(visible(each), visit.words.messages) for each in row.notes)
