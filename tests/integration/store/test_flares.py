"""Flares, each the person's own."""

from datetime import UTC, datetime, timedelta

from coach.safety.model import Flare
from coach.store import flares
from coach.store.engine import reading, writing

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_flares(engine, ada, bea):
    with writing(engine, None) as session:
        flares.start(session, ada, NOON + HOUR)
        flares.start(session, ada, NOON)
    with writing(engine, None) as session:
        flares.end(session, ada, Flare(NOON), NOON + HOUR)
        flares.end(session, bea, Flare(NOON + HOUR), NOON + HOUR)
    with reading(engine) as session:
        assert flares.of(session, ada) == [Flare(NOON, NOON + HOUR), Flare(NOON + HOUR)]
        assert flares.of(session, bea) == []
