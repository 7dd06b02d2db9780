"""What the service asks again and again reads no table whole that grows as long as it runs."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from coach.plan import Exercise
from coach.safety import CheckIn, Phase
from coach.service import Service
from coach.store import access, check_ins, labels
from coach.store.engine import writing
from config.settings import Settings

NOW = datetime(2026, 6, 4, 14, 1, tzinfo=UTC)
GROW = frozenset(
    {
        *("activity", "activity_totals", "activity_effort", "original", "check_in"),
        *("nudge", "delivery", "slot", "access_log"),
    }
)


@pytest.mark.sqlite
def test_a_sweep_reads_nothing_whole_that_grows(engine, ada, bring, tmp_path):
    bring(ada, "walk", at=NOW)
    with writing(engine, None) as session:
        check_ins.add(session, ada.id, CheckIn(NOW, Phase.POST, 2), NOW)
        access.note(session, access.What.WEEK, ada.id, NOW)
        labels.say(session, 1, NOW, exercise=Exercise.POOL_WALK)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    settings = Settings(home=tmp_path, smtp_url=None, database_url=None)
    at = [NOW]
    service = Service(settings, engine, lambda: at[-1])
    for minutes in range(2):  # everybody, then whoever has something new
        at.append(NOW + timedelta(minutes=minutes))
        service.keep_weeks()
        service.plan_nudges()
        asyncio.run(service.word_ahead())
        service.sweep({})
    assert len(asked) > 20
    read_whole = set()
    with engine.connect() as connection:
        for statement, parameters in asked:
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")) and isinstance(parameters, tuple):
                for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                    read_whole |= {(table, statement) for table in re.findall(r"SCAN (\w+)", step) if table in GROW}
    assert not read_whole
