"""What a link asks, on a page of who is signed in; the check-in; and what follows from an answer."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from coach.checking_in import flare_episodes
from coach.replies import REPLIES
from coach.safety.flares import current
from coach.safety.model import Excusal, ExcusalKind, Extent, Phase
from coach.store import check_ins, excusals, locks, preferences
from coach.store.engine import reading, writing
from coach.store.tables import PlanVersion
from scheduler.tables import NUDGE

TODAY = "2026-06-04"


def told(world, browser):
    with reading(world.app.engine) as session:
        return check_ins.of(session, browser.person.id)


def locked(world, browser):
    with reading(world.app.engine) as session:
        return locks.holding(session, browser.person.id, world.now)


def in_flare(world, browser):
    with reading(world.app.engine) as session:
        return current(flare_episodes(session, browser.person, world.now)) is not None


def days_off(world, browser):
    with reading(world.app.engine) as session:
        return excusals.kept(session, browser.person.id)


@contextmanager
def broken(world, table: str):
    """The database takes nothing for a table."""
    with world.app.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    yield
    with world.app.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE away RENAME TO {table}"))


def test_how_it_is_in_two_taps(world, ada, words):
    page = ada.send("/check-in", pain="4")
    assert page.url.path == "/"
    assert "Noted: 4 of 10." in words(page)
    (kept,) = told(world, ada)
    assert (kept.pain, kept.phase, kept.at, kept.extent) == (4, Phase.PRE, world.now, None)


@pytest.mark.parametrize(
    ("at", "walked", "phase"),
    [
        (datetime(2026, 6, 5, 6, 30, tzinfo=UTC), False, Phase.MORNING),
        (datetime(2026, 6, 4, 15, tzinfo=UTC), True, Phase.POST),
        (datetime(2026, 6, 4, 15, tzinfo=UTC), False, Phase.PRE),
    ],
)
def test_when_it_is_said_is_guessed(world, ada, at, walked, phase):
    world.now = at
    if walked:
        world.walk(ada.person, ended=world.now - timedelta(minutes=5))
    ada.send("/check-in", pain="2")
    assert [each.phase for each in told(world, ada)] == [phase]


def test_and_can_be_said_otherwise(world, ada):
    ada.send("/check-in", pain="5", phase="peak", extent="3")
    (kept,) = told(world, ada)
    assert (kept.phase, kept.extent) == (Phase.PEAK, Extent.THIGH)


def test_sent_twice_it_is_kept_once(world, ada, words):
    form = ada.form("/check-in")
    first, second = (ada.post("/check-in", **{**form, "pain": "3"}) for _ in range(2))
    assert len(told(world, ada)) == 1
    assert words(first) == words(second)


@pytest.mark.parametrize("typed", [{"pain": "11"}, {"pain": "<script>"}, {"pain": "2", "phase": "noon"}])
def test_what_cannot_be_meant_is_told_and_stays_typed(world, ada, words, typed):
    page = ada.send("/check-in", status=422, **{"extent": "3", **typed})
    assert "Please choose" in words(page)
    assert 'name="extent" value="3" checked' in page.text
    assert "<script>" not in page.text.partition("<main")[2]
    assert told(world, ada) == []


def test_nothing_is_no_answer(world, ada, words):
    assert "Please choose" in words(ada.send("/check-in", status=422))
    assert told(world, ada) == []


def test_new_weakness_is_told_at_once_also_without_a_score(world, ada, words):
    page = ada.send("/check-in", new="weakness")
    assert page.url.path == "/said"
    assert page.text.index('class="urgent"') < page.text.index("<h1")
    assert "Please speak to a doctor today" in words(page)
    assert locked(world, ada).signs == ("new_weakness",)
    with reading(world.app.engine) as session:
        assert session.connection().execute(select(NUDGE.c.rule)).scalars().all() == ["R0"]


def test_new_numbness_brings_the_questions_up(world, ada, words):
    page = ada.send("/check-in", pain="2", new="numbness")
    assert page.url.path == f"/say/signs/{TODAY}"
    assert "Noted: 2 of 10." in words(page)
    assert "Do you have numbness around" in words(page)


def test_much_pain_offers_the_flare(world, ada, words):
    page = ada.send("/check-in", pain="7")
    assert page.url.path == "/said"
    assert f'href="/say/flare/{TODAY}"' in page.text


def test_a_session_that_was_too_much_brings_the_questions_up(world, ada):
    number = world.walk(ada.person, ended=world.now - timedelta(minutes=5))
    ada.send("/check-in", pain="8", phase="peak")
    page = ada.send(f"/say/pain/post/{number}", pain="5")
    assert page.url.path == f"/say/signs/{TODAY}"


def test_the_shoulder_is_asked_of_whom_it_concerns(world, ada, bo, words):
    with writing(world.app.engine, None) as session:
        row = session.exec(select(PlanVersion).where(PlanVersion.person_id == bo.person.id)).one()
        row.document = {**row.document, "traits": {**row.document["traits"], "shoulder_injury": True}}
        session.add(row)
    assert "The shoulder" not in words(ada.open("/check-in"))
    bo.send("/check-in", pain="1", shoulder="6")
    assert [each.shoulder for each in told(world, bo)] == [6]


def test_the_warning_signs(world, ada, words):
    page = ada.send(f"/say/signs/{TODAY}", yes="bladder")
    assert "call 112" in words(page)
    assert "go to your nearest emergency department now" in words(page).lower()
    assert locked(world, ada) is not None
    assert "Noted: none of the warning signs." in words(ada.send(f"/say/signs/{TODAY}", none="none"))


def test_a_warning_sign_is_told_also_where_the_answer_cannot_be_taken(world, ada, words):
    page = ada.send(f"/say/signs/{TODAY}", status=422, yes="chest_pain", none="none")
    assert "Stop now and call 112" in words(page)
    form = {"yes": "bladder", "none": ""}
    assert "Go to your nearest emergency" in words(ada.post(f"/say/signs/{TODAY}", status=403, **form))
    ada.client.cookies.clear()
    assert "Go to your nearest emergency" in words(ada.post(f"/say/signs/{TODAY}", status=401, **form))


@pytest.mark.parametrize("table", ["sign_answers", "sign_in"])
def test_and_where_the_database_fails(world, ada, words, table):
    form = ada.form(f"/say/signs/{TODAY}") | {"yes": "leaking"}
    with broken(world, table):
        page = ada.post(f"/say/signs/{TODAY}", status=503, **form)
    assert "Go to your nearest emergency department now or call 112" in words(page)
    assert page.text.index('class="urgent"') < page.text.index("<h1")


def test_a_flare_begins_and_ends(world, ada, words):
    assert "A flare?" in words(ada.open(f"/say/flare/{TODAY}"))
    page = ada.send(f"/say/flare/{TODAY}")
    assert (page.url.path, in_flare(world, ada)) == ("/said", True)
    assert f'href="/say/signs/{TODAY}"' in page.text
    assert "answered already" in words(ada.open(f"/say/flare/{TODAY}", 409))
    page = ada.send("/check-in/flare-over", at="/check-in")
    assert ("the flare is over" in words(page), in_flare(world, ada)) == (True, False)


def test_the_step_of_the_week_is_answered(world, ada, words):
    page = ada.open("/say/step/2026-W01", 409)
    assert "no longer on offer" in words(page)


def test_less_of_a_kind_of_message(world, ada, words):
    page = ada.send("/say/off/R4")
    assert 'href="/say/on/R4"' in page.text
    with reading(world.app.engine) as session:
        assert "R4" in str(preferences.wishes(session, ada.person.id))
    assert "on again" in words(ada.send("/say/on/R4"))


@pytest.mark.parametrize(
    "path",
    [
        "/say/nothing/x",
        "/say/pain/post/x",
        "/say/pain/post/99999999999999999999",
        "/say/pain/morning/x",
        "/say/pain/9999999999",
        "/say/pain/morning/0001-01-01",
        "/say/signs/" + "x" * 100,
    ],
)
def test_what_is_no_question_is_no_page(ada, path):
    assert ada.client.get(path).status_code in {404, 409}


def test_every_kind_can_be_opened_and_none_fails(ada):
    for kind in REPLIES:
        for subject in (TODAY, "R4", "2026-W22", "post/1", "%00", "<script>alert(1)</script>"):
            page = ada.client.get(f"/say/{kind}/{subject}")
            assert page.status_code in {200, 404, 409}, (kind, subject)
            assert "<script>alert" not in page.text
    assert ada.open("/said?to=nothing/x <script>/x step/2 signs/<b>").text.count("<b>") == 0


def test_another_persons_session_is_not_there(world, ada, bo):
    number = world.walk(ada.person)
    for page in (bo.client.get(f"/say/pain/post/{number}"), bo.client.post(f"/say/pain/post/{number}")):
        assert page.status_code in {403, 404}
        assert "walk" not in page.text
    form = bo.form("/check-in")
    bo.post(f"/say/pain/post/{number}", status=404, **{**form, "pain": "3"})
    assert told(world, ada) == told(world, bo) == []


def test_days_off(world, ada, words):
    page = ada.send("/check-in/days-off", at="/check-in", kind="illness", last="2026-06-06")
    assert "Illness: 4 June 2026 to 6 June 2026" in words(page)
    assert [each.excusal for each in days_off(world, ada)] == [
        Excusal(ExcusalKind.ILLNESS, date(2026, 6, 4), date(2026, 6, 6))
    ]
    (kept,) = days_off(world, ada)
    assert "taken back" in words(ada.send(f"/check-in/days-off/{kept.id}", at="/check-in"))
    assert days_off(world, ada) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "choose why"),
        ({"kind": "laziness"}, "choose why"),
        ({"kind": "hold", "last": "2026-06-01"}, "before they begin"),
        ({"kind": "hold", "first": "<script>alert(1)</script>"}, "is not a day"),
    ],
)
def test_days_that_cannot_be_meant(world, ada, words, typed, sentence):
    page = ada.send("/check-in/days-off", at="/check-in", status=422, **typed)
    assert sentence in words(page)
    assert "<script>alert" not in page.text
    assert days_off(world, ada) == []


def test_another_persons_days_are_not_there(world, ada, bo):
    ada.send("/check-in/days-off", at="/check-in", kind="illness")
    (kept,) = days_off(world, ada)
    form = bo.form("/check-in")
    bo.post(f"/check-in/days-off/{kept.id}", status=404, **form)
    bo.post("/check-in/days-off/99999999999999999999", status=404, **form)
    assert len(days_off(world, ada)) == 1
    assert "Illness: " not in bo.open("/check-in").text


def test_in_german(world, words):
    with_german = world.browser(world.person("Eva", language="de"))
    assert "Wie geht es jetzt?" in words(with_german.open("/check-in"))
    assert "Notiert: 3 von 10." in words(with_german.send("/check-in", pain="3"))
    assert "Manche Zeichen gehören" in words(with_german.open(f"/say/signs/{TODAY}"))
