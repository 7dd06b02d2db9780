"""Twelve weeks of six people, held against tables that were read and found right.

`WRITE_GOLDEN=1` writes the tables anew; read what differs before you keep it.
"""

import os
from datetime import date, time, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import html5lib

from coach import messenger
from coach.judged import standing
from coach.nudges import RULES
from coach.store.engine import reading
from coach.store.tables import Person
from coach.summaries import report_of, summary_of
from coach.summary.clinician import page as clinician
from coach.summary.letter import as_html, as_text, pictures_of
from coach.weeks import IsoWeek
from config.messages import languages
from config.settings import Settings
from scheduler import outbox
from scheduler.channels.base import Outgoing
from scheduler.channels.letter import compose
from scheduler.clock import local_instant
from scheduler.messages import Message

GOLDEN = Path(__file__).parent / "golden"
BEGAN, ZONE = date(2026, 1, 26), ZoneInfo("Europe/Berlin")
IT_HURTS = (7 * 3, 7 * 7)  # days: the fourth to the seventh week


def test_twelve_weeks(life, tmp_path):
    """One test a life, for a life takes seconds to live."""
    as_they_were_read(life)
    nobody_is_urged_on_a_sore_or_excused_day(life, tmp_path)
    every_letter_is_valid_light_and_discreet(life)


def as_they_were_read(life):
    table = GOLDEN / f"{life.persona.name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        table.write_text(life.table, encoding="utf-8")
    assert life.table == table.read_text(encoding="utf-8")


def every_letter_is_valid_light_and_discreet(life):
    """Of each week, as it was known on the Monday after the last, in every language."""
    now = local_instant(BEGAN + timedelta(weeks=12), time(8, 30), ZONE)
    for language, n in product(languages(), range(12)):
        with reading(life.engine) as session:
            person = session.get(Person, life.person.id)
            person.language = language
            week = IsoWeek.of(BEGAN + timedelta(weeks=n))
            letter, page = summary_of(session, person, week, now), report_of(session, person, week, now)
            session.expunge(person)
        html = as_html(letter, pictures=True)
        for each in (html, as_html(letter), clinician.as_html(page)):
            html5lib.HTMLParser(strict=True).parse(each)
        message = Message("Your week is ready", as_text(letter), html, pictures=pictures_of(letter))
        raw = compose(Outgoing("a@example.org", message, "<1@example.org>"), "c@example.org", "Your coach", now)
        assert len(raw) < 60_000
        for private in ("hernia", "stenosis", "Bandscheibe", "the clinician"):
            assert private not in html + as_text(letter)


EASED = {"flare", "over_doer"}
"""Those who have sore or excused days."""


def nobody_is_urged_on_a_sore_or_excused_day(life, tmp_path):
    """Every noon of the weeks in which it hurts the rules are asked; what urges is never planned on such a day."""
    settings = Settings(home=tmp_path, smtp_url=None, database_url=None, message_folder=None)
    eased = set()
    for n in range(*IT_HURTS):
        day = BEGAN + timedelta(days=n)
        now = local_instant(day, time(12, 30), ZONE)
        with reading(life.engine) as session:
            stood = standing(session, life.person, now)
        if stood.eased:
            eased.add(day)
        messenger.plan_nudges(life.engine, settings, now)
    with reading(life.engine) as session:
        posted = outbox.history(session, str(life.person.id))
    assert {each.due_at.astimezone(ZONE).date() for each in posted if RULES[each.rule].urges} & eased == set()
    assert bool(eased) == (life.persona.name in EASED)
