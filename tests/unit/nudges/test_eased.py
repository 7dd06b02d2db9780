"""Random lives: on a sore, locked, flare or excused day nothing urges."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.nudges import RULES, NoLongerTrue
from coach.weeks import IsoWeek

ROOM = {"ceiling": {"sessions": 5, "minutes": 40}, "planned": ("mon 17:30", "tue", "thu 07:00", "fri 12:00", "sat")}
PAIN = st.one_of(st.none(), st.integers(0, 10))
SESSIONS = st.lists(
    st.tuples(
        st.sampled_from(["level_walk", "swim", "pool_walk"]),
        st.integers(5, 60),
        st.integers(-7, 6),
        st.sampled_from(["07:00", "12:00", "18:00", "23:30"]),
        st.tuples(PAIN, PAIN, PAIN, PAIN),
    ),
    max_size=10,
)
DAYS = st.lists(st.integers(-7, 7), max_size=2)
URGING = [rule for rule in RULES.values() if rule.urges]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sessions=SESSIONS,
    ill=DAYS,
    flares=DAYS,
    locks=st.lists(st.tuples(st.integers(-7, 6), st.booleans()), max_size=1),
    quarter=st.integers(0, 8 * 96),
)
def test_nothing_urges_when_nothing_is_asked(
    lives: Any, sessions: Any, ill: Any, flares: Any, locks: Any, quarter: int
) -> None:
    life = lives(IsoWeek(2026, 13)).then(
        ("level_walk", 5, 20, "base", ROOM), ("pool_walk", 1, 20, "optional"), since=-7
    )
    life.wants("R3").ill(*ill)
    for exercise, minutes, day, at, feels in sessions:
        life.did(exercise, minutes, day, at, feels=feels)
    for day in flares:
        life.flared(day)
    for day, cleared in locks:
        life.locked(day, "09:00", cleared=life.at(day + 1, "12:00") if cleared else None)
    now = life.at(0, "00:00") + timedelta(minutes=15 * quarter)
    seen = life.seen(now)
    stood = seen.standing
    excused = seen.today in stood.this_week.adherence.excused
    for rule in URGING:
        if stood.sore or stood.flare or stood.locked or excused:
            assert rule.silent_because(seen) is not None
    spoken = [rule for rule in RULES.values() if rule.silent_because(seen) is None]
    if seen.locked:
        assert [rule.id for rule in spoken] == ["R0"]
    for rule in spoken:
        for proposal in rule.propose(seen):
            assert proposal.reason
            assert proposal.due_at <= now + rule.ahead
            assert proposal.expires_at is None or proposal.expires_at > max(now, proposal.due_at)
            rule.tell(seen, proposal.period)  # whatever it says, it can be asked


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sessions=SESSIONS, quarter=st.integers(0, 8 * 96))
def test_what_is_proposed_holds_when_it_is_due(lives: Any, sessions: Any, quarter: int) -> None:
    """Planned and sent in the same moment, a nudge that is due is never taken back."""
    life = lives(IsoWeek(2026, 43)).then(
        ("level_walk", 5, 20, "base", ROOM), ("pool_walk", 1, 20, "optional"), since=-7
    )
    for exercise, minutes, day, at, feels in sessions:
        life.did(exercise, minutes, day, at, feels=feels)
    now = life.at(0, "00:00") + timedelta(minutes=15 * quarter)
    seen = life.seen(now)
    for rule in RULES.values():
        if rule.silent_because(seen) is None:
            for proposal in rule.propose(seen):
                if proposal.due_at <= now:
                    assert not isinstance(rule.tell(seen, proposal.period), NoLongerTrue), (rule.id, proposal)
