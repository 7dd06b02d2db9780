"""The plan, its versions, and what each changed."""

from datetime import date

import pytest
from sqlmodel import delete

from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.plan.model import Level, Slot, Traits, Weekday
from coach.progression import step_up
from coach.safety import Answers
from coach.store import flares, people, sign_answers
from coach.store.engine import writing
from coach.store.tables import PlanVersion, key


def another_version(world, person, **changes):
    with writing(world.app.engine, None) as session:
        _, plan = people.latest_plan(session, key(person))
        people.add_plan(session, key(person), plan.model_copy(update=changes), world.now)


def test_what_holds_is_read_with_all_that_it_asks(ada, words):
    page = ada.open("/plan")
    read = words(page)
    assert "Plan version 1, step 1" in read
    assert "Walks 5 a week, 10 min each The base of your plan." in read
    assert "Fast walks 3 a week, 2 min each – from step 3 of the plan on" in read
    assert "Walking uphill Your plan leaves out uphill walking" in read
    assert "Disc herniation" in read
    assert "Dr Bo, 1 May 2026" in read
    assert "Example plan: review it with your clinician." in read
    assert (
        "WalkBack, Lancet 2024: walking, to 30 min 5 times a week over six months Published evidence. Behind: walks."
        in read
    )
    assert "walkback-2024" not in read
    assert "herniation" not in page.text.partition("<title>")[2].partition("</title>")[0], "a title stands in lists"


def test_a_plan_is_read_in_german_and_in_feet(world, words):
    person = world.person("Cleo", language="de", units="imperial")
    another_version(world, person, traits=Traits(shoulder_injury=True))
    with writing(world.app.engine, None) as session:
        plan = example_plan(
            condition("general_sciatica"),
            starts_on=date(2026, 6, 4),
            diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 5, 1)),
            traits=Traits(shoulder_injury=True),
        )
        people.add_plan(session, key(person), plan, world.now)
    read = words(world.browser(person).open("/plan"))
    assert "Planfassung 3" in read
    assert "Höchstens 656 ft am Stück." in read
    assert "Manche Schwimmlagen: Kraul, Schmetterling" in read
    assert "Allgemeine Ischialgie" in read
    assert "Was anders ist als in Fassung 2" in read
    assert "Schmerz" in read


def test_each_version_says_what_it_changed(world, ada, words):
    with writing(world.app.engine, None) as session:
        _, plan = people.latest_plan(session, key(ada.person))
        walk = plan.prescriptions[0].model_copy(
            update={
                "planned": (Slot(day=Weekday.MON, at="17:30"), Slot(day=Weekday.THU)),
                "max_intensity": Level.MODERATE,
                "rest_days": 1,
            }
        )
        after = step_up(plan.model_copy(update={"prescriptions": (walk, *plan.prescriptions[1:])}))
        people.add_plan(session, key(ada.person), after.model_copy(update={"set_by": "<b>Dr Bo</b>"}), world.now)
    read = words(ada.open("/plan"))
    assert "What is different from version 1" in read
    assert "Walk, dose a week: 5 x 11 min instead of 5 x 10 min" in read
    assert "Walk, days: Mon 17:30, Thu, new" in read
    assert "Walk, no harder than: moderate, new" in read
    assert "Planned for Mon 17:30, Thu." in read
    assert "&lt;b&gt;Dr Bo&lt;/b&gt;" in ada.open("/plan").text
    before = words(ada.open("/plan/1"))
    assert "This version is not the one that holds today." in before
    assert "What is different" not in before
    assert "Version 2 (holds today) From 1 June 2026, set by &lt;b&gt;Dr Bo&lt;/b&gt;. Kept on 4 June 2026." in read


def test_one_that_has_yet_to_start(world, ada, words):
    another_version(world, ada.person, starts_on=date(2026, 6, 8), easy=True)
    assert "Version 2 follows from 8 June 2026." in words(ada.open("/plan"))
    assert "An easy week" in words(ada.open("/plan/2"))


@pytest.mark.parametrize("path", ["/plan/2", "/plan/0", "/plan/x", "/plan/99999999999999999999"])
def test_no_version_is_there_that_is_not_theirs(world, ada, bo, path):
    another_version(world, bo.person, pain_limit_during=5)
    ada.open(path, 404)


def test_a_good_week_would_open_the_next_step(ada, words):
    assert "could go on with: 11 min a walk instead of 10" in words(ada.open("/plan"))


def test_a_locked_plan_says_so_and_shows_no_step(world, ada, words):
    with writing(world.app.engine, None) as session:
        sign_answers.add(session, key(ada.person), Answers(at=world.now, yes=("bladder",)))
    read = words(ada.open("/plan"))
    assert "Your plan is locked since Thursday, 4 June 2026, for a warning sign." in read
    assert "could go on with" not in read
    assert "coach clear" not in read


def test_a_plan_without_a_diagnosis_is_locked(world, ada, words):
    another_version(world, ada.person, diagnosis=None)
    read = words(ada.open("/plan"))
    assert "Your plan is locked until a diagnosis is recorded" in read
    assert "could go on with" not in read


def test_a_diagnosis_opens_the_plan(world, ada, words):
    another_version(world, ada.person, diagnosis=None)
    assert "Record the diagnosis" in words(ada.open("/plan"))
    half = ada.send("/diagnosis", status=422, diagnosed_by="Dr Bo", diagnosed_on="")
    assert "A diagnosis needs both" in words(half)
    assert 'value="Dr Bo"' in half.text
    read = words(ada.send("/diagnosis", diagnosed_by="Dr Bo", diagnosed_on="2026-06-03"))
    assert "The diagnosis is recorded, and your plan is open." in read
    assert "Dr Bo, 3 June 2026" in read
    assert "locked" not in read
    assert ada.client.get("/diagnosis", follow_redirects=False).headers["location"] == "/plan"


def test_what_a_warning_sign_asks_for_stays_on_this_week(world, ada, words):
    with writing(world.app.engine, None) as session:
        sign_answers.add(session, key(ada.person), Answers(at=world.now, yes=("bladder",)))
    read = words(ada.open("/"))
    assert "What you were told with the warning sign Stop exercising. These symptoms can be an emergency." in read
    assert "may suit" not in read


def test_a_flare_is_told_on_this_week(world, ada, words):
    assert "A flare is noted" not in words(ada.open("/"))
    with writing(world.app.engine, None) as session:
        flares.start(session, key(ada.person), world.now)
    assert "A flare is noted. Nothing is asked of you while it lasts." in words(ada.open("/"))


def test_who_has_no_plan_is_led_to_the_beginning(world, ada):
    with writing(world.app.engine, None) as session:
        session.exec(delete(PlanVersion))
    assert ada.client.get("/plan", follow_redirects=False).headers["location"] == "/welcome"
