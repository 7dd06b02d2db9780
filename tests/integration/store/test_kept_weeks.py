"""What closed weeks came to is kept, and dropped by whatever changes it."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, inspect, text
from sqlmodel import Session, SQLModel, select

import coach.store.kept
import coach.store.told
from coach.effort.model import Effort, Predicate
from coach.errors import CoachError
from coach.judged import judged_week, keep_weeks, past_weeks, weeks_kept
from coach.manual import Told, enter
from coach.past import in_short, settled_at
from coach.plan import Diagnosis, Exercise
from coach.plan.library import condition, example_plan
from coach.safety import Answers, CheckIn, Excusal, ExcusalKind, Extent, Phase
from coach.store import check_ins, dropping, excusals, flares, labels, people, recordings, sign_answers
from coach.store.contents import LIBRARYS
from coach.store.engine import open_database, reading, writing
from coach.store.judges import JUDGES
from coach.store.kept import KeptWeek
from coach.store.tables import Activity, Person, PlanVersion
from coach.store.told import CheckInRow, ExcusalRow, FlareRow, PlanLock
from coach.weeks import IsoWeek
from devices.recording import Span, Totals
from scheduler.turns import ROOM_S

ZONE = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 3, 9)  # the clocks go forward on the 29th
WEEKS = 5
LAST = IsoWeek.of(FIRST + timedelta(weeks=WEEKS - 1))
NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
"""The Wednesday after: all five are settled."""
numbers = count(1)


def at(day: int, hour: float) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day), time(0), ZONE) + timedelta(hours=hour)


def a_plan(**given: Any):
    return example_plan(
        condition("disc_herniation"),
        starts_on=FIRST,
        diagnosis=Diagnosis(made_by="Dr Bo", made_on=FIRST),
    ).model_copy(update=given)


def join(engine: Engine, starts_on: date = FIRST) -> Person:
    """A person with a plan, a session and a morning a day, heard of lately."""
    with writing(engine, None) as session:
        session.expire_on_commit = False
        number = next(numbers)
        person = Person(name=f"P{number}", timezone=ZONE.key, created_at=at(0, 0))
        session.add(person)
        session.flush()
        people.add_plan(session, person.id, a_plan(starts_on=starts_on), at(0, 0))
        people.heard(session, person.id, "sync", NOW - timedelta(hours=1))
        for day in range(0, 7 * WEEKS, 2):
            enter(session, person, Told(Exercise.LEVEL_WALK, 20, at(day, 10)), NOW)
            check_ins.add(session, person.id, CheckIn(at(day + 1, 8), Phase.MORNING, 2), NOW)
    return person


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture
def ada(engine) -> Person:
    return join(engine)


def kept(engine: Engine, person: Person, now: datetime = NOW):
    return weeks_kept(engine, [person.id], LAST, WEEKS, now)[person.id]


def judged(engine: Engine, person: Person, now: datetime = NOW):
    """Each by a history of its own."""
    with reading(engine) as session:
        person = session.get_one(Person, person.id)
        return [in_short(judged_week(session, person, week, now)) for week in LAST.and_before(WEEKS)]


def lines(engine: Engine, person: Person) -> list[date]:
    """The Mondays of those that are there."""
    with reading(engine) as session:
        return list(
            session.exec(select(KeptWeek.monday).where(KeptWeek.person_id == person.id).order_by(KeptWeek.monday))
        )


MONDAYS = [each.monday for each in LAST.and_before(WEEKS)]


# Kept once.


def test_they_are_judged_once_and_say_the_same(engine, ada):
    fresh = judged(engine, ada)
    assert lines(engine, ada) == []
    assert kept(engine, ada) == fresh
    assert lines(engine, ada) == MONDAYS
    seen: list[str] = []
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.set_trace_callback(seen.append))
    else:
        event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert kept(engine, ada) == fresh
    assert not [each for each in seen if " activity" in each or each.startswith(("INSERT", "DELETE"))]


def test_of_many_persons_each_has_their_own(engine, ada):
    bea = join(engine, FIRST + timedelta(weeks=1))
    kept(engine, ada)
    both = weeks_kept(engine, [ada.id, bea.id], LAST, WEEKS, NOW)
    assert both == {ada.id: judged(engine, ada), bea.id: judged(engine, bea)}
    assert both[ada.id] != both[bea.id]


def test_what_can_still_be_told_is_not_kept(engine, ada):
    now = settled_at(LAST, ZONE)
    assert [each.week for each in kept(engine, ada, now - timedelta(seconds=1))] == LAST.and_before(WEEKS)[:-1]
    assert lines(engine, ada) == MONDAYS[:-1]
    assert len(kept(engine, ada, now)) == WEEKS


def test_looked_at_from_before_it_was_settled_a_week_is_judged(engine, ada):
    kept(engine, ada)
    assert kept(engine, ada, at(7 * WEEKS - 1, 12)) == judged(engine, ada, at(7 * WEEKS - 1, 12))[:-1]
    early = at(7 * WEEKS - 3, 12)
    with reading(engine) as session:
        assert past_weeks(session, ada, LAST.and_before(WEEKS), early) == judged(engine, ada, early)


def test_another_program_judges_anew(engine, ada, monkeypatch):
    fresh = kept(engine, ada)
    with engine.begin() as connection:
        connection.execute(text("UPDATE kept_week SET score = 1"))
    assert kept(engine, ada) != fresh
    monkeypatch.setattr(coach.store.kept, "made_by", lambda: "another")
    assert kept(engine, ada) == fresh
    assert lines(engine, ada) == MONDAYS


def test_all_that_judges_is_told_apart():
    """A module that the judgement comes to import has to be one whose text counts."""
    program = (
        "import sys, coach.store.histories, coach.judgement;"
        "print(*(each.replace('.', '/') for each in sys.modules if each.startswith(('coach.', 'scheduler.'))))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    beside = {"coach/errors", "coach/labels", "coach/names", "coach/signs"}
    beside |= {"scheduler/columns", "scheduler/errors", "scheduler/turns"}
    known = tuple(each.removesuffix(".py") for each in JUDGES)
    assert {each for each in loaded if not each.startswith(known)} <= beside


def test_the_service_keeps_what_letters_look_back_on(engine, ada, caplog):
    bea, cy = join(engine), join(engine, FIRST + timedelta(weeks=1))
    with engine.begin() as connection:
        connection.execute(text("UPDATE plan_version SET document = '{}' WHERE person_id = :id"), {"id": bea.id})
    assert keep_weeks(engine, NOW) == 2
    assert [each for each in lines(engine, ada) if each >= FIRST] == MONDAYS
    assert (len(lines(engine, ada)), lines(engine, bea), lines(engine, cy)) == (8, [], lines(engine, ada))
    assert f"person={bea.id}" in caplog.text
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM person WHERE id = :id"), {"id": bea.id})
    assert keep_weeks(engine, NOW) == 0
    with writing(engine, None) as session:
        enter(session, ada, Told(Exercise.SWIM, 15, at(30, 18)), NOW)
    assert keep_weeks(engine, NOW) == 1


@pytest.mark.sqlite
def test_others_who_write_find_room_between_persons(engine):
    for _ in range(3):
        join(engine)
    began, ended = [], []
    event.listen(engine, "begin", lambda _: began.append(monotonic()))
    event.listen(engine, "commit", lambda _: ended.append(monotonic()))
    assert keep_weeks(engine, NOW) == 3
    assert len(ended) == 3
    assert all(min(each for each in began if each > end) - end >= ROOM_S for end in ended[:-1])


# Dropped.


CONSIDERED = {*dropping.BEARS, *dropping.BEARS_NOT, *dropping.ON_LETTERS}


def test_each_table_with_something_of_a_person_is_considered(engine):
    def is_theirs(table: str) -> bool:
        columns = SQLModel.metadata.tables[table].columns
        return table == "person" or "person_id" in columns or "activity_id" in columns

    assert {name for name in SQLModel.metadata.tables if is_theirs(name)} == CONSIDERED
    with engine.connect() as connection:
        found = {each for each in connection.scalars(text(TRIGGERS[connection.dialect.name])) if LIBRARYS not in each}
        drops = {"kept_week": {*dropping.BEARS}, "worded_letter": {*dropping.BEARS, *dropping.ON_LETTERS}}
        assert found == {
            f"{kept}_by_{table}_{change}"
            for kept, tables in drops.items()
            for table in tables
            for change in ("insert", "update", "delete")
        }
        assert set(inspect(connection).get_table_names()) >= drops["worded_letter"]


def test_what_happens_now_drops_nothing(engine, ada):
    kept(engine, ada)
    with writing(engine, None) as session:
        enter(session, ada, Told(Exercise.LEVEL_WALK, 20, NOW - timedelta(hours=1)), NOW)
        check_ins.add(session, ada.id, CheckIn(NOW, Phase.MORNING, 2, weakness=True), NOW)
        flares.start(session, ada.id, NOW)
        excusals.add(session, ada.id, Excusal(ExcusalKind.HOLD, NOW.date()), None, NOW)
        people.add_plan(session, ada.id, a_plan(starts_on=NOW.date()), NOW)
        people.heard(session, ada.id, "sync", NOW)
    assert lines(engine, ada) == MONDAYS


def _first(kind: type, person: Person) -> Callable[[Session], Any]:
    return lambda session: session.exec(select(kind).where(kind.person_id == person.id)).first()


CHANGES: dict[str, Callable[[Session, Person, datetime], object]] = {
    "late session": lambda session, person, when: enter(session, person, Told(Exercise.SWIM, 15, when), NOW),
    "late answer": lambda session, person, when: check_ins.add(
        session, person.id, CheckIn(when, Phase.MORNING, 5), NOW
    ),
    "flare": lambda session, person, when: flares.start(session, person.id, when),
    "excusal": lambda session, person, when: excusals.add(
        session, person.id, Excusal(ExcusalKind.ILLNESS, when.date(), when.date()), None, NOW
    ),
    "warning sign": lambda session, person, when: sign_answers.add(
        session, person.id, Answers(when, ("saddle_numbness",))
    ),
    "plan": lambda session, person, when: people.add_plan(session, person.id, a_plan(starts_on=when.date()), when),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_drops_the_weeks_from_it_on(engine, ada, change):
    kept(engine, ada)
    with writing(engine, None) as session:
        CHANGES[change](session, ada, at(16, 16))
    assert lines(engine, ada) == MONDAYS[:2]
    assert kept(engine, ada) == judged(engine, ada)


def test_another_zone_drops_all(engine, ada):
    kept(engine, ada)
    with writing(engine, None) as session:
        session.get_one(Person, ada.id).timezone = "America/Bogota"
    assert lines(engine, ada) == []
    assert kept(engine, ada) == judged(engine, ada)


def test_a_contact_makes_what_was_unknown_known(engine):
    person = join(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE contact SET at = '2026-03-11 10:00:00.000000'"))
    before = kept(engine, person)
    with writing(engine, None) as session:
        people.heard(session, person.id, "sync", NOW)
    assert kept(engine, person) == judged(engine, person) != before
    with writing(engine, None) as session:
        people.heard(session, person.id, "import", NOW)
    assert lines(engine, person) == []


# Whatever happens.

MOMENTS = st.builds(at, st.integers(-3, 7 * WEEKS), st.sampled_from([1.0, 3.5, 8.0, 10.3, 17.5, 23.5]))
PAIN = st.one_of(st.none(), st.integers(0, 10))
NTH = st.integers(0, 20)


def nth(session: Session, kind: Any, person: Person, number: int) -> Any:
    rows = session.exec(select(kind).where(kind.person_id == person.id).order_by(kind.id)).all()
    return rows[number % len(rows)] if rows else None


def _delete(kind: Any) -> Callable[..., None]:
    def delete(session: Session, person: Person, number: int) -> None:
        row = nth(session, kind, person, number)
        if row is not None:
            session.delete(row)

    return delete


def _session(session: Session, person: Person, exercise: Exercise, minutes: int, when: datetime) -> None:
    enter(session, person, Told(exercise, minutes, when), NOW)


def _label(session: Session, person: Person, number: int, borg: int) -> None:
    row = nth(session, Activity, person, number)
    if row is not None:
        labels.say(session, row.id, NOW, exercise=Exercise.FAST_WALK, borg=borg)


def _remeasured(session: Session, person: Person, number: int, share: float) -> None:
    row = nth(session, Activity, person, number)
    if row is None:
        return
    start, end = row.started_at.timestamp(), row.ended_at.timestamp()
    moving = Effort(Predicate.MOVING, (Span(start, start + (end - start) * share),), (), None)
    columns = {"exercise": "level_walk", "exercise_reason": "x"}
    recordings.replace(session, {row.id: (columns, Totals(), [moving])}, 1)


def _check_in(session: Session, person: Person, when: datetime, phase: Phase, *told: Any) -> None:
    pain, extent, weakness, number = told
    named = None if number is None else nth(session, Activity, person, number)
    check_in = CheckIn(when, phase, pain, extent, weakness=weakness, activity_id=None if named is None else named.id)
    check_ins.add(session, person.id, check_in, when)


def _ended(session: Session, person: Person, number: int, hours: int) -> None:
    row = nth(session, FlareRow, person, number)
    if row is not None:
        row.ended_at = row.began_at + timedelta(hours=hours)


def _cleared(session: Session, person: Person, number: int, hours: int) -> None:
    row = nth(session, PlanLock, person, number)
    if row is not None:
        row.cleared_at = row.raised_at + timedelta(hours=hours)


def _excused(session: Session, person: Person, when: datetime, days: int | None) -> None:
    last = None if days is None else when.date() + timedelta(days=days)
    excusals.add(session, person.id, Excusal(ExcusalKind.ILLNESS, when.date(), last), None, NOW)


def _planned(session: Session, person: Person, when: datetime, step: int) -> None:
    people.add_plan(session, person.id, a_plan(starts_on=when.date(), step=step), when)


def _undiagnosed(session: Session, person: Person, number: int) -> None:
    row = nth(session, PlanVersion, person, number)
    row.document = {**row.document, "diagnosis": None}


def _heard(session: Session, person: Person, source: str, when: datetime) -> None:
    people.heard(session, person.id, source, when)


def _moved(session: Session, person: Person, zone: str) -> None:
    session.get_one(Person, person.id).timezone = zone


HAPPENS = st.one_of(
    st.tuples(
        st.just(_session),
        st.sampled_from([Exercise.LEVEL_WALK, Exercise.SWIM, Exercise.FAST_WALK]),
        st.integers(5, 150),
        MOMENTS,
    ),
    st.tuples(st.just(_delete(Activity)), NTH),
    st.tuples(st.just(_label), NTH, st.integers(6, 20)),
    st.tuples(st.just(_remeasured), NTH, st.sampled_from([0.2, 0.7, 1.0])),
    st.tuples(
        *(st.just(_check_in), MOMENTS, st.sampled_from(Phase), PAIN),
        *(st.one_of(st.none(), st.sampled_from(Extent)), st.booleans(), st.one_of(st.none(), NTH)),
    ),
    st.tuples(st.just(_delete(CheckInRow)), NTH),
    st.tuples(st.just(lambda session, person, when: flares.start(session, person.id, when)), MOMENTS),
    st.tuples(st.just(_ended), NTH, st.integers(1, 500)),
    st.tuples(st.just(_delete(FlareRow)), NTH),
    st.tuples(st.just(CHANGES["warning sign"]), MOMENTS),
    st.tuples(st.just(_cleared), NTH, st.integers(1, 500)),
    st.tuples(st.just(_excused), MOMENTS, st.one_of(st.none(), st.integers(0, 9))),
    st.tuples(st.just(_delete(ExcusalRow)), NTH),
    st.tuples(st.just(_planned), MOMENTS, st.integers(1, 4)),
    st.tuples(st.just(_undiagnosed), NTH),
    st.tuples(st.just(_heard), st.sampled_from(["sync", "import", "upload"]), MOMENTS),
    st.tuples(st.just(_moved), st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "America/Bogota"])),
)


@pytest.fixture(scope="module")
def shared(backend, request):
    with request.getfixturevalue(f"{backend}_databases").copy() as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


@pytest.mark.thorough
@settings(max_examples=40)
@given(happens=st.lists(HAPPENS, min_size=1, max_size=8), heard=st.booleans())
def test_what_is_kept_is_what_is_judged(shared, happens, heard):
    person = join(shared)
    if not heard:
        with shared.begin() as connection:
            connection.execute(text("DELETE FROM contact WHERE person_id = :id"), {"id": person.id})
    kept(shared, person)
    for does, *told in happens:
        try:
            with writing(shared, None) as session:
                does(session, session.get_one(Person, person.id), *told)
        except CoachError:
            continue  # nobody may do so
        assert kept(shared, person) == judged(shared, person), does
    assert lines(shared, person) == MONDAYS
    later = NOW + timedelta(days=40)  # the clock alone changes nothing
    assert kept(shared, person, later) == judged(shared, person, later) == judged(shared, person)
