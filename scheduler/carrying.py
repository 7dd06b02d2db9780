"""The sending half of a sweep: on each channel as much at a time as it takes, the next as soon as one is done."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import timedelta
from typing import Final

from scheduler import verdicts
from scheduler.channels.base import Channel, Outcome, Outgoing, Transient, Unknown
from scheduler.desk import Desk
from scheduler.errors import whereabouts
from scheduler.merging import Letter, Parcel
from scheduler.settled import Settled

# Mail servers commonly allow ten connections a client or more. Eight hide the round trips, and several letters are
# written down together. As many are in doubt when a worker is killed, and go twice.
AT_ONCE: Final = 8


async def carry_all(channel: Channel, parcels: Iterable[Parcel], desk: Desk, thread: Executor) -> None:
    """Bring each as far as it goes today; whatever happens to one, the others go on."""
    loop = asyncio.get_running_loop()
    carries = getattr(channel, "carries", 1)
    waiting = deque(parcels)
    flying: set[asyncio.Task[list[Settled]]] = set()
    done: list[Settled] = []
    try:
        while waiting or flying or done:
            room = min((AT_ONCE - len(flying)) * carries, len(waiting))
            handed_in, done = done, []
            next_ones = [waiting.popleft() for _ in range(room)]
            letters = await loop.run_in_executor(thread, _handed_out, channel, desk, handed_in, next_ones)
            flying |= {
                asyncio.create_task(_carry(channel, letters[start : start + carries], desk))
                for start in range(0, len(letters), carries)
            }
            if flying:
                landed, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                done = [settled for task in landed for settled in task.result()]
    finally:
        await _call_back(flying)


def _handed_out(channel: Channel, desk: Desk, done: Sequence[Settled], parcels: Sequence[Parcel]) -> Sequence[Letter]:
    """The next letters, packed where the channel does that ahead."""
    letters = desk.hand_out(done, parcels)
    pack = getattr(channel, "pack", None)
    return letters if pack is None else [_packed(each, pack) for each in letters]


def _packed(letter: Letter, pack: Callable[[Outgoing], Outgoing]) -> Letter:
    with suppress(Exception):
        return letter._replace(outgoing=pack(letter.outgoing))
    return letter


async def _call_back(flying: Iterable[asyncio.Task[list[Settled]]]) -> None:
    for task in flying:
        task.cancel()
    await asyncio.gather(*flying, return_exceptions=True)


async def _carry(channel: Channel, letters: Sequence[Letter], desk: Desk) -> list[Settled]:
    outcomes = await _outcomes(channel, [letter.outgoing for letter in letters], desk.lease / 2)
    now = desk.clock()
    return [
        Settled(member, verdicts.after_send(member, outcome, intent_at, now, members[0]))
        for (members, _, intent_at), outcome in zip(letters, outcomes, strict=True)
        for member in members
    ]


async def _outcomes(channel: Channel, letters: Sequence[Outgoing], limit: timedelta) -> list[Outcome]:
    outcomes: list[Outcome] = []
    try:
        async with asyncio.timeout(limit.total_seconds()):
            for outgoing in letters:
                try:
                    outcomes.append(await channel.send(outgoing))
                except Exception as error:  # noqa: BLE001 (a channel that raises has not said what it did)
                    outcomes.append(Unknown(f"the channel raised {whereabouts(error)}"))
    except TimeoutError:
        outcomes.append(Unknown("the channel did not answer in time"))
        outcomes += [Transient("the channel was too slow")] * (len(letters) - len(outcomes))
    return outcomes
