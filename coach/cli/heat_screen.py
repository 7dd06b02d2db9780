"""`coach signs --heat`: the questions before hot water; what comes of them stands in the plan from then on."""

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.app import open_app
from coach.cli.answering import NOBODY_IS_HERE, check_answers, is_yes
from coach.cli.output import out, print_json, table
from coach.errors import NotSetUpError, UsageError
from coach.plan import HeatScreen
from coach.safety.signs import heat_questions, heat_screen
from coach.store import people
from coach.store.engine import reading
from coach.store.tables import Person, key
from config.messages import catalogue


def run(yes: list[str], who: str | None, *, none: bool, listed: bool, as_json: bool) -> None:
    check_answers(yes, heat_questions(), none=none, listed=listed)
    if listed:
        _list(as_json=as_json)
    elif yes or none:
        _keep(yes, who, as_json=as_json)
    elif sys.stdin.isatty():
        with reading(open_app().engine) as session:
            people.find_person(session, who)  # before anybody answers for nobody
        _keep([code for code, question in _asked() if is_yes(question)], who, as_json=as_json)
    else:
        raise UsageError(NOBODY_IS_HERE)


def _asked() -> list[tuple[str, str]]:
    return [(code, catalogue().text(f"heat.{code}")) for code in heat_questions()]


def _list(*, as_json: bool) -> None:
    if as_json:
        print_json([{"code": code, "question": question} for code, question in _asked()])
        return
    listed = table("code", "question")
    for row in _asked():
        listed.add_row(*row)
    out.print(listed)


def _keep(yes: list[str], who: str | None, *, as_json: bool) -> None:
    app = open_app()
    screen = heat_screen(yes)
    with people.changing(app.engine, who) as (session, person):
        version = _version_with(session, person, screen, app.clock())
    if as_json:
        print_json({"yes": list(dict.fromkeys(yes)), "heat_screen": screen, "version": version})
    else:
        out.print(catalogue().text(f"heat_screen.{screen}"))


def _version_with(session: Session, person: Person, screen: HeatScreen, now: datetime) -> int:
    """The number of the plan that knows the answers: the latest, or a new one where they changed something."""
    latest = people.latest_plan(session, key(person))
    if latest is None:
        raise NotSetUpError(f"{person.name} has no plan yet. Run `coach setup --condition ...`.")
    version, plan = latest
    if plan.traits.heat_screen is screen:
        return version
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    changed = plan.model_copy(
        update={
            "traits": plan.traits.model_copy(update={"heat_screen": screen}),
            "starts_on": max(today, plan.starts_on),
        }
    )
    return people.add_plan(session, key(person), changed, now)
