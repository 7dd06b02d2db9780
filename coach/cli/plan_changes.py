"""`coach plan new` and `import`: a plan becomes the next version, and what differs is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rich.text import Text
from sqlmodel import Session

from coach import shapes
from coach.app import open_app
from coach.cli.output import err, out, print_json
from coach.enrolment.details import Details, check
from coach.enrolment.plans import begin_anew, check_setter
from coach.plan import Plan
from coach.plan.differences import differences
from coach.plan.file import PlanFile
from coach.prescribing import checked, first_day
from coach.signs import visible
from coach.store import people
from coach.store.tables import Person, key
from config.document import read
from config.messages import catalogue


@dataclass(frozen=True, slots=True)
class Taken:
    """A plan that was taken in, and the version that it follows; `is_new` False: that version says it already."""

    version: int
    plan: Plan
    before: tuple[int, Plan] | None
    is_new: bool


def new(details: Details, by: str | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    check(details, app.settings.plans, now)
    set_by = check_setter(by)
    with people.changing(app.engine, who) as (session, person):
        before = people.latest_plan(session, key(person))
        version, plan = begin_anew(session, person, details, set_by, app.settings.plans, now)
    tell(Taken(version, plan, before, is_new=before is None or version != before[0]), as_json=as_json)


def take_in(source: Path, start: date | None, by: str | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    set_by = check_setter(by)
    file = checked(read(source), now)
    with people.changing(app.engine, who) as (session, person):
        taken = keep(session, person, file, start, set_by, now)
    tell(taken, as_json=as_json)


def keep(
    session: Session, person: Person, file: PlanFile, start: date | None, set_by: str | None, now: datetime
) -> Taken:
    """The plan of a file as the next version, unless the latest says the same.

    A file that still has the first day of the latest version was exported and changed: it holds from today, for the
    weeks that have passed keep the plan that they had.

    Raises:
        UsageError: it would start before the latest.
    """
    before = people.latest_plan(session, key(person))
    plan = file.as_plan(first_day(person, before, now), set_by)
    if set_by is not None:
        plan = plan.model_copy(update={"set_by": set_by, "is_example": False})
    if before is not None and start is None and file.plan.starts_on in {None, before[1].starts_on}:
        if plan.model_copy(update={"starts_on": before[1].starts_on}) == before[1]:
            return Taken(before[0], before[1], before, is_new=False)
        plan = plan.model_copy(update={"starts_on": first_day(person, before, now)})
    elif start is not None:
        plan = plan.model_copy(update={"starts_on": start})
    return Taken(people.add_plan(session, key(person), plan, now), plan, before, is_new=True)


def tell(taken: Taken, *, as_json: bool) -> None:
    if as_json:
        changed = differences(taken.before[1], taken.plan) if taken.before else ()
        print_json(shapes.plan(taken.plan, taken.version) | {"changes": [shapes.difference(each) for each in changed]})
        return
    for line in _lines(taken):
        out.print(Text(line), soft_wrap=True)
    if taken.plan.locked:
        err.print(catalogue().text("about.locked"))


def _lines(taken: Taken) -> Iterator[str]:
    if not taken.is_new:
        yield f"Plan version {taken.version} says the same already; nothing has changed."
        return
    yield f"Plan version {taken.version}, from {taken.plan.starts_on}. `coach plan` shows it."
    if taken.before is not None:
        number, before = taken.before
        if before.starts_on == taken.plan.starts_on:
            yield f"Version {number} starts on the same day: from then on version {taken.version} holds."
        yield from (f"  {visible(str(each))}" for each in differences(before, taken.plan))
    if taken.plan.is_example:
        yield catalogue().text("about.example_plan") + " `--by NAME` says who set it."
