"""Notes on a person, the lock and who clears it, and the report: for who looks after them."""

from datetime import timedelta

import pytest

from coach.safety import Answers
from coach.store import locks, sign_answers
from coach.store.engine import reading, writing
from coach.store.tables import key


def at(person, rest):
    return f"/people/{key(person)}/{rest}"


def lock(world, person, *signs):
    with writing(world.app.engine, None) as session:
        sign_answers.add(session, key(person), Answers(at=world.now, yes=signs or ("bladder",)))


def locked(world, person):
    with reading(world.app.engine) as session:
        return locks.holding(session, key(person), world.now)


@pytest.mark.parametrize("rest", ["notes", "lock", "report"])
def test_nobody_else_looks(world, ada, bo, cy, rest):
    for browser in (world.clinician("Di", bo.person), ada, bo):
        browser.open(at(ada.person, rest), 404)
    cy.open(at(bo.person, rest), 404)
    assert world.looks(ada.person) == []
    cy.open(at(ada.person, rest))
    assert world.looks(ada.person) == [{"notes": "notes", "lock": "plan", "report": "report"}[rest]]


def test_nobody_else_notes_or_clears(world, ada, bo, cy, words):
    lock(world, ada.person)
    other = world.clinician("Di", bo.person)
    notes = other.form(at(bo.person, "notes"))
    other.post(at(ada.person, "notes"), status=404, **{**notes, "note": "hello"})
    other.post(at(ada.person, "lock"), status=404, **{**notes, "on": "2026-06-04", "sure": "yes"})
    assert locked(world, ada.person)
    assert "Nothing is noted yet." in words(cy.open(at(ada.person, "notes")))


# Notes.


def test_a_note_is_read_by_the_person_and_the_clinician_knows(world, ada, cy, words):
    path = at(ada.person, "notes")
    assert "Ada reads what is noted here" in words(cy.open(path))
    page = cy.send(path, note="Walks well.\r\n<script>alert(1)</script>")
    assert "The note is kept." in words(page)
    assert "<script>" not in page.text
    read = ada.open("/account/notes")
    assert "Dr Cy" in words(read)
    assert "Walks well.\n&lt;script&gt;" in read.text
    assert "noted" in world.looks(ada.person)
    assert "/account/notes" in ada.open("/account").text


def test_a_persons_notes_are_their_own(ada, bo, cy, words):
    cy.send(at(ada.person, "notes"), note="Walks well.")
    assert "Walks well" not in bo.open("/account/notes").text
    assert "Nothing is noted yet." in words(bo.open("/account/notes"))


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "a\u202eb", "a\x00b"])
def test_what_is_no_note_is_refused_and_not_lost(ada, cy, text):
    page = cy.send(at(ada.person, "notes"), status=422, note=text)
    assert 'role="alert"' in page.text
    assert text.strip() in page.text


def test_the_longest_note(ada, cy, words):
    assert "The note is kept." in words(cy.send(at(ada.person, "notes"), note="x" * 4000))


def test_one_is_taken_back_within_a_day_by_who_wrote_it(world, ada, cy, words):
    path = at(ada.person, "notes")
    cy.send(path, note="Mistaken.")
    remove = path + "/1/remove"
    di = world.clinician("Di", ada.person)
    assert remove not in di.open(path).text
    di.post(remove, status=404, **di.form(path))
    form = cy.form(remove, at=path)
    world.now += timedelta(days=1, minutes=1)
    cy.post(remove, status=404, **form)
    world.now -= timedelta(minutes=2)
    assert "The note is taken back." in words(cy.post(remove, **form))
    assert "Mistaken" not in ada.open("/account/notes").text


def test_a_note_of_another_person_is_not_taken_back_from_here(world, ada, bo):
    di = world.clinician("Di", ada.person, bo.person)
    di.send(at(bo.person, "notes"), note="Of Bo.")
    form = di.form(at(ada.person, "notes"))
    di.post(at(ada.person, "notes/1/remove"), status=404, **form)
    assert "Of Bo." in bo.open("/account/notes").text


# Lock.


def test_a_lock_tells_what_was_said_and_is_cleared_by_name(world, ada, cy, words):
    lock(world, ada.person)
    path = at(ada.person, "lock")
    read = words(cy.open(path))
    assert "Thu 4 June 2026, 17:00" in read
    assert "Do you have new trouble starting, stopping or feeling urine?" in read
    page = cy.send(path, on="2026-06-04", sure="yes")
    assert "The plan of Ada is open again." in words(page)
    assert "Locked on 4 June 2026; cleared on 4 June 2026 by Dr Cy." in words(page)
    assert locked(world, ada.person) is None
    assert "locked" not in words(ada.open("/plan")).replace("blocked", "")
    assert "lock_cleared" in world.looks(ada.person)


def test_two_clicks_clear_it_once(world, ada, cy, words):
    lock(world, ada.person)
    form = cy.form(at(ada.person, "lock"))
    for _ in range(2):
        page = cy.post(at(ada.person, "lock"), **{**form, "sure": "yes"})
        assert "is open again" in words(page)
    assert world.looks(ada.person).count("lock_cleared") == 1


@pytest.mark.parametrize("on", ["", "soon", "2026-06-03", "2026-06-05", "9" * 400, "<script>"])
def test_a_day_that_cannot_be_is_refused(world, ada, cy, words, on):
    lock(world, ada.person)
    page = cy.send(at(ada.person, "lock"), status=422, on=on, sure="yes")
    assert "Please name a day from 4 June 2026 until today." in words(page)
    assert "checked" in page.text
    assert locked(world, ada.person)
    assert "lock_cleared" not in world.looks(ada.person)


def test_it_is_confirmed(world, ada, cy, words):
    lock(world, ada.person)
    assert "Please tick" in words(cy.send(at(ada.person, "lock"), status=422, on="2026-06-04"))
    assert locked(world, ada.person)


def test_what_is_not_locked_is_not_cleared(world, ada, cy, words):
    page = cy.open(at(ada.person, "lock"))
    assert "No warning sign locks the plan." in words(page)
    form = cy.form(at(ada.person, "notes"))
    page = cy.post(at(ada.person, "lock"), **{**form, "on": "2026-06-04", "sure": "yes"})
    assert "No warning sign locks the plan." in words(page)


# Report.


def test_the_report_is_of_the_last_closed_week_in_the_clinicians_language(world, ada, cy, words):
    world.walk(ada.person)
    world.now += timedelta(days=7)
    read = words(cy.open(at(ada.person, "report")))
    assert "Ada, 1-7 June 2026: for the clinician" in read
    assert "Against the plan" in read
    assert "style=" not in cy.open(at(ada.person, "report")).text.partition("<main")[2]
    assert "8-14 June" in words(cy.open(at(ada.person, "report?week=2026-W24")))
    cy.client.headers["accept-language"] = "de"
    assert "Ada, 1.-7. Juni 2026: für die Praxis" in words(cy.open(at(ada.person, "report")))


@pytest.mark.parametrize("week", ["2026-W24", "2199-W01", "soon", "1850-W01", "2026-W99"])
def test_no_report_is_of_a_week_that_has_not_begun(ada, cy, week):
    cy.open(at(ada.person, f"report?week={week}"), 404)
