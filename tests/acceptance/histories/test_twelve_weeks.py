"""Twelve weeks of six people, held against tables that were read and found right.

`WRITE_GOLDEN=1` writes the tables anew; read what differs before you keep it.
"""

import os
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from coach import messenger
from coach.judged import standing
from coach.nudges import RULES
from coach.store.engine import reading
from config.settings import Settings
from scheduler import outbox
from scheduler.clock import local_instant

GOLDEN = Path(__file__).parent / "golden"
BEGAN, ZONE = date(2026, 1, 26), ZoneInfo("Europe/Berlin")
IT_HURTS = (7 * 3, 7 * 7)  # days: the fourth to the seventh week


def test_twelve_weeks(life, tmp_path):
    """One test a life, for a life takes seconds to live."""
    as_they_were_read(life)
    nobody_is_urged_on_a_sore_or_excused_day(life, tmp_path)


def as_they_were_read(life):
    table = GOLDEN / f"{life.persona.name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        table.write_text(life.table, encoding="utf-8")
    assert life.table == table.read_text(encoding="utf-8")


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
