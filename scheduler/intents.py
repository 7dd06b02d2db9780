"""The transaction before messages go out: their slots are taken, they are worded as one, and the intent is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from scheduler import leases, verdicts
from scheduler.channels.base import Outgoing
from scheduler.clock import QuietHours
from scheduler.errors import whereabouts
from scheduler.merging import Letter, Part, compose, message_id
from scheduler.messages import Merge
from scheduler.settled import Settled
from scheduler.slots import Book, Limit, Slot, Window, narrowest_first
from scheduler.tables import DELIVERY


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms messages go out: how many, together with which, when, and under whose domain."""

    limits: Sequence[Limit]
    merge: Merge | None
    together: timedelta
    quiet: QuietHours
    domain: str


@dataclass(frozen=True, slots=True)
class Intended:
    """What is about to go out, and what is not to."""

    letters: list[Letter] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)


def intend(
    connection: Connection, ready: Sequence[Sequence[Part]], terms: Terms, now: datetime, until: datetime
) -> Intended:
    """Let out what there is room for, in the order in which it comes.

    Args:
        connection: in a transaction, to be rolled back if this raises.
        ready: each what is to go as one message, by rank.
        terms: limits and all.
        now: the moment.
        until: how long to hold what goes out.

    Raises:
        LeaseLostError: for some of them.
    """
    intended = Intended()
    counter = _Counter.of(connection, ready, terms, now) if terms.limits else None
    for parts in ready:
        admitted, slots = counter.admit(parts, intended.settled) if counter else (parts, [])
        if not admitted:
            continue
        members = tuple([claim for claim, _ in admitted])  # most are alone, and a list is made sooner
        if terms.merge and all(claim.waited_until is not None and claim.waited_until > now for claim in members):
            intended.settled.extend(Settled(claim, verdicts.put_back(claim)) for claim in members)
            continue
        try:
            message = compose(admitted, terms.merge)
        except Exception as error:  # noqa: BLE001 (it may be tried again with the next release)
            place = f"merging: {whereabouts(error)}"
            intended.settled.extend(Settled(claim, verdicts.prepare_raised(claim, now, place)) for claim in members)
            continue
        goes_as = message_id(members[0], terms.domain)
        intended.letters.append(Letter(members, Outgoing(members[0].address, message, goes_as), now))
        if counter:
            counter.take(slots, members[0].due.recipient_id, members[0].due.nudge_id, goes_as)
    if counter:
        counter.book.write(connection)
    leases.hold(connection, intended.letters, now, until)
    return intended


# Put together once: each hand-out asks it, and making it would cost more than asking.
_WENT_OUT_AS: Final = select(DELIVERY.c.nudge_id, DELIVERY.c.message_id).where(
    DELIVERY.c.nudge_id.in_(bindparam("nudges", expanding=True)), DELIVERY.c.message_id.is_not(None)
)


@dataclass(frozen=True, slots=True)
class _Counter:
    """Where slots are handed out."""

    terms: Terms
    now: datetime
    book: Book
    known: dict[UUID, set[str]]
    """Under which Message-IDs each nudge went out before, by any of its channels."""

    @classmethod
    def of(cls, connection: Connection, ready: Sequence[Sequence[Part]], terms: Terms, now: datetime) -> "_Counter":
        dues = [claim.due for parts in ready for claim, _ in parts if not claim.due.urgent]
        book = Book.read(connection, {due.recipient_id for due in dues}, now)
        known: dict[UUID, set[str]] = {due.nudge_id: set() for due in dues}
        for nudge_id, went_as in connection.execute(_WENT_OUT_AS, {"nudges": list(known)}):
            known[nudge_id].add(went_as)
        return cls(terms, now, book, known)

    def admit(self, parts: Sequence[Part], settled: list[Settled]) -> tuple[Sequence[Part], list[tuple[Limit, str]]]:
        """What there is room for, and the slots to take; what there is none for goes to `settled`."""
        first = parts[0][0].due
        if first.urgent:
            return parts, []
        known = set().union(*(self.known[claim.due.nudge_id] for claim, _ in parts))
        places: list[tuple[Limit, str]] = []
        for limit in narrowest_first(self.terms.limits):
            counted = [part for part in parts if part[0].due.kind in limit.kinds]
            if not counted:
                continue
            window = Window.of(limit.per, self.now, first.zone)
            place = self.book.place(limit, window, first.recipient_id, known, self.now - self.terms.together)
            if place is None:
                again_at = self.terms.quiet.next_allowed(window.end, first.zone)
                settled.extend(Settled(claim, verdicts.no_room(claim, again_at, limit.reason)) for claim, _ in counted)
                parts = [part for part in parts if part not in counted]
            elif place:
                places.append((limit, place))
        kinds = {claim.due.kind for claim, _ in parts}
        return parts, [(limit, place) for limit, place in places if kinds & limit.kinds]

    def take(self, places: Sequence[tuple[Limit, str]], recipient_id: str, nudge_id: UUID, goes_as: str) -> None:
        for _, name in places:
            self.book.take(Slot(recipient_id, name, nudge_id, goes_as, self.now))
