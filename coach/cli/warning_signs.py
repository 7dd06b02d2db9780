"""`coach signs` and `coach clear`: the warning-sign questions, and the way out of the lock that they raise."""

import sys
from datetime import date
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.answering import NOBODY_IS_HERE, check_answers, is_yes
from coach.cli.output import out, print_json, table
from coach.cli.telling import plan_at_once, said_in_any_case
from coach.errors import UsageError
from coach.locks import lock_line
from coach.locks import questions as asked
from coach.safety.model import Answers, SignLevel
from coach.safety.signs import signs
from coach.store import locks, people, sign_answers
from coach.store.engine import reading
from coach.store.tables import key
from config.messages import catalogue

_STOPS_ASKING = frozenset({SignLevel.EMERGENCY, SignLevel.CHEST})
"""Answered yes, there is something better to do than to go on answering."""


def run(yes: list[str], who: str | None, *, none: bool, listed: bool, as_json: bool) -> None:
    if yes or none:
        _keep(tuple(dict.fromkeys(yes)), who, none=none, listed=listed, as_json=as_json)
    elif listed:
        _list(as_json=as_json)
    elif sys.stdin.isatty():
        ask_and_keep(who, as_json=as_json)
    else:
        raise UsageError(NOBODY_IS_HERE)


def questions() -> Table:
    listed = table("code", "level", "question")
    for code, level, question in asked():
        listed.add_row(code, level.replace("_", " "), question)
    return listed


def _list(*, as_json: bool) -> None:
    if as_json:
        print_json(list(map(shapes.sign, asked())))
    else:
        out.print(questions())


def ask_and_keep(who: str | None, *, as_json: bool = False) -> None:
    """Ask each question on the terminal; at an emergency no more are asked."""
    with reading(open_app().engine) as session:
        people.find_person(session, who)  # before anybody answers for nobody
    yes: list[str] = []
    try:
        for code, level, question in asked():
            if is_yes(question):
                yes.append(code)
                if level in _STOPS_ASKING:
                    break
    except (typer.Abort, KeyboardInterrupt):  # the latter where Ctrl-C comes between two questions
        if yes:  # what was answered until then was answered
            _keep(tuple(yes), who, as_json=as_json)
        raise
    _keep(tuple(yes), who, as_json=as_json)


def _keep(yes: tuple[str, ...], who: str | None, *, none: bool = False, listed: bool = False, as_json: bool) -> None:
    with said_in_any_case(yes) as spoken:  # a slip in one code keeps no other from being told
        app = open_app()
        with reading(app.engine) as session:
            spoken.emergency_number = people.find_person(session, who).emergency_number
        check_answers(yes, signs(), none=none, listed=listed)
        now = app.clock()
        with people.changing(app.engine, who) as (session, person):
            sign_answers.add(session, key(person), Answers(now, yes))
            lock = locks.holding(session, key(person), now)
        spoken.is_kept = True
    if not as_json:
        spoken.say()
    if yes and lock is not None:
        plan_at_once(app, person)
    if as_json:
        print_json(
            {"at": shapes.instant(now), "yes": list(yes), "told": spoken.words, "locked": lock is not None},
        )
        return
    out.print("Noted." if yes else "Noted: none of the warning signs.")
    if lock is not None:
        out.print(Text(lock_line(lock, person)))


def clear(by: str | None, on: date | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    with people.changing(app.engine, who) as (session, person):
        held = locks.clear(session, key(person), by, on, now, ZoneInfo(person.timezone))
    if as_json:
        print_json({"raised_at": shapes.instant(held.raised_at), "signs": list(held.signs), "locked": False})
    else:
        out.print(catalogue().text("lock.cleared"))
