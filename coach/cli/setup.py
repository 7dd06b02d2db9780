"""`coach setup`: options, and questions for what they leave open."""

import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

import typer

from coach import revising, shapes
from coach.app import App, open_app
from coach.cli.output import err, out, print_json
from coach.enrolment.details import Details, check
from coach.enrolment.persons import enrol, find, local_zone
from coach.enrolment.plans import agree
from coach.errors import UsageError
from coach.plan import Plan, Relief
from coach.plan.library import conditions
from coach.store.access import What, note
from coach.store.engine import reading, writing
from coach.store.tables import Person, key

_LOCKED = (
    "The plan is locked: no diagnosis is recorded. Get one first, so that your condition does not worsen; "
    "then run `coach setup --diagnosed-by NAME --diagnosed-on DATE`."
)


def run(details: Details, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    check(details, app.settings.plans, now)
    with reading(app.engine) as session:
        known = find(session, details.name)
        before = None if known is None else revising.heart(known)
        was = None if known is None else known.model_dump()
    if known is None:  # asked before anything is locked: people take their time
        details = _asked(details, app, now)
    with writing(app.engine, None if known is None else key(known)) as session:
        session.expire_on_commit = False
        person = enrol(session, details, now, local_zone())
        if was is not None and was != person.model_dump():
            note(session, What.DETAILS_CHANGED, person.id, now)
        agreed = agree(session, person, details, app.settings.plans, now)
    if count := revising.measure_again(app.engine, person, before):
        err.print(f"Measured by the new heart-rate ranges: {count} recording{'' if count == 1 else 's'}.")
    _tell(person, agreed, as_json=as_json)
    if known is None and not as_json:
        _ask_for_signs(person)


def _ask_for_signs(person: Person) -> None:
    """The warning signs are asked at the start (clinical rules, section 7); who has no time for them is set up all the
    same.
    """
    if not sys.stdin.isatty():
        err.print("Answer the warning-sign questions: coach signs")
        return
    from coach.cli.warning_signs import ask_and_keep

    err.print("\nBefore you start, the warning signs. Ctrl-C leaves them for later.")
    try:
        ask_and_keep(person.name)
    except (typer.Abort, KeyboardInterrupt):
        err.print("\nThe rest is for later: coach signs")


def _tell(person: Person, agreed: tuple[int, Plan] | None, *, as_json: bool) -> None:
    if as_json:
        described = shapes.plan(agreed[1], agreed[0]) if agreed else None
        print_json({"name": person.name, "email": person.email, "timezone": person.timezone, "plan": described})
    elif agreed is None:
        out.print(f"{person.name} is set up, without a plan yet: give --condition.")
    else:
        version, plan = agreed
        out.print(f"{person.name} is set up: plan version {version} from {plan.starts_on}. `coach plan` shows it.")
    if agreed is not None and agreed[1].locked:
        err.print(_LOCKED)


def _asked(details: Details, app: App, now: datetime) -> Details:
    """Ask for what is missing, where somebody is there to answer; what cannot be meant is asked again."""
    missing = {each.name for each in fields(details) if getattr(details, each.name) is None}
    if not missing or not sys.stdin.isatty():
        return details
    err.print("sciatica-coach follows a plan agreed with your clinician. It is not a medical device.\n")
    for name in _QUESTIONS:
        if name in missing:
            details = _answered(name, details, app, now)
    return details


def _answered(name: str, details: Details, app: App, now: datetime) -> Details:
    while True:
        value = _QUESTIONS[name](app, details)
        answered = details if value in (None, "") else replace(details, **{name: value})
        try:
            check(answered, app.settings.plans, now)
        except UsageError as error:
            err.print(str(error))
        else:
            return answered


def _text(question: str, default: str | None = "") -> str:
    return str(typer.prompt(question, default=default, show_default=bool(default), err=True)).strip()


def _date(question: str, default: str | None = None) -> date:
    while True:
        answer = _text(question, default)
        try:
            return date.fromisoformat(answer)
        except ValueError:
            err.print(f"'{answer}' is not a date. Write it as 2026-11-05.")


def _number(question: str) -> int | None:
    while True:
        answer = _text(question)
        if not answer or answer.isdecimal():
            return int(answer) if answer else None
        err.print("A whole number, please, or nothing.")


def _yes(question: str, *, default: bool = False) -> bool:
    return typer.confirm(question, default=default, err=True)


def _choice(question: str, choices: list[str]) -> str:
    while (answer := _text(f"{question} ({', '.join(choices)})", None)) not in choices:
        err.print(f"'{answer}' is none of these.")
    return answer


def _diagnosed_on(details: Details) -> date | None:
    return _date("When was it diagnosed? (YYYY-MM-DD)") if details.diagnosed_by else None


_QUESTIONS: dict[str, Callable[[App, Details], Any]] = {
    "name": lambda *_: _text("Your name", None),
    "email": lambda *_: _text("E-mail for nudges and the weekly summary (empty for none)"),
    "timezone": lambda *_: _text("Time zone", local_zone()),
    "condition": lambda app, _: _choice("Condition, as diagnosed", list(conditions(app.settings.plans))),
    "diagnosed_by": lambda *_: _text("Who diagnosed it? (empty locks the plan)"),
    "diagnosed_on": lambda _, details: _diagnosed_on(details),
    "relief": lambda *_: _choice("Which posture eases it?", [each.value for each in Relief]),
    "flexion_tolerated": lambda *_: _yes("Is bending forward comfortable?"),
    "load_intolerant": lambda *_: _yes("Did your clinician ask you to keep load off your spine?"),
    "swimmer": lambda *_: _yes("Can you swim?", default=True),
    "shoulder_injury": lambda *_: _yes("Is one of your shoulders injured?"),
    "beta_blocker": lambda *_: _yes("Do you take a beta blocker? (it keeps the heart rate low)"),
    "birth_year": lambda *_: _number("Birth year, for heart-rate ranges (empty to skip)"),
    "resting_hr": lambda *_: _number("Resting heart rate (empty to skip)"),
    "max_hr": lambda *_: _number("Highest heart rate, if it was measured (empty to skip)"),
    "emergency_number": lambda *_: _text("Emergency number", "112"),
    "start": lambda app, _: _date("First day of the plan", app.clock().astimezone().date().isoformat()),
}
