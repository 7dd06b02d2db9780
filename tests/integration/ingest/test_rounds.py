"""Whom the planner looks at: those of whom something is new, and at its hours everybody in a time zone."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from coach import messenger
from coach.calm_life import day_of_life
from coach.nudges import RULES
from coach.nudges.model import AHEAD
from coach.plan import Diagnosis, Exercise
from coach.plan.library import condition, example_plan
from coach.progression import OfferKind
from coach.rounds import QUARTER, Rounds
from coach.safety import CheckIn, Excusal, ExcusalKind, Phase
from coach.safety.model import Answers
from coach.service import Service
from coach.store import access, check_ins, excusals, flares, labels, locks, people, preferences, sign_answers, steps
from coach.store.engine import reading, writing
from coach.store.tables import Activity, Person
from coach.weeks import IsoWeek
from config.settings import Settings
from scheduler import outbox, queue
from scheduler.clock import local_instant

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 4, 14, 1, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=2)
MINUTE = timedelta(minutes=1)
WEEK = IsoWeek(2026, 22)
PLAN = example_plan(
    condition("disc_herniation"),
    starts_on=date(2026, 6, 1),
    diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
)


def an_activity(session: Session, person: Person) -> int:
    return session.exec(select(Activity.id).where(Activity.person_id == person.id)).first()


NEWS = {
    "a plan": lambda s, p: people.add_plan(s, p.id, PLAN.model_copy(update={"step": 2}), NOW),
    "a contact": lambda s, p: people.heard(s, p.id, "sync", NOW),
    "a label": lambda s, p: labels.say(s, an_activity(s, p), NOW, exercise=Exercise.POOL_WALK),
    "pain": lambda s, p: check_ins.add(s, p.id, CheckIn(NOW, Phase.POST, 2), NOW),
    "warning signs": lambda s, p: sign_answers.add(s, p.id, Answers(NOW, ("fever",))),
    "a lock cleared": lambda s, p: locks.clear(s, p.id, "Dr Bo", NOW.date(), NOW, BERLIN),
    "a flare": lambda s, p: flares.start(s, p.id, NOW),
    "a flare's end": lambda s, p: flares.end(s, p.id, flares.of(s, p.id)[-1], NOW),
    "an excusal": lambda s, p: excusals.add(s, p.id, Excusal(ExcusalKind.ILLNESS, NOW.date()), None, NOW),
    "another zone": lambda s, p: access.note(s, access.What.DETAILS_CHANGED, p.id, NOW),
    "a step": lambda s, p: steps.answer(s, p.id, WEEK, offer=OfferKind.UP, choice="stay", version=None, at=NOW),
}


@pytest.fixture
def known(engine, ada, bea, bring) -> None:
    """Of both there is something of each kind already; of Bea the latest."""
    for person, at in ((ada, BEFORE), (bea, BEFORE + MINUTE)):
        bring(person, "walk", at=at)
        with writing(engine, None) as session:
            people.add_plan(session, person.id, PLAN, at)
            check_ins.add(session, person.id, CheckIn(at, Phase.POST, 2), at)
            sign_answers.add(session, person.id, Answers(at, ("fever",)))
            flares.start(session, person.id, at)


def persons(engine, rounds: Rounds, now: datetime) -> list[int]:
    with reading(engine) as session:
        look = rounds.next(session, now)
    rounds.finished(look)
    return list(look.persons)


@pytest.mark.parametrize("what", NEWS)
def test_whoever_has_something_new_is_looked_at(engine, ada, bea, known, what):
    rounds = Rounds()
    assert persons(engine, rounds, NOW) == [ada.id, bea.id], "at first everybody"
    assert ada.id not in persons(engine, rounds, NOW + MINUTE)
    with writing(engine, None) as session:
        NEWS[what](session, ada)
    assert ada.id in persons(engine, rounds, NOW + 2 * MINUTE)


def test_a_recording_that_comes_in_is_answered_the_minute_after(engine, ada, bea, bring, tmp_path):
    with writing(engine, None) as session:
        people.add_plan(session, ada.id, PLAN, BEFORE)
    settings, rounds = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds()
    at = datetime(2026, 6, 1, 12, 1, tzinfo=UTC)
    assert messenger.plan_nudges(engine, settings, at, rounds) == 0
    bring(ada, "walk", at=at)
    assert messenger.plan_nudges(engine, settings, at + MINUTE, rounds) == 1
    assert messenger.plan_nudges(engine, settings, at + 2 * MINUTE, rounds) == 0


def test_whom_somebody_else_has_looked_at_is_passed_over_until_more_comes_in(engine, ada, bea, known, bring, tmp_path):
    settings, rounds = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds()
    persons(engine, rounds, NOW)
    bring(bea, "walk", at=NOW)
    bring(ada, "walk", at=NOW)
    messenger.plan_beside(engine, settings, [ada.id], lambda: NOW, rounds)
    assert persons(engine, rounds, NOW + MINUTE) == [bea.id]
    bring(ada, "walk", at=NOW + MINUTE)
    messenger.plan_beside(engine, settings, [ada.id], lambda: NOW + MINUTE, rounds)
    assert ada.id not in persons(engine, rounds, NOW + 2 * MINUTE)


@pytest.mark.parametrize("what", NEWS)
def test_what_is_told_after_somebody_else_has_looked_is_looked_at(engine, ada, bea, known, bring, tmp_path, what):
    settings, rounds = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds()
    persons(engine, rounds, NOW)
    bring(ada, "walk", at=NOW - MINUTE)
    messenger.plan_beside(engine, settings, [ada.id], lambda: NOW, rounds)
    with writing(engine, None) as session:
        NEWS[what](session, ada)
    assert ada.id in persons(engine, rounds, NOW + MINUTE)


@pytest.mark.sqlite
def test_a_number_that_was_looked_at_and_taken_back_is_seen_when_it_is_given_anew(engine, ada, bea, known, tmp_path):
    settings, rounds = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds()
    persons(engine, rounds, NOW)
    with writing(engine, None) as session:
        number = NEWS["pain"](session, ada)
    messenger.plan_beside(engine, settings, [ada.id], lambda: NOW, rounds)
    with writing(engine, None) as session:
        check_ins.remove(session, ada.id, number)
        session.flush()
        assert NEWS["pain"](session, ada) == number
    assert ada.id in persons(engine, rounds, NOW + MINUTE)


def test_whom_somebody_else_could_not_look_at_is_looked_at(engine, ada, bea, known, bring, tmp_path, monkeypatch):
    settings, rounds = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds()
    persons(engine, rounds, NOW)
    bring(bea, "walk", at=NOW)
    bring(ada, "walk", at=NOW)
    with monkeypatch.context() as faulty:
        faulty.setattr(messenger, "_drafts", lambda session, person, *_: [] if person.id == bea.id else 1 / 0)
        messenger.plan_beside(engine, settings, [ada.id, bea.id], lambda: NOW, rounds)
    assert ada.id in persons(engine, rounds, NOW + MINUTE)


@pytest.mark.sqlite
def test_a_number_that_was_taken_back_is_seen_when_it_is_given_anew(engine, ada, bea):
    rounds = Rounds()
    with writing(engine, None) as session:
        number = check_ins.add(session, bea.id, CheckIn(BEFORE, Phase.POST, 2), BEFORE)
    persons(engine, rounds, NOW)
    with writing(engine, None) as session:
        check_ins.remove(session, bea.id, number)
        session.flush()
        assert check_ins.add(session, ada.id, CheckIn(NOW, Phase.POST, 2), NOW) == number
    assert ada.id in persons(engine, rounds, NOW + MINUTE)


def looked_at(engine, rounds: Rounds, person: Person, hours: int, since: datetime = NOW - MINUTE) -> list[str]:
    """At which local times, every five minutes, from a look at `since` on."""
    persons(engine, rounds, since)
    zone, moments = ZoneInfo(person.timezone), (since + n * MINUTE for n in range(5, 60 * hours + 1, 5))
    return [f"{each.astimezone(zone):%H:%M}" for each in moments if person.id in persons(engine, rounds, each)]


HOURS = ["18:30", "19:15", "20:00", "20:45", "04:00", "08:00", "08:45", "12:00", "12:45"]


def test_everybody_is_looked_at_before_rules_speak_and_again_when_they_have_spoken(engine, ada, bea, known):
    assert looked_at(engine, Rounds(), ada, 24) == HOURS


def test_each_zone_has_its_own_hours(engine, ada, bea, known):
    with writing(engine, None) as session:
        session.get_one(Person, ada.id).timezone = "Asia/Kathmandu"  # a quarter past the hour, there
    ada.timezone = "Asia/Kathmandu"
    assert sorted(looked_at(engine, Rounds(), ada, 24)) == sorted(HOURS)


def test_who_has_wishes_is_looked_at_each_quarter(engine, ada, bea, known):
    with writing(engine, None) as session:
        preferences.snooze(session, ada.id, "R4", NOW + timedelta(hours=1))
    assert looked_at(engine, Rounds(), ada, 1) == ["16:15", "16:30", "16:45", "17:00"]


@pytest.mark.thorough
def test_in_the_night_in_which_the_clocks_change_no_hour_is_missed(engine, ada, bea, known):
    """Of a time that comes twice the first counts, of one that is skipped the first moment after it."""
    for change in (datetime(2026, 3, 28, 21, tzinfo=UTC), datetime(2026, 10, 24, 21, tzinfo=UTC)):
        assert sorted(looked_at(engine, Rounds(), ada, 24, change)) == sorted(HOURS)


@pytest.mark.parametrize("by", [timedelta(days=-1), timedelta(days=2)])
def test_when_the_clock_is_set_everybody_is_looked_at(engine, ada, bea, known, by):
    rounds = Rounds()
    persons(engine, rounds, NOW)
    assert {*persons(engine, rounds, NOW + by)} == {ada.id, bea.id}


def test_a_machine_that_slept_for_hours_looks_when_it_wakes(engine, ada, bea, known):
    rounds = Rounds()
    persons(engine, rounds, NOW)
    assert ada.id in persons(engine, rounds, NOW + timedelta(hours=6))
    assert ada.id not in persons(engine, rounds, NOW + timedelta(hours=6, minutes=20))


def test_who_lives_in_a_zone_that_is_no_longer_known_keeps_nobody_waiting(engine, ada, bea, known):
    with writing(engine, None) as session:
        session.get_one(Person, bea.id).timezone = "Europe/Atlantis"
    assert looked_at(engine, Rounds(), ada, 3) == ["18:30"]


def test_of_many_some_are_looked_at_at_a_time_and_first_whoever_has_something_new(engine, ada, bea, known):
    rounds = Rounds(at_a_time=1)
    assert persons(engine, rounds, NOW) == [ada.id]
    assert rounds.goes_on
    with writing(engine, None) as session:
        people.heard(session, ada.id, "sync", NOW)
    assert persons(engine, rounds, NOW)[0] == ada.id, "again, although it is another's turn"
    assert rounds.last.persons[-1] == bea.id
    assert not rounds.goes_on


def test_a_look_that_was_cut_off_is_made_anew(engine, ada, bea, known, tmp_path, monkeypatch):
    settings, rounds, looked = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds(), []

    def busy(engine, settings, person_id, now, look):
        looked.append(person_id)
        if person_id == bea.id and len(looked) < 3:
            raise OperationalError("", {}, Exception("database is locked"))
        return 0

    monkeypatch.setattr(messenger, "plan_for", busy)
    with pytest.raises(OperationalError):
        messenger.plan_nudges(engine, settings, NOW, rounds)
    messenger.plan_nudges(engine, settings, NOW + MINUTE, rounds)
    assert looked == [ada.id, bea.id, ada.id, bea.id]


def test_rules_speak_on_quarters_of_every_zone():
    """Else what the clock alone brings would be late."""
    assert AHEAD >= QUARTER
    spoken = {at for rule in RULES.values() for at in rule.at}
    for name in available_timezones() - {"localtime"}:
        for at in spoken | {time(12)}:  # until noon a morning can be told
            for day in (date(2026, 1, 15), date(2026, 7, 15)):
                assert local_instant(day, at, ZoneInfo(name)).timestamp() % QUARTER.total_seconds() == 0


def test_as_much_is_said_as_if_everybody_were_looked_at_each_time(tmp_path, ada, engine):
    """A Thursday as the plan has it, looked at every seven minutes."""
    with writing(engine, None) as session:
        people.add_plan(session, ada.id, PLAN, BEFORE)
    settings, rounds = Settings(home=tmp_path, smtp_url=None, database_url=None), Rounds()
    day = date(2026, 6, 4)
    now, evening = (local_instant(day, at, BERLIN) for at in (time(7), time(20)))
    happens = day_of_life(engine, ada.id, day, now)
    found: dict[str, datetime] = {}
    would: dict[str, datetime] = {}
    while now < evening:
        for each in [each for each in happens if each.at <= now]:
            each.happen(engine, ada.id)
            happens.remove(each)
        with reading(engine) as session:
            drafts = messenger._drafts(session, session.get(Person, ada.id), settings, now)
            would.update((each.rule, now) for each in drafts)
        messenger.plan_nudges(engine, settings, now, rounds)
        with reading(engine) as session:
            found = {each.rule: now for each in outbox.history(session, str(ada.id))} | found
        now += 7 * MINUTE
    assert found == would
    assert found


def test_a_service_alone_knows_whom_its_tasks_have_looked_at(engine, ada, bring, tmp_path):
    """Several do not: their looks are one another's."""
    service = Service(Settings(home=tmp_path, smtp_url=None, database_url=None), engine, lambda: NOW)
    with writing(engine, None) as session:
        people.add_plan(session, ada.id, PLAN, BEFORE)
    bring(ada, "walk", at=BEFORE)

    def is_left() -> bool:
        with reading(engine) as session:
            return bool(queue.waiting(session.connection()))

    async def until_done() -> None:
        stop = asyncio.Event()
        serving = asyncio.create_task(service.serve(stop, lambda: None))
        while await asyncio.to_thread(is_left):  # noqa: ASYNC110 (a row tells nobody when it goes)
            await asyncio.sleep(0.05)
        stop.set()
        await serving

    assert is_left()
    asyncio.run(asyncio.wait_for(until_done(), 60))
    assert set(service._rounds._looked_at) == ({ada.id} if engine.dialect.name == "sqlite" else set())
