"""A sweep: claim what is due, prepare it, write down the intent, send it, and mark what came of it."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine

from scheduler import leases, verdicts
from scheduler.channels.base import Channel, Outcome, Outgoing, Unknown
from scheduler.clock import Clock, QuietHours, utc_now
from scheduler.errors import whereabouts
from scheduler.messages import Merge, Message, Prepare
from scheduler.slots import Limit
from scheduler.tables import State
from scheduler.verdicts import Claim, Verdict

log = logging.getLogger(__name__)

T = TypeVar("T")

QUIET: Final = QuietHours()
# As many rows as one transaction takes in a few milliseconds, and few enough that none
# is claimed long before it is sent.
BATCH: Final = 100
# Twice what any send may take, so that nobody takes a delivery over that is still being sent.
LEASE: Final = timedelta(minutes=5)
# What falls within half an hour is one message (clinical rules, section 9).
TOGETHER: Final = timedelta(minutes=30)
# Mail servers commonly allow ten connections a client or more; four already hide the round trips.
AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a sweep did with one delivery. `detail` says why; it is not for logs."""

    delivery_id: UUID
    nudge_id: UUID
    recipient_id: str
    rule: str
    period: str
    channel: str
    state: State
    attempts: int
    detail: str | None = field(repr=False)


async def deliver_due(  # noqa: PLR0913 (the sweep's whole surroundings)
    engine: Engine,
    *,
    clock: Clock = utc_now,
    prepare: Mapping[str, Prepare],
    channels: Mapping[str, Channel],
    quiet: QuietHours = QUIET,
    domain: str = "localhost",
    limits: Sequence[Limit] = (),
    merge: Merge | None = None,
    together: timedelta = TOGETHER,
    batch: int = BATCH,
    lease: timedelta = LEASE,
) -> list[DeliveryReport]:
    """Deliver all that is due, batch by batch, until nothing is.

    Args:
        engine: the database with the two tables; its transactions must be BEGIN IMMEDIATE on SQLite.
        clock: the moment, aware.
        prepare: what looks again at a nudge and words it, by rule.
        channels: by name; what is due on a channel that is not here waits for a better day.
        quiet: the hours, local to each recipient, in which only urgent nudges are sent.
        domain: the right-hand side of new Message-IDs.
        limits: how many messages a recipient gets, of which kinds; none but urgent ones are spared.
        merge: makes one message of what is due to one recipient at one address; None sends each on its own.
        together: what is due within this time goes along, and what goes out within it takes one slot.
        batch: how many deliveries to claim at a time.
        lease: how long a worker may hold one. A send is cut off after half of it.

    Returns:
        What became of each delivery, except those that another worker took over.
    """
    del limits, merge, together  # on their way
    sweep = _Sweep(engine, clock, prepare, channels, quiet, domain, lease)
    reports: list[DeliveryReport] = []
    try:
        while claims := await sweep.claim(batch):
            carried = await asyncio.gather(*(sweep.carry(claim) for claim in claims))
            reports += [report for report in carried if report is not None]
    finally:
        await asyncio.gather(*(channel.rest() for channel in channels.values()))
    return reports


@dataclass(frozen=True, slots=True)
class _Sweep:
    """One sweep's means. What is synchronous (database, Prepare) runs in a thread, one step at a time."""

    engine: Engine
    clock: Clock
    prepare: Mapping[str, Prepare]
    channels: Mapping[str, Channel]
    quiet: QuietHours
    domain: str
    lease: timedelta
    lane: asyncio.Lock = field(default_factory=asyncio.Lock)
    gates: dict[str, asyncio.Semaphore] = field(default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(AT_ONCE)))

    async def claim(self, batch: int) -> list[Claim]:
        now = self.clock()
        return await self._commit(lambda connection: leases.claim(connection, now, now + self.lease, batch))

    async def carry(self, claim: Claim) -> DeliveryReport | None:
        """Bring one delivery as far as it goes today; whatever happens to it, the others go on."""
        try:
            async with self.gates[claim.channel]:
                verdict = await self._decide(claim)
            held = verdict is not None and await self._commit(lambda c: leases.settle(c, claim, verdict))
        except Exception as error:  # noqa: BLE001 (the lease runs out, and a later sweep tries again)
            log.error("delivery=%s stopped by %s", claim.delivery_id, whereabouts(error))  # noqa: TRY400
            return None
        if verdict is None or not held:
            log.warning("delivery=%s was taken over by another worker", claim.delivery_id)
            return None
        return _report(claim, verdict)

    async def _decide(self, claim: Claim) -> Verdict | None:
        """What becomes of it; None when its lease was lost before anything was sent."""
        now = self.clock()
        if (verdict := verdicts.at_claim(claim, now, self.quiet)) is not None:
            return verdict
        if claim.channel not in self.channels:
            return verdicts.not_set_up(claim, now, f"channel {claim.channel}")
        if claim.due.rule not in self.prepare:
            return verdicts.not_set_up(claim, now, f"rule {claim.due.rule}")
        return await self._prepare_and_send(claim, now)

    async def _prepare_and_send(self, claim: Claim, now: datetime) -> Verdict | None:
        prepare = self.prepare[claim.due.rule]
        try:
            answer = await self._in_lane(lambda: prepare(claim.due, now))
        except Exception as error:  # noqa: BLE001 (a fault in one rule's Prepare is that rule's alone)
            place = whereabouts(error)
            log.warning("delivery=%s rule=%s Prepare raised %s", claim.delivery_id, claim.due.rule, place)
            return verdicts.prepare_raised(claim, now, place)
        if not isinstance(answer, Message):
            return verdicts.prepare_declined(claim, answer)
        return await self._send(claim, answer)

    async def _send(self, claim: Claim, message: Message) -> Verdict | None:
        message_id = claim.message_id or f"<{claim.delivery_id}@{self.domain}>"
        outgoing = Outgoing(claim.address, message, message_id)
        intent_at = self.clock()
        until = intent_at + self.lease
        if not await self._commit(lambda c: leases.intend(c, claim, outgoing, intent_at, until)):
            return None
        outcome = await self._outcome(claim.channel, outgoing)
        return verdicts.after_send(claim, outcome, intent_at, self.clock())

    async def _outcome(self, channel: str, outgoing: Outgoing) -> Outcome:
        try:
            async with asyncio.timeout(self.lease.total_seconds() / 2):
                return await self.channels[channel].send(outgoing)
        except TimeoutError:
            return Unknown("the channel did not answer in time")
        except Exception as error:  # noqa: BLE001 (a channel that raises has not said what it did)
            return Unknown(f"the channel raised {whereabouts(error)}")

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        def transaction() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        return await self._in_lane(transaction)

    async def _in_lane(self, work: Callable[[], T]) -> T:
        async with self.lane:
            return await asyncio.to_thread(work)


def _report(claim: Claim, verdict: Verdict) -> DeliveryReport:
    log.info(
        "delivery=%s rule=%s channel=%s state=%s attempt=%d",
        claim.delivery_id,
        claim.due.rule,
        claim.channel,
        verdict.state,
        claim.attempts,
    )
    return DeliveryReport(
        delivery_id=claim.delivery_id,
        nudge_id=claim.due.nudge_id,
        recipient_id=claim.due.recipient_id,
        rule=claim.due.rule,
        period=claim.due.period,
        channel=claim.channel,
        state=verdict.state,
        attempts=verdict.attempts,
        detail=verdict.detail,
    )
