"""Looks for work where several services share a database: each is made by one of them, and its work is everybody's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from coach import ahead, tasks
from coach.judged import lacking
from coach.rounds import Round, Rounds
from coach.store import news, sweeps

# Clinical rules, section 9: R1 follows a sync within 15 minutes; a minute leaves room for a slow machine.
PLAN_EVERY: Final = timedelta(minutes=1)
# A week settles by Wednesday, and is wanted on Monday.
KEEP_EVERY: Final = timedelta(hours=1)

# What is due in some hours; who changes something half an hour before still has it worded in time.
WORD_EVERY: Final = timedelta(minutes=1)


def spread_round(engine: Engine, now: datetime) -> int:
    """As `messenger.plan_nudges`, but that those to look at become tasks. Gives how many are new."""
    with sweeps.mine(engine, tasks.PLAN.name, now, PLAN_EVERY) as look:
        if look is None:
            return 0
        session, sweep = look
        rounds = Rounds()
        if sweep.state:
            rounds.finished(Round((), sweep.state["quarter"], news.read(sweep.state["marks"])))
        made = rounds.next(session, now)
        sweep.state = {"quarter": made.quarter, "marks": news.written(made.marks)}
        return tasks.spread(session, tasks.PLAN, made.persons)


def spread_keeping(engine: Engine, now: datetime) -> int:
    """As `judged.keep_weeks`, likewise."""
    with sweeps.mine(engine, tasks.KEEP.name, now, KEEP_EVERY) as look:
        if look is None:
            return 0
        session, _ = look
        persons: Sequence[int] = lacking(session, now)
        return tasks.spread(session, tasks.KEEP, persons)


def spread_wording(engine: Engine, now: datetime) -> int:
    """As `Service.word_ahead`, likewise."""
    with sweeps.mine(engine, tasks.WORD.name, now, WORD_EVERY) as look:
        if look is None:
            return 0
        session, _ = look
        return tasks.spread(session, tasks.WORD, ahead.lacking(session, now))
