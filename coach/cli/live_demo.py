"""`coach demo --live`: a ride on a virtual trainer, with all that may come in between, by a clock that hurries."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rich.padding import Padding
from rich.text import Text

from coach.app import App
from coach.cli import riding, riding_live
from coach.cli.importing import described
from coach.cli.output import out
from coach.cli.ride_view import view
from coach.cli.weekly import show_week
from coach.errors import NotSetUpError
from coach.judged import judged_week
from coach.plan import Diagnosis, Exercise, Relief
from coach.plan.library import condition, example_plan
from coach.riding import keeping
from coach.riding.asked import asked_of
from coach.riding.conducting import Ride
from coach.store import people
from coach.store.engine import open_database, reading, writing
from coach.store.tables import Person, key
from coach.weeks import IsoWeek, day_of
from config.settings import Settings
from devices.ble.identity import Identity
from devices.ble.journal import Journal
from devices.ble.radio import Radio
from devices.ble.session import Session
from scheduler.clock import utc_now

if TYPE_CHECKING:  # an extra
    from devices.ble.gym.machine import Machine
    from devices.ble.gym.world import Gym

_SPEED: Final = 40.0  # ten minutes in fifteen seconds, and a screen can still be read
_ZONE: Final = ZoneInfo("Europe/Berlin")
_WANTED: Final = riding.Wanted(watts=40, minutes=10)
_BEGAN_AGO: Final = timedelta(minutes=15)
_DRAWN_EVERY_S: Final = 4.0  # ten times a second, to whoever looks


def run() -> None:
    try:
        from devices.ble.gym.clock import CompressedLoop
        from devices.ble.gym.world import Gym
    except ImportError:
        raise NotSetUpError("The virtual trainer needs bumble: `pip install 'sciatica-coach[gym]'`.") from None
    home = Path(tempfile.mkdtemp(prefix="coach-demo-"))
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'coach.db'}", smtp_url=None, message_folder=None)
    app = App(settings, open_database(settings.database), utc_now)
    began = utc_now() - _BEGAN_AGO
    person = _set_up(app)

    async def ridden() -> Journal:
        async with Gym() as gym:
            radio = Radio(scanner=gym.scanner, client=gym.client)
            return await _ridden(replace(app, clock=lambda: began), person, radio, await _machines(gym))

    with asyncio.Runner(loop_factory=lambda: CompressedLoop(_SPEED)) as runner:
        journal = runner.run(ridden())
    kept = keeping.keep(app, journal.path)
    journal.close()
    if kept.ingested is not None:
        out.print(described(kept.ingested), soft_wrap=True)
    out.print()
    with reading(app.engine) as session:
        show_week(judged_week(session, person, IsoWeek.of(day_of(began, _ZONE)), app.clock()))


def _set_up(app: App) -> Person:
    today = app.clock().astimezone(_ZONE).date()
    plan = example_plan(
        condition("spinal_stenosis"),
        starts_on=IsoWeek.of(today).monday,
        diagnosis=Diagnosis(made_by="the demo's clinician", made_on=today),
        relief=Relief.FLEXION,
    )
    with writing(app.engine, None) as session:
        session.expire_on_commit = False
        person = Person(name="Kim", timezone=_ZONE.key, birth_year=today.year - 62, created_at=app.clock())
        session.add(person)
        session.flush()
        people.add_plan(session, key(person), plan, app.clock())
    out.rule(Text(f"sciatica-coach: a ride, {_SPEED:g} times as fast", "bold"))
    out.print(
        "Kim has a spinal stenosis, and the example plan asks for 10 minutes on the exercise bike. Trainer and strap "
        f"are virtual, the Bluetooth packets between are real. Kim asks the trainer for {_WANTED.watts:g} W.\n"
    )
    return person


async def _machines(gym: "Gym") -> list["Machine"]:
    from devices.ble.gym import models
    from devices.ble.gym.rider import Rider

    kim = Rider(seed=7, power_w=35, cadence_rpm=66)
    return [await gym.add(models.BIKE, kim), await gym.add(models.STRAP, kim, interval_s=1.0)]


async def _ridden(app: App, person: Person, radio: Radio, machines: list["Machine"]) -> Journal:
    with reading(app.engine) as session:
        asked = asked_of(session, person, Exercise.EXERCISE_BIKE, app.clock())
    said = riding_live.Said(out)
    journal = riding.begin(app, person, Exercise.EXERCISE_BIKE)
    known = [Identity(each.model.name, each.address) for each in machines]
    ride = Ride(Session(radio, journal, known, asked.limits, said), asked, _WANTED.wish, lambda: False)
    await riding_live.conduct(
        ride, said, drawn_every_s=_DRAWN_EVERY_S, beside=lambda ride: _comes_between(ride, said, machines[0])
    )
    return journal


async def _comes_between(ride: Ride, said: riding_live.Said, bike: "Machine") -> None:
    """What a real ride has, at its minute."""
    happens: dict[float, Callable[[], object]] = {
        1.5: lambda: _shown(ride, said),
        2.0: bike.vanish,
        2.5: lambda: asyncio.ensure_future(bike.come_back()),
        4.0: lambda: ride.pain(2),
        5.0: ride.pause_or_resume,
        5.5: ride.pause_or_resume,
        7.0: lambda: _shown(ride, said),
        7.5: lambda: ride.pain(4),
        9.0: lambda: _shown(ride, said),
    }
    for minute, do in happens.items():
        await asyncio.sleep(minute * 60 - ride.elapsed_s)
        do()


def _shown(ride: Ride, said: riding_live.Said) -> None:
    """Where there is no terminal to draw on, a few pictures."""
    if not out.is_terminal:
        out.print(Padding(view(ride.picture(tuple(said.sentences))), (1, 0, 1, 2)))
