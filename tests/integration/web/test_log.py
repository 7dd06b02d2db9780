"""A session by hand: kept once, counted, taken back; whatever cannot be meant is told, and stays typed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import delete

from coach.store.engine import reading, writing
from coach.store.tables import ActivityLabel, PlanVersion


def test_the_plans_first_exercise_has_just_ended(world, ada, words):
    page = ada.send("/log", minutes="12")
    (row,) = world.activities(ada.person)
    assert (row.exercise, row.ended_at, row.original_id) == ("level_walk", world.now, None)
    assert row.ended_at - row.started_at == timedelta(minutes=12)
    assert "Noted: 12 min, walk. It counts, as you told it." in words(page)
    assert f'href="/say/pain/post/{row.id}"' in page.text
    assert "1 of 5" in words(ada.open("/")) or "12" in words(ada.open("/"))


def test_everything_that_can_be_told(world, ada):
    page = ada.send(
        "/log",
        exercise="level_walk",
        minutes="40",
        date="2026-06-02",
        began="07:30",
        distance="3,2",
        fast="10",
        uphill="5",
        borg="13",
        note="along the  river\n",
    )
    (row,) = world.activities(ada.person)
    assert row.started_at == datetime(2026, 6, 2, 5, 30, tzinfo=UTC)
    assert row.notes == ["along the river"]
    assert page.url.path == "/"


def test_miles_and_fahrenheit(world, words):
    eve = world.browser(world.person("Eve", units="imperial"))
    assert "(mi)" in words(eve.open("/log"))
    eve.send("/log", exercise="swim", minutes="20", distance="1", water="82")
    (row,) = world.activities(eve.person)
    with reading(world.app.engine) as session:
        assert session.get(ActivityLabel, row.id).water_c == pytest.approx(27.8, abs=0.05)
    page = eve.send("/log", status=422, exercise="swim", minutes="5", date="2026-06-03", began="10:00", water="28")
    assert "between 41 and 113 °F" in words(page)


def test_sent_twice_it_is_entered_once(world, ada):
    form = ada.form("/log")
    for _ in range(2):
        ada.post("/log", **form)
    assert len(world.activities(ada.person)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"minutes": ""}, "Minutes: a whole number from 1 to 720"),
        ({"minutes": "0"}, "Minutes: a whole number from 1 to 720"),
        ({"minutes": "twelve"}, "Minutes: a whole number from 1 to 720"),
        ({"exercise": "chess"}, "Please choose: What it was"),
        ({"began": "16:55"}, "It would end in the future"),
        ({"date": "2026-06-05", "began": "01:00"}, "It would end in the future"),
        ({"date": "2026-06-03"}, "At what time did it begin"),
        ({"date": "soon", "began": "x"}, "no day and time"),
        ({"date": "0001-01-01", "began": "10:00"}, "no day and time"),
        ({"distance": "far"}, "Distance: a number, in km"),
        ({"distance": "nan"}, "Distance: a number, in km"),
        ({"distance": "5000"}, "between 0 and 200 km"),
        ({"fast": "13"}, "a whole number from 0 to 12"),
        ({"exercise": "swim", "fast": "3"}, "Only a walk"),
        ({"water": "27"}, "Only a session in the water"),
        ({"borg": "21"}, "a whole number from 6 to 20"),
        ({"note": "x" * 501}, "up to 500 characters"),
        ({"note": "\x1b[2J"}, "up to 500 characters"),
    ],
)
def test_what_cannot_be_meant_is_told_and_stays_typed(world, ada, words, typed, sentence):
    page = ada.send("/log", status=422, **{"minutes": "12", "note": 'my "own" <script>alert(1)</script>', **typed})
    assert sentence in words(page)
    assert "coach " not in words(page).partition("This app")[0].lower().replace("your coach", "")
    assert "<details open>" in page.text
    assert "<script>alert" not in page.text
    assert world.activities(ada.person) == []
    for name, value in typed.items():
        if name in {"distance", "date", "borg", "water"} and value:
            assert f'value="{value}"' in page.text


def test_a_time_that_is_taken_and_taking_it_back(world, ada, words):
    ada.send("/log", minutes="12")
    page = ada.send("/log", status=422, minutes="15")
    assert "by hand for that time already" in words(page)
    (row,) = world.activities(ada.person)
    assert "walk, Thursday, 4 June 2026, 16:48, 12 min" in words(page)
    assert "taken back" in words(ada.send(f"/log/{row.id}/remove", at="/log"))
    assert world.activities(ada.person) == []


def test_what_is_not_theirs_or_was_recorded_stays(world, ada, bo, words):
    bo.send("/log", minutes="12")
    (theirs,) = world.activities(bo.person)
    form = ada.form("/log")
    ada.post(f"/log/{theirs.id}/remove", status=404, **form)
    recorded = world.walk(ada.person)
    page = ada.post(f"/log/{recorded}/remove", status=409, **{**form, "once": "another"})
    assert "Only a session that was entered by hand" in words(page)
    assert len(world.activities(ada.person)) == len(world.activities(bo.person)) == 1
    assert "16:48" not in ada.open("/log").text


def test_hot_water_and_a_lock_are_told_of(world, ada, words):
    page = ada.send("/log", exercise="pool_walk", minutes="15", water="38")
    assert "hot water is rest" in words(page)
    ada.send("/say/signs/2026-06-04", yes="fever")
    page = ada.send("/log", minutes="10", date="2026-06-04", began="08:00")
    assert "Noted: 10 min, walk. Your plan is locked since" in words(page)
    assert "coach clear" not in page.text


def test_without_a_plan_a_session_is_told_all_the_same(world, words):
    cleo = world.person("Cleo")
    with writing(world.app.engine, None) as session:
        session.exec(delete(PlanVersion).where(PlanVersion.person_id == cleo.id))
    browser = world.browser(cleo)
    browser.send("/log", exercise="swim", minutes="20")
    assert len(world.activities(cleo)) == 1


def test_in_german(world, words):
    eva = world.browser(world.person("Eva", language="de"))
    page = eva.send("/log", status=422, minutes="12", fast="3", exercise="swim")
    assert "Nur Gehen hat schnelle Minuten" in words(page)


def test_after_midnight_a_session_is_of_the_calendars_day(world, ada):
    world.now = datetime(2026, 6, 4, 23, 30, tzinfo=UTC)  # 01:30 on Friday in Berlin
    assert ada.form("/log")["date"] == "2026-06-05"
    ada.send("/log", minutes="12", began="01:00")
    (row,) = world.activities(ada.person)
    assert row.started_at == datetime(2026, 6, 4, 23, tzinfo=UTC)
