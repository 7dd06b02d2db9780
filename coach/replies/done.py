"""`Done without a device.` The subject is the day on which it was asked about."""

from datetime import datetime, time, timedelta
from typing import Final

from coach.errors import ConflictError
from coach.manual import Told, enter
from coach.plan import Exercise, Plan, facts
from coach.replies.model import Asked, Choice, Done, Form, Given, Number, Onward, Reply
from coach.replies.pain import after
from coach.store import people
from coach.store.tables import key
from coach.weeks import day_of
from config.messages.calendar import weekday
from scheduler.clock import local_instant

_DAYS: Final = 3  # further back, nobody is sure any more
_LONGEST_MIN: Final = 180
_ABOUT: Final = time(15)  # nobody asks at what hour; it lies in that day in every week and season


def ask(asked: Asked) -> Form:
    plan = _plan(asked)
    return Form(
        title=asked.words.text("reply.done"),
        button=asked.words.text("reply.keep"),
        fields=(_exercise(plan, asked), _minutes(plan, asked), _day(asked)),
    )


def act(asked: Asked, given: Given) -> Done:
    plan = _plan(asked)
    exercise = Exercise(given.one(_exercise(plan, asked)) or "")
    minutes, days_ago = given.number(_minutes(plan, asked)), int(given.one(_day(asked)) or 0)
    told = Told(exercise, minutes, started_at=_began(minutes, days_ago, asked))
    kept = enter(asked.session, asked.person, told, asked.now)
    what = facts(exercise, asked.words).one
    return Done(
        lines=(asked.words.text("reply.noted_done", minutes=minutes, exercise=what),),
        onward=(Onward(asked.words.text("reply.to_pain"), "pain", after(key(kept.activity))),) if not days_ago else (),
    )


def _plan(asked: Asked) -> Plan:
    """
    Raises:
        ConflictError: there is no plan, or it is locked.
    """
    found = people.plan_on(asked.session, key(asked.person), day_of(asked.now, asked.zone))
    if found is None or found[1].locked:
        raise ConflictError(asked.words.text("about.locked"))
    return found[1]


def _began(minutes: int, days_ago: int, asked: Asked) -> datetime | None:
    """None: it has just ended."""
    if not days_ago:
        return None
    day = day_of(asked.now, asked.zone) - timedelta(days=days_ago)
    return local_instant(day, _ABOUT, asked.zone) - timedelta(minutes=minutes)


def _exercise(plan: Plan, asked: Asked) -> Choice:
    items = [item.exercise for item in plan.items if item.nested_in is None]
    options = tuple((str(each), facts(each, asked.words).one) for each in items)
    return Choice("exercise", asked.words.text("reply.what"), options, given=options[0][0])


def _minutes(plan: Plan, asked: Asked) -> Number:
    return Number("minutes", asked.words.text("reply.minutes"), 1, _LONGEST_MIN, given=plan.items[0].dose.minutes)


def _day(asked: Asked) -> Choice:
    today = day_of(asked.now, asked.zone)
    named = [asked.words.text("reply.today"), asked.words.text("reply.yesterday")]
    named += [weekday(today - timedelta(days=ago), asked.words) for ago in range(len(named), _DAYS)]
    options = tuple((str(ago), name) for ago, name in enumerate(named))
    return Choice("day", asked.words.text("reply.when"), options, given="0")


REPLY: Final = Reply("done", ask, act, once=True)
