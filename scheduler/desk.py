"""The synchronous half of a sweep: it claims, prepares, intends and settles, each for many at once, in one thread."""

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from scheduler import intents, leases, verdicts
from scheduler.clock import Clock
from scheduler.errors import whereabouts
from scheduler.intents import Intended, Terms
from scheduler.merging import Letter, Parcel, Part, parcels
from scheduler.messages import Message, Prepare
from scheduler.settled import Settled
from scheduler.transactions import Transactions
from scheduler.verdicts import Claim, Verdict

log = logging.getLogger(__name__)

# What was so a moment ago is so: to send it takes as long.
A_MOMENT: Final = timedelta(seconds=1)


@dataclass
class Desk:
    """What a sweep has before it. `told` learns what became of each delivery once that is written down."""

    transactions: Transactions
    clock: Clock
    prepare: Mapping[str, Prepare]
    channels: AbstractSet[str]
    terms: Terms
    lease: timedelta
    told: Callable[[Sequence[Settled]], None]
    unsettled: list[Settled] = field(default_factory=list)
    """What the database did not take: it is tried again with what comes next."""
    _claimed_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def claim(self, batch: int) -> list[Parcel]:
        """Claim what is due; what can be ended or put off at once is, and the rest comes in the order to send it."""
        merging = self.terms.merge is not None
        together = self.terms.together if merging else None
        while True:
            self._claimed_at = now = self.clock()
            until = now + self.lease
            claims = self.transactions.commit(lambda c: leases.claim(c, now, until, batch, together)).claims()  # noqa: B023
            going, settled = self._sorted_out(claims, now)
            self.settle(settled)
            if going or not claims:
                return parcels(going, merge=merging)

    def _sorted_out(self, claims: Sequence[Claim], now: datetime) -> tuple[list[Claim], list[Settled]]:
        going: list[Claim] = []
        settled: list[Settled] = []
        seen_to_go: set[Hashable] = set()
        for one in claims:
            circumstances = verdicts.circumstances(one)
            if circumstances not in seen_to_go:
                if (verdict := self._at_claim(one, now)) is not None:
                    settled.append(Settled(one, verdict))
                    continue
                seen_to_go.add(circumstances)
            going.append(one)
        return going, settled

    def _at_claim(self, claim: Claim, now: datetime) -> Verdict | None:
        try:
            if (verdict := verdicts.at_claim(claim, now, self.terms.quiet)) is not None:
                return verdict
        except Exception as error:  # noqa: BLE001 (a time zone that tzdata no longer has)
            return verdicts.prepare_raised(claim, now, whereabouts(error))
        if claim.channel not in self.channels:
            return verdicts.not_set_up(claim, now, f"channel {claim.channel}")
        if claim.due.rule not in self.prepare:
            return verdicts.not_set_up(claim, now, f"rule {claim.due.rule}")
        return None

    def hand_out(self, done: Sequence[Settled], parcels: Sequence[Parcel]) -> list[Letter]:
        """Settle what was sent, and give the next letters, whose intent is written down."""
        self.settle(done)
        settled: list[Settled] = []
        ready = [parts for parcel in parcels if (parts := self._prepared(parcel, settled))]
        letters: list[Letter] = []

        def kept(these: Intended) -> None:
            letters.extend(these.letters)
            settled.extend(these.settled)

        try:
            self.transactions.all_or_each(
                ready, self._intend, kept, lambda parts: parts[0][0], again=self._intend_what_is_held
            )
        except OperationalError as error:
            log.error("%d messages stopped by %s", len(ready), whereabouts(error))  # noqa: TRY400
        self.settle(settled)
        return letters

    def settle(self, settled: Sequence[Settled]) -> None:
        """Write down what became of these."""
        waiting, self.unsettled = [*self.unsettled, *settled], []
        try:
            self.transactions.all_or_each(waiting, _settle, self.told, lambda each: each.claim)
        except OperationalError as error:
            log.warning("%d deliveries are not written down yet: %s", len(waiting), whereabouts(error))
            self.unsettled = waiting

    def _prepared(self, parcel: Parcel, settled: list[Settled]) -> list[Part]:
        """Those that still hold, worded; the others go to `settled`. Minutes may have passed until their turn came."""
        parts = []
        now = self.clock()
        is_later = abs(now - self._claimed_at) > A_MOMENT
        for claim in parcel:
            if is_later and (verdict := self._at_claim(claim, now)) is not None:
                settled.append(Settled(claim, verdict))
                continue
            try:
                answer = self.prepare[claim.due.rule](claim.due, now)
            except Exception as error:  # noqa: BLE001 (a fault in one rule's Prepare is that rule's alone)
                place = whereabouts(error)
                log.warning("delivery=%s rule=%s Prepare raised %s", claim.delivery_id, claim.due.rule, place)
                settled.append(Settled(claim, verdicts.prepare_raised(claim, now, place)))
                continue
            if isinstance(answer, Message):
                parts.append((claim, answer))
            else:
                settled.append(Settled(claim, verdicts.prepare_declined(claim, answer)))
        return parts

    def _intend(self, connection: Connection, ready: Sequence[Sequence[Part]]) -> Intended:
        now = self.clock()
        return intents.intend(connection, ready, self.terms, now, now + self.lease)

    def _intend_what_is_held(self, connection: Connection, ready: Sequence[Sequence[Part]]) -> Intended:
        """Where some of a message's parts are lost, the rest is worded without them."""
        held = (self._still_held(connection, parts) for parts in ready)
        return self._intend(connection, [parts for parts in held if parts])

    def _still_held(self, connection: Connection, parts: Sequence[Part]) -> Sequence[Part]:
        held = leases.still_held(connection, [claim for claim, _ in parts])
        for claim, _ in parts:
            if claim.id not in held:
                log.warning("delivery=%s was taken over by another worker", claim.delivery_id)
        return [part for part in parts if part[0].id in held]


def _settle(connection: Connection, settled: Sequence[Settled]) -> Sequence[Settled]:
    leases.settle(connection, settled)
    return settled
