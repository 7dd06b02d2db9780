"""Lives of twelve weeks: people who follow a plan, each in their own way, told through files, answers and choices.

Everything goes through the ordinary doors: sessions are written as FIT files and imported, answers are kept as the
commands keep them, and a step is taken only when it is offered and accepted. They begin on 26 January 2026 in Berlin:
the clocks change in the ninth week.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from coach.demo import sessions
from coach.ingest.taking import ingest
from coach.judged import standing
from coach.judgement import Standing
from coach.labelling import label
from coach.plan import Diagnosis, Exercise, Plan, Relief, Traits
from coach.plan.library import condition, example_plan
from coach.safety import CheckIn, Extent, Phase
from coach.store import check_ins, flares, people
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Person, key
from coach.store.told import StepChoice
from devices.fit.sources import Source
from devices.fit.write import write
from devices.recording import Recording
from scheduler.clock import local_instant

ZONE = ZoneInfo("Europe/Berlin")
BEGAN = date(2026, 1, 26)
WEEKS = 12


@dataclass(frozen=True)
class Feels:
    """Pain around one session, 0-10; None is not answered."""

    pre: int | None = 2
    peak: int | None = 3
    post: int | None = 2
    morning: int | None = 2
    extent: Extent | None = None
    extent_morning: Extent | None = None


Make = Callable[[datetime], Recording]


@dataclass(frozen=True)
class Done:
    """One session of a week: on which day (Monday is 0), how it was recorded, how it felt, and what it was in truth."""

    day: int
    make: Make
    feels: Feels = Feels()
    at: time = time(17, 30)
    was: Exercise | None = None


@dataclass(frozen=True)
class Persona:
    """How somebody lives a week, given its plan, and what they answer to an offer: accept, stay, ask, or None."""

    name: str
    condition: str
    live: Callable[[int, Plan], Sequence[Done]]
    relief: Relief = Relief.UNKNOWN
    flexion_tolerated: bool | None = None
    traits: Traits = field(default_factory=Traits)
    answers: Callable[[int, Standing], str | None] = lambda _week, _stood: "accept"
    happens: Callable[["Life", int], None] = lambda _life, _week: None
    language: str = "en"


class Life:
    """A persona's twelve weeks, as they come to be."""

    def __init__(self, engine: Engine, persona: Persona) -> None:
        self.engine = engine
        self.persona = persona
        self.rows: list[tuple[str, ...]] = []
        began = local_instant(BEGAN, time(0), ZONE)
        plan = example_plan(
            condition(persona.condition),
            starts_on=BEGAN,
            diagnosis=Diagnosis(made_by="the clinician", made_on=BEGAN - timedelta(days=10)),
            relief=persona.relief,
            flexion_tolerated=persona.flexion_tolerated,
            traits=persona.traits,
        )
        with writing(engine, None) as session:
            session.expire_on_commit = False
            self.person = Person(
                name=persona.name, timezone=ZONE.key, birth_year=1966, language=persona.language, created_at=began
            )
            session.add(self.person)
            session.flush()
            people.add_plan(session, key(self.person), plan, began)

    def at(self, day: date, clock: time) -> datetime:
        return local_instant(day, clock, ZONE)

    def plan_on(self, day: date) -> Plan:
        with reading(self.engine) as session:
            found = people.plan_on(session, key(self.person), day)
        assert found is not None
        return found[1]

    def happens(self, at: datetime, does: Callable[[], None]) -> None:
        """Time is told by what happens; who plays a day moment by moment keeps it for its own."""
        del at
        does()

    def told(self, at: datetime, phase: Phase, pain: int | None, extent: Extent | None = None) -> None:
        def tell() -> None:
            with writing(self.engine, None) as session:
                check_ins.add(session, key(self.person), CheckIn(at, phase, pain, extent), at)

        if pain is not None or extent is not None:
            self.happens(at, tell)

    def did(self, monday: date, done: Done) -> None:
        """A session, from the first question to the morning after."""
        day = monday + timedelta(days=done.day)
        start = self.at(day, done.at)
        recording = done.make(start)
        end = start + timedelta(seconds=recording.totals.elapsed_s or 0)
        feels = done.feels
        self.told(start - timedelta(minutes=10), Phase.PRE, feels.pre, None if feels.extent is None else Extent.BUTTOCK)
        data = write(recording)
        synced = end + timedelta(minutes=5)

        def sync() -> None:
            (taken,) = ingest(self.engine, self.person, [Source(f"{day}.fit", lambda: data)], lambda: synced)
            assert taken.reason is None, taken
            row = taken.activities[0].activity
            if done.was not in {None, row.exercise}:  # said once: the next like it is known
                with writing(self.engine, None) as session:
                    label(session, self.person, key(row), synced, exercise=done.was)

        self.happens(synced, sync)
        self.told(end, Phase.PEAK, feels.peak)
        self.told(end + timedelta(minutes=10), Phase.POST, feels.post, feels.extent)
        self.told(self.at(day + timedelta(days=1), time(8)), Phase.MORNING, feels.morning, feels.extent_morning)

    def lived(self) -> "Life":
        for number in range(1, WEEKS + 1):
            self.week(number)
        return self

    def week(self, number: int) -> None:
        self.lives(number)
        self.closes(number)

    def lives(self, number: int) -> None:
        monday = BEGAN + timedelta(weeks=number - 1)
        self.persona.happens(self, number)
        for done in self.persona.live(number, self.plan_on(monday)):
            self.did(monday, done)

    def closes(self, number: int) -> None:
        """Monday at half past twelve: they hear what the week came to, and answer."""
        monday = BEGAN + timedelta(weeks=number - 1)
        now = self.at(monday + timedelta(days=7), time(12, 30))  # every morning that is waited for is over
        with writing(self.engine, None) as session:
            people.heard(session, key(self.person), "sync", now)
            stood = standing(session, self.person, now)
        self.rows.append(self.row(number, stood, self.answered(number, stood, now)))

    def answered(self, number: int, stood: Standing, now: datetime) -> str:
        """What they said to what was offered; nothing may be taken while it waits."""
        if stood.offer is None:
            return "-"
        choice = self.persona.answers(number, stood)
        if choice is None or (choice == "accept" and stood.waits):
            return f"{stood.offer.kind}: {'waits' if choice else 'no answer'}"
        with writing(self.engine, None) as session:
            if choice == "accept":
                for plan in stood.offer.versions(now.astimezone(ZONE).date()):
                    people.add_plan(session, key(self.person), plan, now)
            week = str(stood.week.adherence.week)
            session.add(
                StepChoice(person_id=key(self.person), week=week, offer=stood.offer.kind, choice=choice, at=now)
            )
        return f"{stood.offer.kind}: {choice}"

    def row(self, number: int, stood: Standing, answer: str) -> tuple[str, ...]:
        week = stood.week
        result = week.adherence
        assert week.plan is not None
        colours: dict[str, int] = {}
        for session in result.sessions:
            assert session.verdict is not None
            colours[session.verdict.colour] = colours.get(session.verdict.colour, 0) + 1
        return (
            f"{number}",
            f"{week.plan.step}{' easy' if week.plan.easy else ''}",
            ", ".join(f"{i.exercise} {i.dose.sessions}x{i.dose.minutes}" for i in week.plan.items),
            ", ".join(
                f"{sum(c.credited_minutes > 0 for c in i.credits)}/{sum(c.credited_minutes for c in i.credits):.0f}"
                for i in result.items
            ),
            str(result.status),
            "-" if result.score is None else f"{result.score:.1f}",
            " ".join(f"{count} {colour}" for colour, count in sorted(colours.items())) or "-",
            ", ".join(sorted({f"{v.code} {v.severity}" for v in result.violations})) or "-",
            " ".join(f"{day:%a}:{why}" for day, why in sorted(result.excused.items())) or "-",
            "none" if week.decision.kind is None else str(week.decision.kind),
            ", ".join(str(reason.code) for reason in week.decision.reasons),
            answer,
        )

    @property
    def table(self) -> str:
        rows = [HEAD, *self.rows]
        widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
        lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
        return "\n".join(lines) + "\n"


