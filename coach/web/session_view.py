"""A session as its page shows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coach import slopes
from coach.accounting import accounts_of
from coach.adherence.eligible import EFFORT_UNKNOWN
from coach.adherence.ledger import Account, Entry
from coach.adherence.model import Violation
from coach.effort.grade import Climb
from coach.plan import Exercise, facts
from coach.plan.exercises import can_have_been
from coach.recorded import file_of, recording_of
from coach.signs import visible
from coach.store import activities
from coach.store.activities import Measured, Source
from coach.store.tables import Activity, ActivityLabel, key
from coach.summary import reasons
from coach.units import Quantity, Units, shown, unit
from coach.web import naming
from coach.web.time_line import TimeLine, drawn
from coach.web.visit import Visit
from devices.recording import Recording, Totals

_SINGLY: Final = 100
"""So many stretches have a row each, the longest; a walk through a town stands still every minute, so the shorter ones
are summed up."""

_NO_GRADE: Final = "grade unavailable"


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch; without `begun` and `ended`: several short ones. `grade` is empty where it is none."""

    begun: str
    ended: str
    minutes: str
    grade: str
    why: str


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where the time went; `item`: for what happens inside a walk, which looks at the same time again."""

    item: str | None
    rows: tuple[Row, ...]
    has_grade: bool


@dataclass(frozen=True, slots=True)
class View:
    """`overlaps` were recorded at the same time, `others` belong to the same session. `said` is what the person said of
    it, `can_have_been` what they may say, each with its words; `degrees` of the water, None where it had none.
    """

    number: int
    what: str
    when: str
    device: str
    counts: str
    verdict: str | None
    violations: tuple[str, ...]
    others: tuple[int, ...]
    overlaps: tuple[int, ...]
    time_line: TimeLine | None
    stretches: tuple[Stretches, ...]
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
    has_original: bool


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
        has_original = file_of(session, row) is not None
    units = Units(visit.me.units)
    together = {each for account in accounts for each in account.session.activity_ids} - {number, *overlaps}
    possible = can_have_been(row.sport) if row.original_id is not None else ()
    sources: tuple[Source, ...] = ("person",) if row.original_id is None else ("device", "coach")
    return View(
        number=number,
        what=naming.what(row, visit),
        when=naming.when(row.started_at, visit),
        device=naming.device(row, visit),
        counts=counts(visit, measured),
        verdict=next(filter(None, (_verdict(visit, each) for each in accounts)), None),
        violations=tuple(_violations(visit, accounts, violations)),
        others=tuple(sorted(together)),
        overlaps=tuple(overlaps),
        time_line=None if recording is None else drawn(visit, row, recording, accounts),
        stretches=tuple(each for account in accounts for each in _stretches(visit, account, climbs)),
        lengths=tuple(_lengths(visit, recording)) if recording is not None else (),
        laps=tuple(_laps(visit, recording)) if recording is not None else (),
        totals=tuple(_totals(visit, measured, sources)),
        sources=sources,
        notes=tuple(_notes(visit, row, accounts)),
        said=measured.label,
        can_have_been={str(each): facts(each, visit.words.messages).one for each in possible},
        degrees=unit(Quantity.TEMPERATURE, units).symbol if _may_be_in_water(row, possible) else None,
        said_water=_said_water(visit, measured.label, units),
        is_recorded=row.original_id is not None,
        has_original=has_original,
    )


def _may_be_in_water(row: Activity, possible: Sequence[Exercise]) -> bool:
    return any(facts(each).family.in_water for each in (*possible, *([Exercise(row.exercise)] if row.exercise else [])))


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
    """`Settled well: nothing was up that had not settled by morning.`"""
    verdict = account.session.verdict
    if verdict is None:
        return None
    colour = visit.say(f"colour.{verdict.colour}")
    why = "; ".join(visit.say(f"verdict.{each}") for each in verdict.reasons)
    return f"{colour[:1].upper()}{colour[1:]}: {why}."


def _violations(visit: Visit, accounts: Sequence[Account], found: Iterable[Violation]) -> Iterator[str]:
    words, firsts = visit.words.messages, {each.session.activity_ids[0] for each in accounts}
    for each in found:
        if each.activity_id in firsts:
            why = "; ".join(reasons.of_rule(because, words) for because in each.because)
            yield visit.say("session.violation", what=visit.say(f"left_plan.{each.code}"), why=why)


def _stretches(visit: Visit, account: Account, climbs: Sequence[Climb]) -> Iterator[Stretches]:
    inside: defaultdict[Exercise | None, list[Entry]] = defaultdict(list)
    for each in account.inside:
        inside[each.item].append(each)
    for item, entries in ((None, account.own), *inside.items()):
        rows = tuple(_rows(visit, entries, climbs))
        name = None if item is None else facts(item, visit.words.messages).one
        if rows:
            yield Stretches(name, rows, any(each.grade for each in rows))


def _rows(visit: Visit, entries: Sequence[Entry], climbs: Sequence[Climb]) -> Iterator[Row]:
    shortest_s = sorted((each.span.duration_s for each in entries), reverse=True)[: _SINGLY + 1][-1] if entries else 0
    short: defaultdict[str, float] = defaultdict(float)
    for each in entries:
        why = reasons.of_entry(each, visit.words.messages)
        if len(entries) > _SINGLY and each.span.duration_s <= shortest_s:
            short[why] += each.minutes
            continue
        begun, ended = (naming.clock_at(at, visit) for at in each.span)
        grade = slopes.grade_pct(each.span, climbs)
        slope = "" if grade is None else f"{naming.figure(grade, visit, 1)} %"
        yield Row(begun, ended, naming.figure(each.minutes, visit, 1), slope, why)
    for why, minutes in short.items():
        yield Row("", "", naming.figure(minutes, visit, 1), "", why)


def _lengths(visit: Visit, recording: Recording) -> Iterator[tuple[str, ...]]:
    """The number of each that was swum, when, how long it took, stroke, strokes."""
    begun, swum = recording.start.timestamp(), 0
    for each in recording.lengths:
        swum += each.active
        stroke = each.stroke if each.stroke and visit.words.own.has(f"stroke.{each.stroke}") else None
        yield (
            str(swum) if each.active else "",
            naming.clock_at(begun + each.span.start_s, visit),
            f"{naming.figure(each.span.duration_s, visit)} s",
            visit.say("stroke.rest" if not each.active else f"stroke.{stroke}" if stroke else "stroke.unknown"),
            naming.figure(each.strokes, visit) if each.active else "",
        )


def _laps(visit: Visit, recording: Recording) -> Iterator[tuple[str, ...]]:
    """Nothing where the whole session is one."""
    begun, units = recording.start.timestamp(), Units(visit.me.units)
    for number, each in enumerate(recording.laps if len(recording.laps) > 1 else (), 1):
        distance = shown(each.distance_m, Quantity.DISTANCE, units, visit.words.messages)
        at = naming.clock_at(begun + each.span.start_s, visit)
        yield str(number), at, naming.duration(each.span.duration_s), distance


_DURATIONS: Final = ("elapsed_s", "timer_s", "moving_s")
_LENGTHS: Final = {"distance_m": Quantity.DISTANCE, "ascent_m": Quantity.LENGTH}


def _totals(visit: Visit, measured: Measured, sources: Sequence[Source]) -> Iterator[tuple[str, ...]]:
    """A row a figure that anybody tells: its name, then what each of the sources says."""
    row = measured.activity
    for name in Totals.__dataclass_fields__:
        told = [getattr(measured.totals.get(source, Totals()), name) for source in sources]
        if any(value is not None for value in told):
            label = naming.cadence_name(row) if name == "avg_cadence_rpm" else name
            yield visit.say(f"total.{label}"), *(_total(visit, row, name, value) for value in told)


def _total(visit: Visit, row: Activity, name: str, value: float | None) -> str:
    if value is None:
        return naming.UNKNOWN
    if name in _DURATIONS:
        return naming.duration(value)
    if name in _LENGTHS:
        return shown(value, _LENGTHS[name], Units(visit.me.units), visit.words.messages)
    if name == "avg_cadence_rpm":
        value = float(naming.cadence(row, np.array([value]))[0])
    return naming.figure(value, visit)


def _notes(visit: Visit, row: Activity, accounts: Sequence[Account]) -> Iterator[str]:
    """What could not be told, what the reader noticed, and what the person wrote."""
    for note in dict.fromkeys(note for each in accounts for note in each.session.notes):
        if note == EFFORT_UNKNOWN:
            yield visit.say("session.effort_unknown")
        elif note.startswith(_NO_GRADE):
            yield visit.say("note.grade", why=note.removeprefix(_NO_GRADE).strip(": "))
        else:
            yield f"{note[:1].upper()}{note[1:]}."
    yield from (visible(each) for each in row.notes)
