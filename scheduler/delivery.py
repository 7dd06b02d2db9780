"""A sweep: claim what is due, prepare it, write down the intent, send it, and mark what came of it."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine

from scheduler.carrying import carry_all
from scheduler.channels.base import Channel
from scheduler.clock import Clock, QuietHours, utc_now
from scheduler.desk import Desk
from scheduler.intents import Terms
from scheduler.merging import Parcel
from scheduler.messages import Merge, Prepare
from scheduler.settled import Settled
from scheduler.slots import Limit
from scheduler.transactions import Transactions

log = logging.getLogger(__name__)

QUIET: Final = QuietHours()
# As many rows as one transaction takes in some milliseconds, and few enough that none is claimed long before it is
# sent: at ten letters a second, a minute.
BATCH: Final = 500
# Where they go out faster, as many more as go out in so long; within bounds, for the first few tell little. The longest
# of its transactions takes a third of it, which is as long as others are to wait.
SPELL_S: Final = 0.15
GROWTH: Final = 2
# Twice what any send may take, so that nobody takes a delivery over that is still being sent.
LEASE: Final = timedelta(minutes=5)
# What falls within half an hour is one message (clinical rules, section 9).
TOGETHER: Final = timedelta(minutes=30)

# A database that was busy for longer than its own patience may be free a second later.
TRIES: Final = 3
BREATH_S: Final = 1.0


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
    told: Callable[[Sequence[Settled]], None] | None = None,
) -> None:
    """Deliver all that is due, batch by batch, until nothing is.

    Args:
        engine: the database with the scheduler's tables; its transactions must be BEGIN IMMEDIATE on SQLite.
        clock: the moment, aware.
        prepare: what looks again at a nudge and words it, by rule.
        channels: by name; what is due on a channel that is not here waits for a better day.
        quiet: the hours, local to each recipient, in which only urgent nudges are sent.
        domain: the right-hand side of new Message-IDs.
        limits: how many messages a recipient gets, of which kinds; only urgent ones are not counted.
        merge: makes one message of what is due to one recipient at one address; None sends each on its own.
        together: what is due within this time goes along, and what goes out within it takes one slot.
        batch: how many deliveries to claim at a time; more where they go out within a moment.
        lease: how long a worker may hold one. A send is cut off after half of it.
        told: learns what became of some of them once that is written down; of those that another worker took over
            nobody does. What became of all of them is not held here: a sweep may be long.
    """
    terms = Terms(limits, merge, together, quiet, domain)

    def known(settled: Sequence[Settled]) -> None:
        if log.isEnabledFor(logging.INFO):
            _log(settled)
        if told is not None:
            told(settled)

    transactions = Transactions(engine)
    desk = Desk(transactions, clock, prepare, frozenset(channels), terms, lease, known)
    size = batch
    with ThreadPoolExecutor(1, "sweep") as thread:  # one step at a time
        try:
            begun = time.monotonic()
            while number := await _a_batch(desk, size, channels, thread):
                now = time.monotonic()
                size, begun = max(batch, _as_many_as_fit(number, now - begun)), now
        finally:
            thread.submit(transactions.close)
            await asyncio.gather(*(channel.rest() for channel in channels.values()))


async def _a_batch(desk: Desk, size: int, channels: Mapping[str, Channel], thread: Executor) -> int:
    """How many messages that was. Nothing of it is left when the next begins."""
    parcels = await asyncio.get_running_loop().run_in_executor(thread, desk.claim, size)
    waiting: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        waiting[parcel[0].channel].append(parcel)
    await asyncio.gather(*(carry_all(channels[name], waiting[name], desk, thread) for name in waiting))
    await _written_down(desk, thread)
    return len(parcels)


def _as_many_as_fit(number: int, took_s: float) -> int:
    """In a spell, when so many took so long; in hundreds, for SQLite reads a statement anew for each length."""
    return int(number * SPELL_S / max(took_s, SPELL_S / GROWTH)) // 100 * 100


async def _written_down(desk: Desk, thread: Executor) -> None:
    """Give a database that was busy another chance; what it does not take is in doubt when its lease has run out."""
    for _ in range(TRIES):
        if not desk.unsettled:
            break
        await asyncio.sleep(BREATH_S)
        await asyncio.get_running_loop().run_in_executor(thread, desk.settle, ())


def _log(settled: Sequence[Settled]) -> None:
    for claim, verdict in settled:
        parts = (claim.delivery_id, claim.due.rule, claim.channel, verdict.state, claim.attempts)
        log.info("delivery=%s rule=%s channel=%s state=%s attempt=%d", *parts)
