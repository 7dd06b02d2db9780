"""A clinician reads and changes the plan of somebody they look after, and of nobody else."""

import html
import re
from datetime import date, timedelta

import pytest

from coach.judged import judged_week
from coach.plan.drafting import Drafting
from coach.plan.file import PlanFile
from coach.store import people
from coach.store.engine import reading, writing
from coach.store.tables import key
from coach.units import Units
from coach.weeks import IsoWeek
from config.messages import catalogue


def at(person, rest=""):
    return f"/people/{key(person)}/plan{rest}"


def latest(world, person):
    with reading(world.app.engine) as session:
        return people.latest_plan(session, key(person))


def typed(world, person, **changes):
    """The fields of the form as they stand, and what is changed of them."""
    _, plan = latest(world, person)
    found = Drafting(catalogue(), Units.METRIC).fields(plan)
    found["plan.starts_on"] = [str(world.now.date())]
    return {**found, **changes}


def send(browser, person, do, *, status=200, version=None, **fields):
    path = at(person, "/edit")
    form = browser.form(path)
    hidden = {"csrf": form["csrf"], "once": form["once"], "from": version or form["from"], "do": do}
    return browser.post(path, status=status, **hidden, **fields)


def kept(browser, page, person):
    """The page that asks to confirm is confirmed."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text.partition("<main")[2])
    fields = {}
    for name, value in inputs:
        fields.setdefault(name, []).append(html.unescape(value))
    return browser.post(at(person, "/edit"), do="keep", **fields)


def another_version(world, person, **changes):
    with writing(world.app.engine, None) as session:
        _, plan = people.latest_plan(session, key(person))
        update = {"starts_on": world.now.date(), **changes}
        people.add_plan(session, key(person), plan.model_copy(update=update), world.now)


WALKS = {"item.level_walk.dose.sessions": "4"}


def test_it_is_read_as_the_person_reads_it(world, ada, cy, words):
    read = words(cy.open(at(ada.person)))
    assert "The plan of Ada" in read
    assert "Walks 5 a week, 10 min each The base of your plan." in read
    assert "could go on with" not in read, "a step is the person's to take"
    assert world.looks(ada.person) == ["plan"]


@pytest.mark.parametrize("rest", ["", "/versions/1", "/edit", "/edit?tab=text"])
def test_nobody_else_sees_it(world, ada, bo, cy, rest):
    other = world.clinician("Di", bo.person)
    for browser in (other, ada, bo):
        browser.open(at(ada.person, rest), 404)
    cy.open(at(bo.person, rest), 404)
    cy.open("/people/99999/plan", 404)
    assert world.looks(ada.person) == []


def test_nobody_else_changes_it(world, ada, bo, cy):
    other = world.clinician("Di", bo.person)
    form = other.form(at(bo.person, "/edit"))
    for do in ("look", "keep", "add"):
        fields = typed(world, ada.person, **WALKS)
        other.post(at(ada.person, "/edit"), status=404, **{**form, **fields, "do": do})
    assert latest(world, ada.person)[0] == 1
    assert world.looks(ada.person) == []


def test_two_versions_are_held_against_each_other(world, ada, cy, words):
    for limit in (3, 4):
        another_version(world, ada.person, pain_limit_during=limit)
    page = words(cy.open(at(ada.person, "/versions/3?with=1")))
    assert "What is different from version 1 Pain during a session: 4 instead of" in page
    assert "It says the same as version 3" in words(cy.open(at(ada.person, "/versions/3?with=3")))
    cy.open(at(ada.person, "/versions/3?with=9"), 404)
    cy.open(at(ada.person, "/versions/3?with=x"), 404)


def test_what_would_be_different_is_shown_before_it_is_set(world, ada, cy, words):
    page = send(cy, ada.person, "look", **typed(world, ada.person, **WALKS))
    assert "Walk, dose a week: 4 x 10 min instead of 5 x 10 min" in words(page)
    assert "set by Dr Cy" in words(page)
    assert latest(world, ada.person)[0] == 1, "nothing is set yet"
    after = kept(cy, page, ada.person)
    assert "Version 2 is set. It holds from 4 June 2026." in words(after)
    number, plan = latest(world, ada.person)
    assert (number, plan.set_by, plan.is_example, plan.starts_on) == (2, "Dr Cy", False, date(2026, 6, 4))
    assert world.looks(ada.person).count("plan_changed") == 1
    assert "set by Dr Cy" in words(ada.open("/plan"))


def test_two_clicks_set_one_version(world, ada, cy):
    page = send(cy, ada.person, "look", **typed(world, ada.person, **WALKS))
    kept(cy, page, ada.person)
    kept(cy, page, ada.person)
    assert latest(world, ada.person)[0] == 2


def test_weeks_that_have_passed_keep_their_plan_and_the_next_has_the_new(world, ada, cy):
    passed = IsoWeek.of(world.now.date())
    world.walk(ada.person, 12)
    world.now += timedelta(days=7)

    def score(week):
        with reading(world.app.engine) as session:
            judged = judged_week(session, ada.person, week, world.now)
        return judged.version, judged.adherence.score, [item.asked for item in judged.adherence.items]

    before = score(passed)
    kept(cy, send(cy, ada.person, "look", **typed(world, ada.person, **WALKS)), ada.person)
    assert score(passed) == before
    version, _, asked = score(passed.next.next)
    assert version == 2
    assert asked[0] == 4
    too_early = typed(world, ada.person, **{"plan.starts_on": "2026-06-05", "item.level_walk.dose.sessions": "3"})
    assert "not before 11 June 2026" in send(cy, ada.person, "look", status=422, **too_early).text


def test_each_error_stands_at_its_field_and_nothing_typed_is_lost(world, ada, cy, words):
    wrong = {
        "item.level_walk.dose.minutes": "<script>alert(1)</script>",
        "item.level_walk.note": 'as "far" as it <b>suits</b>',
        "substitution.swim.level_walk": "7",
        "plan.starts_on": "soon",
    }
    page = send(cy, ada.person, "look", status=422, **typed(world, ada.person, **wrong))
    assert 'href="#item-level_walk-dose-minutes"' in page.text
    for name in ("item-level_walk-dose-minutes", "substitution-swim-level_walk", "plan-starts_on"):
        field = re.search(rf'<input id="{name}"[^>]*>', page.text)[0]
        assert f'aria-invalid="true" aria-describedby="{name}-wrong"' in field
        assert f'id="{name}-wrong"' in page.text
    assert "Walks – Minutes: a whole number from 1 to 240." in words(page)
    assert "First day: a date, not before 1 June 2026." in words(page)
    assert "<script>" not in page.text
    assert "<b>" not in page.text
    assert 'value="as &#34;far&#34; as it &lt;b&gt;suits&lt;/b&gt;"' in page.text
    assert latest(world, ada.person)[0] == 1


@pytest.mark.parametrize("long", [{"item.level_walk.note": "x" * 501}, {"restriction.uphill_avoid.reason": "x" * 501}])
def test_what_is_too_long_is_refused(world, ada, cy, words, long):
    assert "500 characters at most" in words(
        send(cy, ada.person, "look", status=422, **typed(world, ada.person, **long))
    )


def test_rows_come_and_go_without_a_script(world, ada, cy, words):
    fields = typed(world, ada.person, **WALKS)
    page = send(cy, ada.person, "add", new="deep_water_run", **fields)
    assert 'name="item.deep_water_run.dose.minutes"' in page.text
    assert '<option value="deep_water_run">' not in page.text.partition('id="new"')[2]
    assert re.search(r'name="item.level_walk.dose.sessions"[^>]*value="4"', page.text), "what was typed stays"
    page = send(cy, ada.person, "remove level_walk", **fields)
    assert 'name="item.level_walk.dose.minutes"' not in page.text
    send(cy, ada.person, "add", new="<script>", **fields)
    assert "one exercise at least" in words(send(cy, ada.person, "look", status=422, **{**fields, "item": []}))


def test_nothing_different_is_no_version(world, ada, cy, words):
    another_version(world, ada.person, set_by="Dr Cy", is_example=False)
    page = send(cy, ada.person, "look", status=422, **typed(world, ada.person))
    assert "Nothing would be different" in words(page)


@pytest.mark.parametrize("do", ["look", "keep"])
def test_of_two_who_change_it_at_once_neither_is_overwritten(world, ada, cy, words, do):
    di = world.clinician("Di", ada.person)
    fields = typed(world, ada.person, **WALKS)
    kept(di, send(di, ada.person, "look", **typed(world, ada.person, **{"plan.pain_limit_during": "1"})), ada.person)
    page = send(cy, ada.person, do, status=409, version=1, **fields)
    assert "Somebody else has set a version meanwhile" in words(page)
    assert "Pain during a session: 1 instead of" in words(page)
    assert re.search(r'name="item.level_walk.dose.sessions"[^>]*value="4"', page.text)
    assert '<input type="hidden" name="from" value="2">' in page.text
    number, plan = latest(world, ada.person)
    assert (number, plan.pain_limit_during, plan.set_by) == (2, 1, "Dr Di")
    page = send(cy, ada.person, "look", version=2, **fields)
    assert "Pain during a session: 3 instead of 1" in words(page), "what it would undo is seen"


def test_the_whole_plan_as_text(world, ada, cy, words):
    path = at(ada.person, "/edit")
    form = cy.form(path, at=path + "?tab=text")
    assert "[[item]]" in form["text"]
    text = form["text"].replace("sessions = 5, minutes = 10", "sessions = 4, minutes = 10", 1)
    assert text != form["text"]
    broken = text.replace("pain_limit_during = 3", "pain_limit_during = 30")
    page = cy.post(path, status=422, **{**form, "text": broken, "do": "look"})
    line = broken.splitlines().index("pain_limit_during = 30") + 1
    assert f"Line {line} , plan.pain_limit_during : 30 is not allowed" in words(page)
    assert "pain_limit_during = 30" in page.text
    page = cy.post(path, status=422, **{**form, "text": "[[item]", "do": "look"})
    assert "Line 1" in words(page)
    page = cy.post(path, **{**form, "text": text.replace("\n", "\r\n"), "do": "look"})
    assert "Walk, dose a week: 4 x 10 min instead of 5 x 10 min" in words(page)
    kept(cy, page, ada.person)
    _, plan = latest(world, ada.person)
    assert plan.set_by == "Dr Cy"
    assert PlanFile.of(plan).item[0].dose.sessions == 4


def test_in_german(world, ada, cy, words):
    cy.client.headers["accept-language"] = "de"
    read = words(cy.open(at(ada.person, "/edit")))
    assert "Den Plan von Ada ändern" in read
    assert "Spaziergänge" in read
    page = send(cy, ada.person, "look", status=422, **typed(world, ada.person, **{"plan.step": "0"}))
    assert "Schritt: eine ganze Zahl ab 1." in words(page)
