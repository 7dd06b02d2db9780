"""Fortnights of random lives, played by the real service: never too much, never at night, never urging in pain."""

import asyncio
import random
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coach import manual
from coach.judged import standing
from coach.nudges import RULES
from coach.plan import Diagnosis, Exercise
from coach.plan.library import condition, example_plan
from coach.preview import Rehearsal, looks_of
from coach.safety import CheckIn, Phase
from coach.store import check_ins, flares
from coach.store import people as stored_people
from coach.store.engine import reading, writing
from scheduler.clock import QuietHours, local_instant
from scheduler.messages import Kind

ZONE = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 3, 16)  # the clocks change on its second Sunday
DAYS = 15


def happenings(chance: random.Random, day: date):
    """What happens on a day: sessions with pain around them, now and then a flare."""
    for hour in (10, 18):
        if chance.random() < 0.5:
            begins = local_instant(day, _clock(hour, chance), ZONE)
            done = manual.Told(chance.choice((Exercise.LEVEL_WALK, Exercise.SWIM)), chance.randint(5, 40), begins)
            ends = begins + timedelta(minutes=done.minutes)
            morning = local_instant(day + timedelta(days=1), _clock(8, chance), ZONE)
            yield begins, told(Phase.PRE, chance.randint(0, 4))
            yield ends, lambda session, person, now, done=done: manual.enter(session, person, done, now)
            yield ends, told(Phase.PEAK, chance.randint(0, 7))
            if chance.random() < 0.7:
                yield morning, told(Phase.MORNING, chance.randint(0, 5))
    if chance.random() < 0.05:
        begins = local_instant(day, _clock(9, chance), ZONE)
        yield begins, lambda session, person, now: flares.start(session, person.id, now)


def told(phase: Phase, pain: int):
    return lambda session, person, now: check_ins.add(session, person.id, CheckIn(now, phase, pain), now)


def _clock(hour: int, chance: random.Random):
    return time(hour, chance.randint(0, 59))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_a_fortnight(engine, ada, tmp_path, seed):
    chance = random.Random(seed)
    plan = example_plan(
        condition("general_sciatica"), starts_on=FIRST, diagnosis=Diagnosis(made_by="Dr Bo", made_on=date(2026, 3, 1))
    )
    began = local_instant(FIRST, _clock(0, chance), ZONE)
    with writing(engine, None) as session:
        stored_people.add_plan(session, ada.id, plan, began)
    rehearsal = Rehearsal(engine, ada.id, tmp_path, began)
    asyncio.run(_play(rehearsal, engine, ada, chance))
    said = rehearsal.said()
    assert said
    _never_too_much(said)
    assert not any(QuietHours().holds(each.at, ZONE) for each in said if "R0" not in each.because)
    for each in said:
        if any(RULES[rule].urges for rule in each.because):
            with reading(engine) as session:
                stood = standing(session, ada, each.at)
            assert not stood.sore
            assert stood.flare is None
            assert not stood.locked


async def _play(rehearsal, engine, ada, chance) -> None:
    waiting: list = []
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        waiting += happenings(chance, day)
        end = local_instant(day + timedelta(days=1), _clock(4, random.Random(0)), ZONE)
        moments = {*looks_of(day, ZONE), *(at for at, _ in waiting if at < end)}
        for now in sorted(moments):
            await rehearsal.until(now)
            with writing(engine, None) as session:
                for at, does in waiting:
                    if at == now:
                        does(session, session.merge(ada), now)
            waiting = [each for each in waiting if each[0] != now]
            await rehearsal.look(now)


def _never_too_much(said) -> None:
    days: dict[date, list] = {}
    weeks: dict[tuple, int] = {}
    for each in said:
        local = each.at.astimezone(ZONE)
        motivation = any(RULES[rule].kind is Kind.MOTIVATION for rule in each.because)
        weeks[local.isocalendar()[:2]] = weeks.get(local.isocalendar()[:2], 0) + motivation
        if "R0" not in each.because:
            days.setdefault(local.date(), []).append(each)
    assert all(number <= 4 for number in weeks.values())
    for messages in days.values():
        times = [each.at for each in messages]
        apart = [n for n, at in enumerate(times) if n == 0 or at - times[n - 1] > timedelta(minutes=30)]
        assert len(apart) <= 2
        assert sum(any(RULES[rule].kind is Kind.MOTIVATION for rule in each.because) for each in messages) <= 1