HEAD = (
    *("week", "step", "asked", "done", "status", "score", "sessions", "violations", "excused"),
    *("decision", "because", "answer"),
)


# How people live.

DAYS = {
    Exercise.LEVEL_WALK: (0, 1, 3, 4, 6),
    Exercise.SWIM: (2, 5, 0),
    Exercise.EXERCISE_BIKE: (0, 2, 4, 6),
    Exercise.POOL_WALK: (2, 5, 6),
    Exercise.DEEP_WATER_WALK: (1, 4, 3),
}
CLOCK = {
    Exercise.LEVEL_WALK: time(17, 30),
    Exercise.EXERCISE_BIKE: time(11),
    Exercise.SWIM: time(9, 30),
    Exercise.POOL_WALK: time(9, 30),
    Exercise.DEEP_WATER_WALK: time(10, 30),
}


def walk(minutes: float, hill: int = 0) -> Make:
    return lambda at: sessions.walk(at, round(minutes), hill_minutes=hill)


def ride(minutes: float) -> Make:
    return lambda at: sessions.ride(at, round(minutes))


def swim(minutes: float, lengths: int | None = None, stroke: str = "backstroke") -> Make:
    """So many minutes with a rest after every fourth length; `lengths` makes it a slow one."""

    def make(at: datetime) -> Recording:
        number = lengths or round(minutes * 60 / 47)
        rests = (number - 1) // 4
        made = sessions.swim(at, number, seconds_a_length=round((minutes * 60 - 20 * rests) / number))
        swum = tuple(replace(each, stroke=stroke if each.active else None) for each in made.lengths)
        return replace(made, lengths=swum)

    return make


MAKERS: dict[Exercise, Callable[[float], Make]] = {
    Exercise.LEVEL_WALK: walk,
    Exercise.EXERCISE_BIKE: ride,
    Exercise.SWIM: swim,
    Exercise.POOL_WALK: swim,  # as a watch records it
    Exercise.DEEP_WATER_WALK: swim,
}


