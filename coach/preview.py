"""A person's coming days, rehearsed: their rows in a database of their own, the real planner, the real delivery.

Nothing of it reaches anybody, and nothing of it is kept.
"""

import asyncio
import ctypes
import gc
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import func, select

from coach.calm_life import Happening, day_of_life
from coach.messenger import plan_for
from coach.nudges import RULES
from coach.nudges.model import AHEAD
from coach.nudges.wishes import Wishes
from coach.plan import Plan
from coach.rounds import hours
from coach.service import Service
from coach.store import people, preferences
from coach.store.copying import copy_person
from coach.store.engine import only_reads, open_passing, reading
from coach.store.tables import Person
from coach.weeks import day_of
from config.settings import Settings
from scheduler import outbox
from scheduler.channels.base import Channel, Delivered, Outcome, Outgoing
from scheduler.channels.registry import CHANNELS
from scheduler.clock import ONE_DAY, local_instant
from scheduler.outbox import Entry
from scheduler.tables import Delivery, State

_REMINDED: Final = timedelta(minutes=60)  # before a time that was agreed
_ALL: Final = 100_000


class Assume(StrEnum):
    """What the person does meanwhile."""

    NOTHING = "nothing"  # no session, no answer, no sync
    PLANNED = "planned"  # what the plan asks, on its days, and calm answers where there is a question


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `because`: by rule, why it was due."""

    at: datetime
    because: Mapping[str, str]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """What was due and not said, and why not."""

    at: datetime
    rule: str
    state: State
    why: str


@dataclass
class Recorder(Channel):
    """A channel that reaches nobody."""

    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> Outcome:
        self.sent.append(outgoing)
        return Delivered()

    async def rest(self) -> None:
        pass


@dataclass
class Rehearsal:
    """A service whose clock is set by hand, and whose messages reach nobody."""

    engine: Engine
    person_id: int
    home: Path
    now: datetime
    recorder: Recorder = field(default_factory=Recorder)

    def __post_init__(self) -> None:
        settings = Settings(home=self.home, smtp_url=None, database_url=None, message_folder=None)
        self.service = Service(settings, self.engine, lambda: self.now)
        self.channels: dict[str, Channel] = dict.fromkeys(CHANNELS, self.recorder)

    async def until(self, moment: datetime) -> None:
        """What the service does up to a moment: what is due before it goes out at its own time."""
        while (due := self._next_due()) is not None and self.now < due < moment:
            await self.look(due)

    async def look(self, now: datetime) -> None:
        """What the service does at a moment."""
        self.now = now
        plan_for(self.engine, self.service.settings, self.person_id, now)
        await self.service.deliver(self.channels)

    def _next_due(self) -> datetime | None:
        with reading(self.engine) as session:
            return session.exec(select(func.min(Delivery.not_before))).one()

    def entries(self) -> list[Entry]:
        """All that was due, in order of time."""
        with reading(self.engine) as session:
            return outbox.history(session, str(self.person_id), _ALL)[::-1]

    def said(self) -> list[Said]:
        """What went out, one for each message."""
        together: dict[str, list[Entry]] = {}
        for each in self.entries():
            if each.state is State.SENT and each.message_id is not None:
                together.setdefault(each.message_id, []).append(each)
        return sorted((_said(entries) for entries in together.values()), key=lambda each: each.at)

    def held(self) -> list[Held]:
        quiet = {State.SUPPRESSED, State.CANCELLED, State.EXPIRED}
        entries = [each for each in self.entries() if each.state in quiet]
        return [Held(each.due_at, each.rule, each.state, each.detail or each.reason) for each in entries]


def _said(entries: list[Entry]) -> Said:
    first = entries[0]
    return Said(
        at=first.sent_at or first.due_at,
        because={each.rule: each.reason for each in sorted(entries, key=lambda each: RULES[each.rule].rank)},
        title=first.title or "",
        text=first.text or "",
    )


def preview(
    engine: Engine,
    person: Person,
    now: datetime,
    last: date,
    assume: Assume,
    progress: Callable[[date], None] = lambda _: None,
) -> tuple[list[Said], list[Held]]:
    """What would be said to a person from now to the end of a day, and what would be held back.

    Args:
        engine: where their rows are; only read.
        person: whose days they are.
        now: the moment from which it is played.
        last: the last local day.
        assume: what they do meanwhile.
        progress: told each day that begins.
    """
    with TemporaryDirectory(prefix="coach-preview-") as folder:
        stage = open_passing(Path(folder) / "coach.db")
        try:
            copy_person(engine, stage, person.id or 0)
            rehearsal = Rehearsal(stage, person.id or 0, Path(folder), now)
            asyncio.run(_play(rehearsal, person, last, assume, progress))
            since = [each for each in rehearsal.said() if each.at >= now]
            return since, [each for each in rehearsal.held() if each.at >= now]
        finally:
            stage.dispose()
            only_reads.cache_clear()  # holds it, and with it every question that was put together for it
            _give_back()


def _give_back() -> None:
    """Megabytes were taken. What is left of them are circles, until somebody looks for these; and the C library keeps
    what is free until it is told not to, where it can be (glibc).
    """
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


async def _play(
    rehearsal: Rehearsal, person: Person, last: date, assume: Assume, progress: Callable[[date], None]
) -> None:
    start = rehearsal.now
    zone = ZoneInfo(person.timezone)
    day = day_of(start, zone)
    happens: list[Happening] = []
    while day <= last:
        progress(day)
        if assume is Assume.PLANNED:
            happens += day_of_life(rehearsal.engine, rehearsal.person_id, day, max(start, rehearsal.now))
        looks = [(at, None) for at in looks_of(day, zone, *_wanted(rehearsal, day))]
        today = [(each.at, each) for each in happens if each.day == day]
        for at, happening in sorted([*looks, *today], key=lambda each: each[0]):
            if at < start:
                continue
            await rehearsal.until(at)
            if happening is not None:
                happening.happen(rehearsal.engine, rehearsal.person_id)
            await rehearsal.look(at)
        day += ONE_DAY


def _wanted(rehearsal: Rehearsal, day: date) -> tuple[Plan | None, Wishes]:
    with reading(rehearsal.engine) as session:
        found = people.plan_on(session, rehearsal.person_id, day)
        return None if found is None else found[1], preferences.wishes(session, rehearsal.person_id)


def looks_of(day: date, zone: ZoneInfo, plan: Plan | None = None, wishes: Wishes | None = None) -> list[datetime]:
    """The moments of a day at which there may be something new to say without anybody doing anything.

    A nudge is known so long ahead, and then tells its own moment.
    """
    wished = {wish.at for wish in (wishes or Wishes()).by_rule.values() if wish.at is not None}
    known = {local_instant(day, clock, zone) for clock in wished}
    slots = (slot for item in (plan.items if plan else ()) for slot in item.planned or ())
    known |= {
        local_instant(day, slot.at, zone) - _REMINDED
        for slot in slots
        if slot.at is not None and slot.day == day.weekday()
    }
    return sorted({*hours(day, zone), *known, *(at - AHEAD for at in known)})
