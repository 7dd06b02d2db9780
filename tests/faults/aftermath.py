"""What is there after a week, and whether that is what was sent in, and what an undisturbed week leaves."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from lives import Event
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from coach.store.engine import reading
from coach.store.kept import KeptWeek
from coach.store.tables import Activity, Original, Person, key
from coach.store.told import CheckInRow
from scheduler.messages import Policy
from scheduler.tables import Delivery, Nudge, State

_OF_A_WEEK: Final = ("monday", "status", "score", "band", "mornings", "pain_total", "decision", "done_minutes")


@dataclass(frozen=True)
class Told:
    """A nudge's end, and how often its letter came."""

    policy: Policy
    state: State
    letters: int
    detail: str | None


@dataclass(frozen=True)
class Aftermath:
    """Activities are known by whose they are and when, for their numbers are given as they come.

    Attributes:
        nudges: by recipient, rule and period.
        again: how many deliveries were taken up more than once.
    """

    files: list[tuple[str, str]]
    activities: list[tuple[str, datetime]]
    check_ins: list[tuple[str, datetime, int | None]]
    weeks: list[tuple[Any, ...]]
    nudges: Mapping[tuple[str, str, str], Told]
    again: int


def left(engine: Engine, came: Counter[str | None]) -> Aftermath:
    """`came`: how often each letter did, by its Message-ID."""
    with reading(engine) as session:
        names = {key(each): each.name for each in session.exec(select(Person))}
        began = {key(each): (names[each.person_id], each.started_at) for each in session.exec(select(Activity))}
        files = [(names[each.person_id], each.sha256) for each in session.exec(select(Original))]
        told = [(names[each.person_id], each.at, each.pain) for each in session.exec(select(CheckInRow))]
        weeks = [
            (names[each.person_id], *(getattr(each, name) for name in _OF_A_WEEK))
            for each in session.exec(select(KeptWeek))
        ]
        deliveries = _deliveries(session)
    nudges = {
        (names[int(nudge.recipient_id)], nudge.rule, _period(nudge.period, began)): Told(
            nudge.policy, delivery.state, came[delivery.message_id] if delivery.message_id else 0, delivery.detail
        )
        for nudge, delivery in deliveries
    }
    assert len(nudges) == len(deliveries), "each goes one way"
    unasked = set(came) - {delivery.message_id for _, delivery in deliveries}
    assert not unasked, "a letter bears the Message-ID that was written down for it"
    again = sum(delivery.attempts > 1 for _, delivery in deliveries)
    return Aftermath(sorted(files), sorted(began.values()), sorted(told), sorted(weeks), nudges, again)


def _deliveries(session: Session) -> list[tuple[Nudge, Delivery]]:
    return list(session.exec(select(Nudge, Delivery).join(Delivery, col(Delivery.nudge_id) == col(Nudge.id))))


def _period(period: str, began: Mapping[int, tuple[str, datetime]]) -> str:
    return began[int(period)][1].isoformat() if period.isdecimal() else period


@dataclass(frozen=True)
class Figures:
    """Of a disturbed week, which is as it should be. `unknown`: of what must not be said twice, and may have been."""

    activities: int
    nudges: int
    repeated: int
    unknown: int


def hold(found: Aftermath, undisturbed: Aftermath, events: Iterable[Event], *, most_repeats: int) -> Figures:
    """Everything that was sent in is there once, and everything was said that would have been."""
    sent = [(f"Person {each.who}", sha256(data).hexdigest()) for each in events for data in each.files.values()]
    assert found.files == sorted(sent), "each file is there once"
    assert found.activities == undisturbed.activities
    assert found.check_ins == undisturbed.check_ins
    assert found.weeks == undisturbed.weeks
    assert set(found.nudges) == set(undisturbed.nudges), "each nudge once, and no other"
    repeated = unknown = 0
    for nudge, told in found.nudges.items():
        expected = undisturbed.nudges[nudge]
        if told.policy is Policy.NEVER_TWICE and told.state is State.UNKNOWN:
            assert told.letters <= 1, f"{nudge} must not be said twice"
            unknown += 1
            continue
        assert told.state is expected.state, f"{nudge} ended otherwise: {told}, and not {expected}"
        assert (told.letters > 0) == (told.state is State.SENT), f"{nudge}: {told}"
        if told.policy is Policy.NEVER_TWICE:
            assert told.letters <= 1, f"{nudge} must not be said twice"
        repeated += max(told.letters - 1, 0)
    assert repeated <= most_repeats, "for each kill as many as were on their way"
    return Figures(len(found.activities), len(found.nudges), repeated, unknown)
