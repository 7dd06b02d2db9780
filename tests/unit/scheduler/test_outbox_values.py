"""Drafts that could never be sent, and the statements as PostgreSQL would get them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from scheduler import leases
from scheduler.errors import DraftError, SchedulerError, whereabouts
from scheduler.outbox import Address, Draft
from scheduler.tables import DELIVERY, INSERT, NUDGE

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def draft(**changes) -> Draft:
    values = {
        "recipient_id": "p1",
        "rule": "R1",
        "period": "a1",
        "reason": "a walk",
        "timezone": "Europe/Berlin",
        "due_at": NOON,
        "to": (Address("email", "ada@example.org"),),
    }
    return Draft(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "why it is due"),
        ({"to": ()}, "no address"),
        ({"due_at": NOON.replace(tzinfo=None)}, "need a time zone"),
        ({"expires_at": NOON.replace(tzinfo=None) + timedelta(hours=1)}, "need a time zone"),
        ({"expires_at": NOON}, "expire before"),
        ({"timezone": "Europe/Atlantis"}, "no time zone 'Europe/Atlantis'"),
        ({"timezone": "../etc"}, "no time zone"),
        ({"timezone": ""}, "no time zone"),
    ],
)
def test_a_draft_that_could_never_be_sent_says_why(changes, sentence):
    with pytest.raises(DraftError, match=rf"Nudge R1 for a1: .*{sentence}"):
        draft(**changes)


def test_a_draft_shows_no_address():
    assert "ada@" not in repr(draft())


def test_postgresql_claims_past_locked_rows():
    statement = str(leases._due(NOON, 10, urgent=False).compile(dialect=postgresql.dialect()))
    assert "FOR UPDATE OF delivery SKIP LOCKED" in statement


def test_postgresql_posts_each_nudge_once():
    statement = INSERT["postgresql"](NUDGE).on_conflict_do_nothing().returning(NUDGE.c.id)
    assert "ON CONFLICT DO NOTHING RETURNING nudge.id" in str(statement.compile(dialect=postgresql.dialect()))


def test_the_sweep_has_an_index_of_open_deliveries_only():
    (index,) = (index for index in DELIVERY.indexes if index.name == "ix_delivery_open")
    assert str(CreateIndex(index).compile(dialect=postgresql.dialect())).endswith("WHERE not_before IS NOT NULL")


def test_whereabouts_name_the_line_and_not_the_words():
    with pytest.raises(SchedulerError) as caught:
        raise SchedulerError("Ada")
    place = whereabouts(caught.value)

    assert place.startswith("SchedulerError at test_outbox_values.py:")
    assert "Ada" not in place
    assert whereabouts(KeyError("Ada")) == "KeyError"