def as_planned(plan: Plan, feels: Feels = Feels(), share: float = 1.0) -> Iterator[Done]:
    """Every session that is asked of what weighs, on its days."""
    for item in plan.items:
        if item.nested_in is not None or item.role == "optional":
            continue
        make = MAKERS[item.exercise](item.dose.minutes * share)
        for day in DAYS[item.exercise][: item.dose.sessions]:
            yield Done(day, make, feels, CLOCK[item.exercise], item.exercise)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Persona], Life]:
    def lived(persona: Persona) -> Life:
        folder = tmp_path_factory.mktemp(persona.name.split()[0])
        return Life(open_database(f"sqlite:///{folder / 'coach.db'}"), persona).lived()

    return lived


# The six.


def good(_week: int, plan: Plan) -> Iterator[Done]:
    yield from as_planned(plan)


def flare_in_week_5(week: int, plan: Plan) -> Iterator[Done]:
    """Little but a stroll while it lasts, and everything again once it is over."""
    if week == 5:
        yield Done(0, walk(plan.items[0].dose.minutes), Feels(pre=3, peak=5, post=5, morning=6))
        yield Done(5, walk(6), Feels(pre=3, peak=3, post=3, morning=2))
    else:
        yield from as_planned(plan)


def it_flares(life: Life, week: int) -> None:
    """Said on Tuesday morning of the fifth week; the mornings after tell how it goes."""
    if week != 5:
        return
    tuesday = BEGAN + timedelta(weeks=4, days=1)
    with writing(life.engine, None) as session:
        flares.start(session, key(life.person), life.at(tuesday, time(8, 15)))
    for n, pain in enumerate((6, 5, 4, 2, 2), start=1):
        life.told(life.at(tuesday + timedelta(days=n), time(8, 30)), Phase.MORNING, pain)


def over_doer(week: int, plan: Plan) -> Iterator[Done]:
    """Half as much again on every day, until the leg answers; then as asked."""
    if week <= 3:
        minutes = plan.items[0].dose.minutes * 1.6
        yield from (Done(day, walk(minutes), Feels(pre=2, peak=3, post=3, morning=2)) for day in range(7))
    elif week == 4:
        hurts = Feels(pre=3, peak=6, post=5, morning=5)
        yield from (Done(day, walk(plan.items[0].dose.minutes * 2), hurts) for day in (0, 1, 2))
    else:
        yield from as_planned(plan)


def bad_shoulder(week: int, plan: Plan) -> Iterator[Done]:
    """Slow lengths on the back; in the third week front crawl, in the sixth farther than the plan has in mind."""
    for done in as_planned(plan):
        item = plan.item(Exercise.SWIM)
        assert item is not None
        if done.was is Exercise.SWIM:
            minutes, lengths = item.dose.minutes, 14 if week == 6 else 8
            yield replace(done, make=swim(minutes, lengths, "freestyle" if week == 3 else "backstroke"))
        else:
            yield done


def in_the_pool(_week: int, plan: Plan) -> Iterator[Done]:
    """Does not swim, and the watch calls it a swim each time: what it was is said once of each kind."""
    yield from as_planned(plan)


def on_the_bike(week: int, plan: Plan) -> Iterator[Done]:
    """Rides as asked and walks in bouts; over a hill now and then, which suits; two sore days in the seventh week."""
    for done in as_planned(plan):
        item = plan.item(Exercise.LEVEL_WALK)
        assert item is not None
        if week == 7 and done.day in (0, 3):
            yield replace(done, feels=Feels(pre=3, peak=5, post=4, morning=3))
        elif week in (3, 5) and done.day == 6 and done.at == CLOCK[Exercise.LEVEL_WALK]:
            yield replace(done, make=walk(item.dose.minutes + 5, hill=5))
        else:
            yield done


PERSONAS = {
    each.name: each
    for each in (
        Persona("good", "disc_herniation", good, Relief.EXTENSION, flexion_tolerated=False),
        Persona("flare", "general_sciatica", flare_in_week_5, happens=it_flares),
        Persona("over_doer", "general_sciatica", over_doer),
        Persona(
            "bad_shoulder",
            "disc_herniation",
            bad_shoulder,
            Relief.EXTENSION,
            flexion_tolerated=False,
            traits=Traits(shoulder_injury=True),
        ),
        Persona(
            "non_swimmer",
            "general_sciatica",
            in_the_pool,
            traits=Traits(load_intolerant=True, swimmer=False),
        ),
        Persona("stenosis", "spinal_stenosis", on_the_bike, Relief.FLEXION, flexion_tolerated=True),
    )
}


@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PERSONAS])
def life(request: pytest.FixtureRequest, live: Callable[[Persona], Life]) -> Life:
    return live(PERSONAS[request.param])


@pytest.fixture(scope="session")
def personas() -> dict[str, Persona]:
    return PERSONAS


@pytest.fixture(scope="session")
def lives() -> type[Life]:
    return Life
