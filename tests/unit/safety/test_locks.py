"""What locks a plan at a moment."""

from datetime import UTC, datetime, timedelta

from coach.safety.model import Lock, locked_by

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_several_locks_are_one_with_every_sign() -> None:
    """Whoever clears it must know of all."""
    locks = (
        Lock(AT - 9 * HOUR, ("gone",), cleared_at=AT - 8 * HOUR),
        Lock(AT - 2 * HOUR, ("fall", "fever")),
        Lock(AT - HOUR, ("fever", "chest_pain")),
        Lock(AT + HOUR, ("later",)),
    )
    assert locked_by(locks, AT) == Lock(AT - 2 * HOUR, ("fall", "fever", "chest_pain"))
    assert locked_by(locks, AT - 5 * HOUR) is None
