"""Days on which nothing is asked, each the person's own."""

from datetime import UTC, date, datetime

import pytest

from coach.errors import NotFoundError, UsageError
from coach.safety.model import Excusal, ExcusalKind
from coach.store import excusals
from coach.store.engine import reading, writing

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)


def test_excusals(engine, ada, bea):
    illness = Excusal(ExcusalKind.ILLNESS, date(2026, 6, 3), date(2026, 6, 4))
    hold = Excusal(ExcusalKind.HOLD, date(2026, 6, 1))
    with writing(engine, None) as session:
        numbers = [
            excusals.add(session, ada, illness, None, NOON),
            excusals.add(session, ada, hold, " Dr Bo ", NOON),
        ]
    with reading(engine) as session:
        assert excusals.of(session, ada) == [hold, illness]
        assert [each.said_by for each in excusals.kept(session, ada)] == ["Dr Bo", None]
        assert excusals.of(session, bea) == []
    with pytest.raises(NotFoundError), writing(engine, None) as session:
        excusals.remove(session, bea, numbers[0])
    with writing(engine, None) as session:
        assert excusals.remove(session, ada, numbers[0]).excusal == illness
    with reading(engine) as session:
        assert excusals.of(session, ada) == [hold]


@pytest.mark.parametrize(
    ("excusal", "by", "sentence"),
    [
        (Excusal(ExcusalKind.HOLD, date(2026, 6, 2), date(2026, 6, 1)), None, "before it starts"),
        (Excusal(ExcusalKind.HOLD, date(2026, 6, 2)), " ", "--by"),
    ],
)
def test_what_excuses_nothing(engine, ada, excusal, by, sentence):
    with pytest.raises(UsageError, match=sentence), writing(engine, None) as session:
        excusals.add(session, ada, excusal, by, NOON)
    with reading(engine) as session:
        assert excusals.of(session, ada) == []
