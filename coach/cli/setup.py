"""`coach setup`: a person and their plan, from options or from answers."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from re import fullmatch
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import typer
from sqlmodel import Session, col, select

from coach.app import App, open_app
from coach.cli.output import err, out, print_json
from coach.errors import UsageError
from coach.plan import Diagnosis, Plan, Relief, condition, conditions, example_plan
from coach.store import people
from coach.store.engine import reading, writing
from coach.store.tables import Person, key

_LOCKED = (
    "The plan is locked: no diagnosis is recorded. Get one first, so that your condition does not worsen; "
    "then run `coach setup --diagnosed-by NAME --diagnosed-on DATE`."
)

_EAST = timedelta(hours=14)  # where a day begins first
_RESTING_HR = (25, 130)  # beats a minute: endurance athletes, and a heart that a doctor should hear about


@dataclass(frozen=True, slots=True)
class Answers:
    """What was given on the command line; None is not given."""

    name: str | None = None
    email: str | None = None
    timezone: str | None = None
    condition: str | None = None
    diagnosed_by: str | None = None
    diagnosed_on: date | None = None
    relief: str | None = None
    flexion_tolerated: bool | None = None
    birth_year: int | None = None
    resting_hr: int | None = None
    emergency_number: str | None = None
    start: date | None = None

    @property
    def changes_plan(self) -> bool:
        asked = (
            self.condition,
            self.diagnosed_by,
            self.diagnosed_on,
            self.relief,
            self.flexion_tolerated,
            self.start,
        )
        return any(each is not None for each in asked)


def run(answers: Answers, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    _check(answers, app, now)
    with reading(app.engine) as session:
        newcomer = _existing(session, answers) is None
    if newcomer:  # asked before anything is locked: people take their time
        answers = _asked(answers, app, now)
    with writing(app.engine) as session:
        session.expire_on_commit = False
        person = _existing(session, answers)
        if person is None:
            person = _created(session, answers, now)
        else:
            _change(person, answers)
        version, plan = _planned(session, app, person, answers, now)
    _tell(person, plan, version, as_json=as_json)


def _existing(session: Session, answers: Answers) -> Person | None:
    """The person of that name; without a name the only one there is."""
    if answers.name is not None:
        return session.exec(select(Person).where(Person.name == answers.name)).first()
    everybody = session.exec(select(Person).order_by(col(Person.id))).all()
    if len(everybody) > 1:
        names = ", ".join(person.name for person in everybody)
        raise UsageError(f"Several people share this database. Say who with --name: {names}.")
    return everybody[0] if everybody else None


def _created(session: Session, answers: Answers, now: datetime) -> Person:
    if answers.name is None:
        raise UsageError("Who is it for? Give --name.")
    person = Person(
        name=answers.name,
        email=answers.email,
        timezone=answers.timezone or _local_zone(),
        birth_year=answers.birth_year,
        resting_heart_rate_bpm=answers.resting_hr,
        emergency_number=answers.emergency_number or "112",
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def _change(person: Person, answers: Answers) -> None:
    given = {
        "email": answers.email,
        "timezone": answers.timezone,
        "birth_year": answers.birth_year,
        "resting_heart_rate_bpm": answers.resting_hr,
        "emergency_number": answers.emergency_number,
    }
    for name, value in given.items():
        if value is not None:
            setattr(person, name, value)


def _planned(
    session: Session, app: App, person: Person, answers: Answers, now: datetime
) -> tuple[int | None, Plan | None]:
    """The plan after this command: a new version where something of it was given, else the one that stands."""
    standing = people.latest_plan(session, key(person))
    if not answers.changes_plan and standing is not None:
        return standing
    before = standing[1] if standing else None
    code = answers.condition or (before.condition if before else None)
    if code is None:
        if answers.changes_plan:
            raise UsageError(f"Which condition? Give --condition: {', '.join(conditions(app.settings.plans))}.")
        return None, None
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    starts_on = answers.start or max(today, before.starts_on if before else today)
    if before is not None and starts_on < before.starts_on:
        raise UsageError(
            f"The plan in force starts on {before.starts_on}; a new version cannot start before it. "
            f"Give --start {before.starts_on} or later."
        )
    plan = example_plan(
        condition(code, app.settings.plans),
        starts_on=starts_on,
        diagnosis=_diagnosis(answers, before if before and before.condition == code else None),
        relief=Relief(answers.relief or (before.relief if before else Relief.UNKNOWN)),
        flexion_tolerated=_first(answers.flexion_tolerated, before.flexion_tolerated if before else None),
        step=before.step if before and before.condition == code else 1,
    )
    if standing is not None and _says_the_same(plan, standing[1], answers):
        return standing
    return people.add_plan(session, key(person), plan, now), plan


def _says_the_same(plan: Plan, before: Plan, answers: Answers) -> bool:
    """Whether only the first day differs, and nobody asked for another: the same command again is no change."""
    starts_on = plan.starts_on if answers.start else before.starts_on
    return plan.model_copy(update={"starts_on": starts_on}) == before


def _diagnosis(answers: Answers, before: Plan | None) -> Diagnosis | None:
    """What was given, or what stands: `before` is a plan for the same condition, which a diagnosis names."""
    known = before.diagnosis if before else None
    made_by = answers.diagnosed_by or (known.made_by if known else None)
    made_on = answers.diagnosed_on or (known.made_on if known else None)
    if made_by is None and made_on is None:
        return None
    if made_by is None or made_on is None:
        raise UsageError("A diagnosis needs both: who made it (--diagnosed-by) and when (--diagnosed-on).")
    return Diagnosis(made_by=made_by, made_on=made_on)


def _check(answers: Answers, app: App, now: datetime) -> None:
    """Refuse what cannot be meant, before anything is asked or written."""
    known = conditions(app.settings.plans) if answers.condition is not None else {}
    oldest = now.year - 120
    wrong = {
        f"There is no condition '{answers.condition}'. Known: {', '.join(known)}.": answers.condition is not None
        and answers.condition not in known,
        f"There is no time zone '{answers.timezone}'. Name one as Europe/Berlin or America/New_York.": answers.timezone
        is not None
        and answers.timezone not in available_timezones(),
        "A name cannot be empty.": answers.name is not None and not answers.name.strip(),
        f"'{answers.email}' is not an e-mail address.": answers.email is not None and not _is_address(answers.email),
        "The diagnosis lies in the future.": answers.diagnosed_on is not None
        and answers.diagnosed_on > (now + _EAST).date(),
        "Who made the diagnosis cannot be empty.": answers.diagnosed_by is not None
        and not answers.diagnosed_by.strip(),
        f"The birth year must lie between {oldest} and {now.year}.": answers.birth_year is not None
        and not oldest <= answers.birth_year <= now.year,
        "The resting heart rate must lie between {} and {}.".format(*_RESTING_HR): answers.resting_hr is not None
        and not _RESTING_HR[0] <= answers.resting_hr <= _RESTING_HR[1],
        "The emergency number must hold a digit.": answers.emergency_number is not None
        and not any(sign.isdigit() for sign in answers.emergency_number),
    }
    for sentence, holds in wrong.items():
        if holds:
            raise UsageError(sentence)


def _asked(answers: Answers, app: App, now: datetime) -> Answers:
    """Ask for what is missing, where somebody is there to answer; what cannot be meant is asked again."""
    missing = {each.name for each in fields(answers) if getattr(answers, each.name) is None}
    if not missing or not sys.stdin.isatty():
        return answers
    err.print("sciatica-coach follows a plan agreed with your clinician. It is not a medical device.\n")
    for name in _QUESTIONS:
        if name in missing:
            answers = _answered(name, answers, app, now)
    return answers


def _answered(name: str, answers: Answers, app: App, now: datetime) -> Answers:
    while True:
        value = _QUESTIONS[name](app, answers)
        answered = answers if value in (None, "") else replace(answers, **{name: value})
        try:
            _check(answered, app, now)
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


def _choice(question: str, choices: list[str]) -> str:
    while (answer := _text(f"{question} ({', '.join(choices)})", None)) not in choices:
        err.print(f"'{answer}' is none of these.")
    return answer


def _diagnosed_on(answers: Answers) -> date | None:
    return _date("When was it diagnosed? (YYYY-MM-DD)") if answers.diagnosed_by else None


_QUESTIONS: dict[str, Callable[[App, Answers], Any]] = {
    "name": lambda *_: _text("Your name", None),
    "email": lambda *_: _text("E-mail for nudges and the weekly summary (empty for none)"),
    "timezone": lambda *_: _text("Time zone", _local_zone()),
    "condition": lambda app, _: _choice("Condition, as diagnosed", list(conditions(app.settings.plans))),
    "diagnosed_by": lambda *_: _text("Who diagnosed it? (empty locks the plan)"),
    "diagnosed_on": lambda _, answers: _diagnosed_on(answers),
    "relief": lambda *_: _choice("Which posture eases it?", [each.value for each in Relief]),
    "flexion_tolerated": lambda *_: typer.confirm("Is bending forward comfortable?", default=False, err=True),
    "birth_year": lambda *_: _number("Birth year, for heart-rate ranges (empty to skip)"),
    "resting_hr": lambda *_: _number("Resting heart rate (empty to skip)"),
    "emergency_number": lambda *_: _text("Emergency number", "112"),
    "start": lambda app, _: _date("First day of the plan", app.clock().astimezone().date().isoformat()),
}


def _tell(person: Person, plan: Plan | None, version: int | None, *, as_json: bool) -> None:
    if as_json:
        from coach import shapes

        described = shapes.plan(plan, version) if plan and version else None
        print_json({"name": person.name, "email": person.email, "timezone": person.timezone, "plan": described})
    elif plan is None:
        out.print(f"{person.name} is set up, without a plan yet: give --condition.")
    else:
        out.print(f"{person.name} is set up: plan version {version} from {plan.starts_on}. `coach plan` shows it.")
    if plan is not None and plan.locked:
        err.print(_LOCKED)


def _local_zone() -> str:
    from tzlocal import get_localzone_name

    name = get_localzone_name()
    return name if name in available_timezones() else "UTC"


def _is_address(text: str) -> bool:
    """One that any mail server takes: beyond ASCII many do not."""
    return text.isascii() and fullmatch(r"[^@\s<>]+@[^@\s<>]+", text) is not None


def _first(given: bool | None, otherwise: bool | None) -> bool | None:
    return otherwise if given is None else given
