"""`coach ride`: a session with the plan in view."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.app import App, open_app
from coach.cli import choosing, machines, riding_live, warning_signs
from coach.cli.importing import described, whose
from coach.cli.output import err, out, print_json
from coach.plan import Exercise, facts
from coach.pushing.pushing import pass_on
from coach.riding import keeping
from coach.riding.asked import Asked, asked_of
from coach.riding.conducting import Ride, Wish
from coach.store import locks
from coach.store.engine import reading
from coach.store.tables import Person, key
from devices.ble import journals, remembered
from devices.ble.connections import State
from devices.ble.journal import Journal
from devices.ble.ramp import POWER, RESISTANCE
from devices.ble.session import Session

_ROOM_EVERY_S: Final = 1.0
_HIGH_PAIN: Final = 6  # clinical rules, section 6: RED from here, and the questions after every RED
_SPORTS: Final = {
    Exercise.EXERCISE_BIKE: ("cycling", "indoor_cycling"),
    Exercise.LEVEL_WALK: ("walking", "treadmill"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words of the command."""

    walk: bool = False
    watts: float | None = None
    level: float | None = None
    minutes: float | None = None
    names: tuple[str, ...] = ()

    @property
    def exercise(self) -> Exercise:
        return Exercise.LEVEL_WALK if self.walk else Exercise.EXERCISE_BIKE

    @property
    def wish(self) -> Wish:
        if self.watts is not None:
            return Wish(self.minutes, POWER, self.watts)
        if self.level is not None:
            return Wish(self.minutes, RESISTANCE, self.level)
        return Wish(self.minutes)


def run(wanted: Wanted, who: str | None, *, as_json: bool) -> int:
    """The exit code: 1 where nothing was measured."""
    app = open_app()
    person = whose(app, who)
    for result in keeping.recover(app, lambda sentence: err.print(Text(sentence), soft_wrap=True)):
        err.print(Text.assemble("A session that was cut off: ", described(result)), soft_wrap=True)
    with reading(app.engine) as session:
        asked = asked_of(session, person, wanted.exercise, app.clock())
    _introduce(asked)
    journal, ride = machines.on_loop(ridden(app, person, asked, wanted))
    try:
        return _kept(app, person, journal, ride, as_json=as_json)
    finally:
        journal.close()


async def ridden(app: App, person: Person, asked: Asked, wanted: Wanted) -> tuple[Journal, Ride]:
    """The whole session, to its end; gives its journal, which is still held."""
    async with machines.reach() as radio:
        chosen = await choosing.chosen(radio, app.settings.home, wanted.names)
        journal = begin(app, person, asked.exercise)
        said = riding_live.Said()
        ride = Ride(Session(radio, journal, chosen, asked.limits, said), asked, wanted.wish, _lock_of(app, person))
        err.print(Text(f"Looking for {', '.join(each.name for each in chosen)} ..."), soft_wrap=True)
        try:
            await riding_live.conduct(ride, said)
        except BaseException:
            _leave(journal)
            raise
        for each in ride.session.connections:
            if each.state is State.LIVE:
                remembered.add(app.settings.home, each.identity)
        await _wait_for_room(journal)
        return journal, ride


def _introduce(asked: Asked) -> None:
    item = asked.item
    if item is None:
        err.print(f"Your plan has no {facts(asked.exercise).one} at the moment; it is recorded all the same.")
    else:
        err.print(f"Your plan says {item.dose.minutes} minutes, at most {item.limit_minutes:g}.")


def begin(app: App, person: Person, exercise: Exercise) -> Journal:
    now = app.clock()
    offset = now.astimezone(ZoneInfo(person.timezone)).utcoffset()
    assert offset is not None  # noqa: S101 (an aware moment has one)
    return journals.begin(app.settings.home, now, *_SPORTS[exercise], utc_offset=offset, owner=str(key(person)))


def _leave(journal: Journal) -> None:
    """A session that never began leaves nothing; one that broke off is taken at the next start."""
    if journals.read(journal.path).frames == 0:
        journal.path.unlink()
    journal.close()


def _lock_of(app: App, person: Person) -> Callable[[], bool]:
    def is_locked() -> bool:
        with reading(app.engine) as session:
            return locks.holding(session, key(person), app.clock()) is not None

    return is_locked


async def _wait_for_room(journal: Journal) -> None:
    """The disk has no room for the end of a session: nothing is given up while somebody may make some."""
    if journal.waiting:
        err.print(f"{journal.waiting} bytes of the session wait for room on the disk. Make some; Ctrl-C gives them up.")
    try:
        while journal.waiting:
            await asyncio.sleep(_ROOM_EVERY_S)
            journal.retry()
    except asyncio.CancelledError:
        err.print("What was not written is given up; the rest is kept.")


def _kept(app: App, person: Person, journal: Journal, ride: Ride, *, as_json: bool) -> int:
    kept = keeping.keep(app, journal.path)
    pains = [tap.score for tap in kept.annotations.pains]
    if as_json:
        print_json(shapes.live(kept.ingested, kept.annotations))
    elif kept.ingested is None:
        out.print("Nothing was measured, so nothing is kept.")
    else:
        out.print(described(kept.ingested), soft_wrap=True)
    pass_on(app.settings)
    if ride.has_warning_sign:
        _ask(person)
    elif max(pains, default=0) >= _HIGH_PAIN and not as_json:
        out.print("After this, the warning-sign questions are worth a minute: `coach signs`.")
    return 0 if kept.ingested is not None else 1


def _ask(person: Person) -> None:
    """A warning sign brings up the questions at once: asked where somebody is there, shown where not."""
    if sys.stdin.isatty():
        warning_signs.ask_and_keep(person.name)
        return
    err.print(warning_signs.questions())
    err.print("Answer them with `coach signs`.")
