"""What six people are told over a fortnight, by the real service with its clock set by hand, as it was read and found
right: never nagging, never against the plan, never urging in pain.

`WRITE_GOLDEN=1` writes the files anew; read what differs before you keep it.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from coach.cli.previewing import shortened
from coach.nudges import RULES
from coach.preview import Rehearsal, Said, looks_of
from coach.store.engine import open_database
from coach.store.tables import key
from scheduler.clock import local_instant
from scheduler.messages import Kind

GOLDEN = Path(__file__).parent / "golden"
BEGAN, ZONE = date(2026, 1, 26), ZoneInfo("Europe/Berlin")
ANSWERED = time(12, 30)
FIRST_WEEK = {"flare": 4, "over_doer": 4}
"""The fortnight begins in the third week, and where something happens in the fifth, in the fourth."""


class Played:
    """A life of which a fortnight is played moment by moment."""

    def __init__(self, life, folder: Path) -> None:
        self.life = life
        self.rehearsal = Rehearsal(life.engine, key(life.person), folder, datetime.min.replace(tzinfo=ZONE))
        self.kept: list[tuple[datetime, Callable[[], None]]] = []

    def fortnight(self, first: int) -> "Played":
        for number in range(1, first - 1):
            self.life.week(number)
        self.life.lives(first - 1)
        self.life.happens = lambda at, does: self.kept.append((at, does))
        asyncio.run(self._play(first))
        return self

    async def _play(self, first: int) -> None:
        for number in (first, first + 1):
            monday = BEGAN + timedelta(weeks=number - 1)
            self.life.persona.happens(self.life, number)
            self._sessions(number, monday, lambda at, monday=monday: at < local_instant(monday, ANSWERED, ZONE))
            for n in range(7):
                day = monday + timedelta(days=n)
                await self._day(
                    day, (lambda number=number, monday=monday: self._answers(number, monday)) if n == 0 else None
                )

    def _answers(self, number: int, monday: date) -> None:
        """To the week before; what they do afterwards follows the plan that comes of it."""
        self.life.closes(number - 1)
        self._sessions(number, monday, lambda at: at >= local_instant(monday, ANSWERED, ZONE))

    def _sessions(self, number: int, monday: date, wanted: Callable[[datetime], bool]) -> None:
        for done in self.life.persona.live(number, self.life.plan_on(monday)):
            if wanted(local_instant(monday + timedelta(days=done.day), done.at, ZONE)):
                self.life.did(monday, done)

    async def _day(self, day: date, at_noon: Callable[[], None] | None) -> None:
        noon = local_instant(day, ANSWERED, ZONE)
        moments = {*looks_of(day, ZONE), noon}
        end = local_instant(day + timedelta(days=1), time(4), ZONE)
        while waiting := sorted({*moments, *(at for at, _ in self.kept if at < end)}):
            now = waiting[0]
            moments.discard(now)
            await self.rehearsal.until(now)
            if at_noon is not None and now == noon:
                at_noon()
            due = [each for each in self.kept if each[0] == now]
            self.kept = [each for each in self.kept if each[0] != now]
            for _, does in due:
                does()
            await self.rehearsal.look(now)

    @property
    def page(self) -> str:
        """Day by day what was said, and what was held back."""
        told = [(each.at, _told(each)) for each in self.rehearsal.said()]
        held = [
            (each.at, f"  ({_clock(each.at)}  {each.rule} {each.state}: {each.why})") for each in self.rehearsal.held()
        ]
        lines = []
        for day, entries in groupby(sorted(told + held), key=lambda each: each[0].astimezone(ZONE).date()):
            lines += [f"{day:%A, %Y-%m-%d}", *(text for _, text in entries), ""]
        return "\n".join(lines)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def _told(said: Said) -> str:
    lines = shortened(said.text).split("\n")
    head = f"  {_clock(said.at)}  {', '.join(said.because)}: {said.title}"
    return "\n".join([head, *(f"         {line}".rstrip() for line in lines)])


PEOPLE = {
    "good": (),
    "flare": (),
    "over_doer": (),
    "bad_shoulder": (pytest.mark.slow,),
    "non_swimmer": (pytest.mark.slow,),
    "stenosis": (pytest.mark.slow,),
}
TOLD = [pytest.param(name, "en", marks=marks, id=name) for name, marks in PEOPLE.items()]
TOLD.append(pytest.param("over_doer", "de", id="over_doer-de"))


@pytest.mark.parametrize(("name", "language"), TOLD)
def test_a_fortnight_is_as_it_was_read(name, language, personas, lives, tmp_path):
    life = lives(open_database(f"sqlite:///{tmp_path / 'coach.db'}"), replace(personas[name], language=language))
    played = Played(life, tmp_path).fortnight(FIRST_WEEK.get(name, 3))
    said = played.rehearsal.said()
    path = GOLDEN / f"{name}-messages{'' if language == 'en' else f'-{language}'}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(played.page, encoding="utf-8")
    assert played.page == path.read_text(encoding="utf-8")
    assert all(time(8) <= each.at.astimezone(ZONE).time() < time(21) for each in said)
    _at_most_two_a_day_and_four_of_motivation_a_week(said)
    if name == "good":  # who does well and answers is offered the next step every week
        assert [each.at.astimezone(ZONE).weekday() for each in said if "R10" in each.because] == [0, 0]


def _at_most_two_a_day_and_four_of_motivation_a_week(said: list[Said]) -> None:
    for _, messages in groupby(said, key=lambda each: each.at.astimezone(ZONE).date()):
        # What follows within half an hour counts in the same place.
        times = [each.at for each in messages if not any(RULES[rule].urgent for rule in each.because)]
        assert sum(n == 0 or at - times[n - 1] > timedelta(minutes=30) for n, at in enumerate(times)) <= 2
    for _, messages in groupby(said, key=lambda each: each.at.astimezone(ZONE).isocalendar()[:2]):
        assert sum(RULES[rule].kind is Kind.MOTIVATION for each in messages for rule in each.because) <= 4
