"""The weeks behind."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlmodel import col, delete

from coach.plan import Diagnosis
from coach.plan.library import condition, example_plan
from coach.store import people
from coach.store.engine import writing
from coach.store.tables import Person, PlanVersion, key
from coach.store.told import CheckInRow, ExcusalRow, FlareRow
from coach.weeks import IsoWeek

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def long_ago(world, ada) -> None:
    """A plan since the first Monday of 2025, 75 weeks before."""
    plan = example_plan(
        condition("disc_herniation"),
        starts_on=date(2025, 1, 6),
        diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2025, 1, 1)),
    )
    with writing(world.app.engine, None) as session:
        session.exec(delete(PlanVersion).where(col(PlanVersion.person_id) == ada.person.id))
        people.add_plan(session, key(ada.person), plan, world.now)


@pytest.fixture
def keep(world):
    def keep(*rows) -> None:
        with writing(world.app.engine, None) as session:
            session.add_all(rows)

    return keep


def check_in(person, at, pain) -> CheckInRow:
    return CheckInRow(person_id=key(person), at=at, phase="morning", pain=pain, created_at=at)


def weeks(page) -> list[str]:
    return re.findall(r'href="/week/(\d{4}-W\d\d)"', page.text)


def test_one_week_that_has_just_begun(ada, words):
    page = ada.open("/history")
    assert weeks(page) == ["2026-W23"]
    assert "<svg" not in page.text


def test_half_a_year_at_a_time_down_to_the_first_plan(ada, long_ago):
    page, seen = ada.open("/history"), []
    assert len(weeks(page)) == 26
    while True:
        seen += weeks(page)
        older = re.search(r'href="(/history\?before=[^"]+)"', page.text)
        if older is None:
            break
        page = ada.open(older[1])
    assert seen[0] == "2026-W23"
    assert seen[-1] == "2025-W02"
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == (IsoWeek(2026, 23).monday - date(2025, 1, 6)).days // 7 + 1


def test_share_mornings_and_what_was_going_on(world, ada, long_ago, keep, words):
    person, now = ada.person, world.now
    world.walk(person, 12, now - timedelta(days=7))
    mornings = (now - timedelta(days=n, hours=7) for n in (6, 7, 8))
    keep(
        *(check_in(person, at, pain) for at, pain in zip(mornings, (2, 3, 2), strict=True)),
        ExcusalRow(
            person_id=key(person),
            kind="illness",
            first_day=date(2026, 5, 12),
            last_day=date(2026, 5, 13),
            created_at=now,
        ),
        FlareRow(
            person_id=key(person),
            began_at=now - timedelta(days=31, hours=6),
            ended_at=now - timedelta(days=29, hours=6),
        ),
    )
    page = ada.open("/history")
    told = words(page)
    assert re.search(r"25-31 May 2026 pain noted 3 ., 3 of 10 at most \d+ % 2\.3", told)
    assert "Tuesday and Wednesday: illness" in told
    assert re.search(r"4-10 May 2026 \w+(day)?[\w ]*: a flare", told)
    drawn = ET.fromstring(re.search(r"<svg.*?</svg>", page.text, re.DOTALL)[0])  # noqa: S314 (ours)
    description = drawn.findtext(f"{SVG}desc")
    assert "25 May 2.3" in description
    assert len(re.findall(r"\d [A-Z][a-z]{2} ", description)) == 2 * 26  # every week, in both halves
    style = ada.open("/static/coach.css").text
    for ink in set(re.findall(r'(?:fill|stroke)="#\w+"', ET.tostring(drawn, encoding="unicode"))):
        assert f".trend [{ink}]" in style  # by night it is another


def test_in_german(world, words):
    browser = world.browser(world.person("Cleo", language="de"))
    world.walk(browser.person, 12, world.now - timedelta(days=21))
    told = words(browser.open("/history"))
    assert told.startswith("Verlauf")
    assert "kein Plan" in told
    assert "11.-17. Mai 2026" in told


def test_another_s_weeks_are_not_among_them(world, ada, bo, keep, words):
    world.walk(ada.person, 12, world.now - timedelta(days=70))
    keep(check_in(ada.person, world.now - timedelta(hours=7), 9))
    page = bo.open("/history")
    assert weeks(page) == ["2026-W23"]
    assert "pain noted" not in words(page)


@pytest.mark.parametrize("before", ["x", "2026-W99", "0001-W01", "<script>"])
def test_what_is_no_week_is_not_there(ada, before):
    ada.open(f"/history?before={before}", 404)


def test_before_the_first_there_is_nothing(ada, words):
    assert "no week to look back on" in words(ada.open("/history?before=2020-W01"))


def test_weeks_to_come_are_not_history(ada):
    assert weeks(ada.open("/history?before=2030-W01")) == ["2026-W23"]


def test_it_is_remembered_for_nobody_else_and_no_longer_than_it_holds(world, ada, bo, keep, words):
    assert "pain noted" not in words(ada.open("/history"))
    keep(check_in(ada.person, world.now - timedelta(hours=1), 9))
    assert "pain noted" in words(ada.open("/history"))
    assert "pain noted" not in words(bo.open("/history"))
    with writing(world.app.engine, None) as session:
        session.get_one(Person, key(ada.person)).language = "de"
    assert words(ada.open("/history")).startswith("Verlauf")
