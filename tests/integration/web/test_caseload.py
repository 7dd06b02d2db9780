"""The list of people: what stands in it, how it is marked, sorted, filtered, searched and cut into pages."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from coach.accounts import entrance
from coach.accounts.role import Role
from coach.care.caseload import Mark, caseload, eased
from coach.judged import keep_weeks
from coach.safety import Answers, CheckIn, Excusal, ExcusalKind, Phase
from coach.store import check_ins, excusals, flares, locks, people, sign_answers
from coach.store.accounts import Account
from coach.store.care import Care
from coach.store.engine import reading, writing
from coach.store.tables import Person, key


@pytest.fixture
def lind(world):
    """A clinician; `look_after(person)` has them look after somebody."""
    with writing(world.app.engine, None) as session:
        account = Account(
            email="lind@example.org", name="Dr Lind", role=Role.CLINICIAN, password_hash="", created_at=world.now
        )
        session.add(account)
        session.flush()
        number, token = key(account), entrance.enter(session, account, "", world.now)
    browser = world.browser()
    browser.client.cookies.set("coach", token)

    def look_after(*persons: Person) -> None:
        with writing(world.app.engine, None) as session:
            session.add_all([Care(person_id=key(each), account_id=number, since=world.now) for each in persons])

    browser.number, browser.look_after = number, look_after
    return browser


def names(page) -> list[str]:
    return re.findall(r'class="place"[^>]*>([^<]*)<', page.text)


def line(world, lind, name="Ada"):
    with reading(world.app.engine) as session:
        return next(each for each in caseload(session, lind.number, world.now).lines if each.name == name)


def why(world, lind, name="Ada"):
    with reading(world.app.engine) as session:
        lines = caseload(session, lind.number, world.now).lines
        return eased(session, lind.number, lines, world.now).get(line(world, lind, name).person_id)


def morning(world, person, pain, days_ago=0):
    at = world.now.replace(hour=6) - timedelta(days=days_ago)
    with writing(world.app.engine, None) as session:
        check_ins.add(session, key(person), CheckIn(at, Phase.MORNING, pain), at)


def test_nobody_yet(lind, words):
    assert "Nobody yet" in words(lind.open("/caseload"))


def test_a_quiet_person_has_no_marks(world, lind):
    ada = world.person("Ada")
    lind.look_after(ada)
    with writing(world.app.engine, None) as session:
        people.heard(session, key(ada), "watch", world.now)
    morning(world, ada, 2)
    found = line(world, lind)
    assert (found.marks, found.morning.pain, found.silent_days, why(world, lind)) == ((), 2, 0, None)


def test_who_has_not_synced(world, lind, words):
    ada = world.person("Ada")
    lind.look_after(ada)
    assert "never" in words(lind.open("/caseload"))
    with writing(world.app.engine, None) as session:
        people.heard(session, key(ada), "watch", world.now - timedelta(days=7))
        people.heard(session, key(ada), "phone", world.now - timedelta(days=8))
    assert Mark.SILENT in line(world, lind).marks
    world.now -= timedelta(minutes=1)
    assert Mark.SILENT not in line(world, lind).marks


@pytest.mark.parametrize(("pain", "days", "marked"), [(6, 0, True), (5, 0, False), (9, 6, True), (9, 8, False)])
def test_who_is_in_pain(world, lind, pain, days, marked):
    ada = world.person("Ada")
    lind.look_after(ada)
    morning(world, ada, pain, days)
    assert (Mark.PAIN in line(world, lind).marks) is marked


def test_who_is_locked(world, lind, words):
    ada = world.person("Ada")
    lind.look_after(ada)
    with writing(world.app.engine, None) as session:
        sign_answers.add(session, key(ada), Answers(world.now - timedelta(days=1), ("saddle_numbness",)))
    assert Mark.LOCKED in line(world, lind).marks
    assert "since 3 June 2026" in words(lind.open("/caseload"))
    with writing(world.app.engine, None) as session:
        locks.clear(session, key(ada), "Dr Bo", date(2026, 6, 4), world.now, ZoneInfo(ada.timezone))
    assert Mark.LOCKED not in line(world, lind).marks


def test_a_plan_without_a_diagnosis_is_locked(world, lind):
    ada = world.person("Ada")
    lind.look_after(ada)
    with writing(world.app.engine, None) as session:
        plan = people.latest_plan(session, key(ada))[1]
        people.add_plan(session, key(ada), plan.model_copy(update={"diagnosis": None}), world.now)
    found = line(world, lind)
    assert (found.stored.has_diagnosis, Mark.LOCKED in found.marks) == (False, True)


def test_who_has_days_off(world, lind, words):
    ada, bo, cy = world.person("Ada"), world.person("Bo"), world.person("Cy")
    lind.look_after(ada, bo, cy)
    with writing(world.app.engine, None) as session:
        excusals.add(session, key(ada), Excusal(ExcusalKind.ILLNESS, date(2026, 6, 4)), None, world.now)
        excusals.add(session, key(bo), Excusal(ExcusalKind.HOLD, date(2026, 6, 5)), None, world.now)
        flares.start(session, key(cy), world.now - timedelta(days=3))
    page = words(lind.open("/caseload"))
    assert "ill" in page
    assert "in a flare" in page
    assert why(world, lind, "Bo") is None
    for days_ago, pain in ((10, 2), (1, 2), (0, 2)):  # back to the usual
        morning(world, cy, pain, days_ago)
    assert why(world, lind, "Cy") is None


def test_shares_are_those_of_kept_weeks(world, lind, words):
    ada = world.person("Ada")
    lind.look_after(ada)
    world.now += timedelta(days=7)
    assert line(world, lind).last is None
    keep_weeks(world.app.engine, world.now)
    found = line(world, lind)
    assert (str(found.last.week), found.last.band) == ("2026-W23", "off_plan") or found.last.score is None
    assert "W23" in words(lind.open("/caseload"))


def test_sorted_filtered_and_searched(world, lind):
    some = [world.person(name) for name in ("Cy", "ada", "Bo")]
    lind.look_after(*some)
    assert names(lind.open("/caseload")) == ["ada", "Bo", "Cy"]
    morning(world, some[0], 7)
    morning(world, some[2], 4)
    assert names(lind.open("/caseload?sort=pain")) == ["Cy", "Bo", "ada"]
    assert names(lind.open("/caseload?only=pain")) == ["Cy"]
    assert names(lind.open("/caseload?q=B")) == ["Bo"]
    assert names(lind.open("/caseload?q=%3Cscript%3E")) == []
    assert "<script>" not in lind.open("/caseload?q=%3Cscript%3E").text
    assert names(lind.open("/caseload?sort=nothing&only=nothing")) == ["ada", "Bo", "Cy"]
    with writing(world.app.engine, None) as session:
        people.heard(session, key(some[0]), "watch", world.now)
    assert names(lind.open("/caseload?sort=synced"))[-1] == "Cy"


def test_pages_of_a_hundred(world, lind):
    with writing(world.app.engine, None) as session:
        session.expire_on_commit = False
        some = [Person(name=f"N{number:03}", timezone="UTC", created_at=world.now) for number in range(230)]
        session.add_all(some)
    lind.look_after(*some)
    assert len(names(lind.open("/caseload"))) == 100
    assert names(lind.open("/caseload?page=3"))[-1] == "N229"
    assert names(lind.open("/caseload?page=99")) == names(lind.open("/caseload?page=3"))
    lind.open("/caseload?page=0", 404)


def test_nobody_elses_people(world, lind):
    lind.look_after(world.person("Ada"))
    world.person("Bo")
    assert names(lind.open("/caseload")) == ["Ada"]
