"""Who is new sets up their plan, and becomes nobody who is there already."""

from datetime import date

import pytest
from sqlmodel import delete, select

from coach.accounts import passwords
from coach.store import people
from coach.store.accounts import Account
from coach.store.engine import reading, writing
from coach.store.tables import Person, PlanVersion

GOOD = {"name": "Cleo", "condition": "general_sciatica", "timezone": "Europe/Berlin"}
DIAGNOSIS = {"diagnosed_by": "Dr Roth", "diagnosed_on": "2026-05-20"}


@pytest.fixture
def cleo(world):
    """An account without a person."""
    with writing(world.app.engine, None) as session:
        session.add(
            Account(email="cleo@example.org", password_hash=passwords.hashed("three quiet words"), created_at=world.now)
        )
    browser = world.browser()
    browser.sign_in("cleo@example.org")
    return browser


def person_of(world, email: str = "cleo@example.org") -> Person | None:
    with reading(world.app.engine) as session:
        session.expire_on_commit = False
        number = session.exec(select(Account.person_id).where(Account.email == email)).one()
        return None if number is None else session.get(Person, number)


def plan_of(world, person):
    with reading(world.app.engine) as session:
        return people.latest_plan(session, person.id)


def test_who_is_new_is_led_there_and_on_to_the_warning_signs(world, cleo, words):
    assert cleo.open("/").url.path == "/welcome"
    page = cleo.send(
        "/welcome",
        **GOOD,
        **DIAGNOSIS,
        units="imperial",
        relief="extension",
        flexion="no",
        swimmer="yes",
        shoulder_injury="yes",
        birth_year="1966",
        resting_hr="61",
        emergency_number="911",
        start="2026-06-01",
    )
    assert page.url.path == "/say/signs/2026-06-04"
    assert "Cleo, your example plan is set up: review it with your clinician." in words(page)
    person = person_of(world)
    assert (person.name, person.units, person.birth_year, person.emergency_number) == ("Cleo", "imperial", 1966, "911")
    assert person.email == "cleo@example.org"
    version, plan = plan_of(world, person)
    assert (version, plan.condition, plan.locked, plan.starts_on) == (1, "general_sciatica", False, date(2026, 6, 1))
    assert (plan.relief, plan.flexion_tolerated, plan.traits.shoulder_injury) == ("extension", False, True)
    assert cleo.open("/").url.path == cleo.open("/welcome").url.path == "/"


def test_without_a_diagnosis_the_plan_is_locked_and_that_is_said(world, cleo, words):
    page = cleo.send("/welcome", **GOOD)
    assert "Your plan is locked until a diagnosis is recorded" in words(page)
    assert plan_of(world, person_of(world))[1].locked


def test_the_name_of_somebody_else_gives_nobody_their_person(world, cleo, ada, words):
    page = cleo.send("/welcome", status=422, **{**GOOD, "name": " Ada "})
    assert "Somebody else here has that name" in words(page)
    assert person_of(world) is None
    assert person_of(world, "ada@example.org").id == ada.person.id
    cleo.send("/welcome", **{**GOOD, "name": "Ada B"})
    assert person_of(world).id != ada.person.id


def test_nor_of_somebody_without_an_account(world, cleo, words):
    with writing(world.app.engine, None) as session:
        session.add(Person(name="Dora", timezone="UTC", created_at=world.now))
    cleo.send("/welcome", status=422, **{**GOOD, "name": "Dora"})
    assert person_of(world) is None


def test_who_has_a_plan_changes_nothing_here(world, ada):
    form = ada.form("/check-in")
    ada.post("/welcome", **{**form, **GOOD, **DIAGNOSIS})
    assert person_of(world, "ada@example.org").name == "Ada"
    assert plan_of(world, ada.person)[0] == 1


def test_a_person_without_a_plan_keeps_their_person(world, ada):
    with writing(world.app.engine, None) as session:
        session.exec(delete(PlanVersion))
    page = ada.open("/")
    assert page.url.path == "/welcome"
    assert 'name="name" type="text" value="Ada"' in page.text
    ada.send("/welcome", condition="spinal_stenosis", **DIAGNOSIS)
    assert person_of(world, "ada@example.org").id == ada.person.id
    assert plan_of(world, ada.person)[1].condition == "spinal_stenosis"


def test_sent_twice_there_is_one_person(world, cleo):
    form = {**cleo.form("/welcome"), **GOOD}
    for _ in range(2):
        assert cleo.post("/welcome", **form).url.path == "/say/signs/2026-06-04"
    with reading(world.app.engine) as session:
        assert session.exec(select(Person.name)).all() == ["Cleo"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Your name: 1 to 80 characters"),
        ({"name": "x" * 81}, "Your name: 1 to 80 characters"),
        ({"name": "a\u202eb"}, "Your name: 1 to 80 characters"),
        ({"condition": ""}, "Please choose: Condition"),
        ({"condition": "boredom"}, "no condition"),
        ({"timezone": "Moon/Base"}, "no time zone"),
        ({"language": "xx"}, "no language"),
        ({"units": "cubits"}, "no units"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"diagnosed_by": "Dr Roth"}, "needs both"),
        ({"diagnosed_on": "2026-05-20"}, "needs both"),
        ({"diagnosed_by": "Dr Roth", "diagnosed_on": "2027-05-20"}, "lies in the future"),
        ({"diagnosed_by": "Dr Roth", "diagnosed_on": "<script>"}, "that is not a day"),
        ({"birth_year": "1066"}, "Year of birth: a whole number"),
        ({"resting_hr": "10"}, "Resting heart rate: a whole number from 25 to 130"),
        ({"resting_hr": "120", "max_hr": "110"}, "lies above the resting one"),
        ({"emergency_number": "help"}, "can be dialled"),
        ({"emergency_number": "<script>alert(1)</script>1"}, "can be dialled"),
        ({"start": "9999-12-31"}, "too far ahead"),
    ],
)
def test_what_cannot_be_meant_is_told_and_stays_typed(world, cleo, words, typed, sentence):
    page = cleo.send("/welcome", status=422, **{**GOOD, "name": "<b>Cleo</b>", **typed})
    assert sentence in words(page)
    assert "<script>alert" not in page.text
    assert "<b>Cleo" not in page.text
    if "name" not in typed:
        assert "&lt;b&gt;Cleo&lt;/b&gt;" in page.text
    assert person_of(world) is None


def test_in_german(world, cleo, words):
    cleo.client.headers["accept-language"] = "de"
    page = cleo.open("/welcome")
    assert "Holen Sie sich eine Diagnose" in words(page)
    assert "Bandscheibenvorfall" in words(page)
    page = cleo.send("/welcome", **GOOD)
    assert "Warnzeichen" in words(page)
    assert person_of(world).language == "de"
