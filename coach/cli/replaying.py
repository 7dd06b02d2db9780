"""`coach replay`: what the same weeks would have been."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from rich.progress import track
from rich.text import Text
from sqlmodel import Session

from coach import shapes
from coach.app import open_app
from coach.cli.output import err, out, print_json, shares_terminal, table
from coach.effort import ALGORITHM
from coach.errors import NotSetUpError
from coach.history import History
from coach.judgement import JudgedWeek
from coach.nudges.wording import share_of_plan
from coach.plan.file import plan_from
from coach.remeasure import Remeasured, keep, remeasured
from coach.replay import Replayed, measured_anew, replay, under, weeks_of
from coach.store import histories, people, recordings
from coach.store.engine import reading, writing
from coach.store.tables import Person, key
from coach.weeks import IsoWeek


def run(plan: Path | None, since: str | None, who: str | None, *, write: bool, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    other = None if plan is None else plan_from(plan)
    first = None if since is None else IsoWeek.parse(since)
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        before = _history(session, person, now)
        fresh = _measured(session, person)
    after = measured_anew(before, fresh)
    if other is not None:
        after = under(after, other)
    found = [each for each in replay(before, after, weeks_of(before, now), now) if first is None or each.week >= first]
    if write:
        with writing(app.engine, key(person)) as session:
            keep(session, fresh.values())
    if as_json:
        print_json(shapes.replayed(found, ALGORITHM))
    else:
        if found:
            _show(found)
        else:
            out.print(f"There is no week to judge again from {first} on." if first else "No week has begun yet.")
        if write:
            out.print(f"Kept: {len(fresh)} recordings as measured by version {ALGORITHM}.")


def _history(session: Session, person: Person, now: datetime) -> History:
    """All of it: from the first plan to now."""
    running = IsoWeek.of(now.date())
    first = people.first_plan_day(session, key(person))
    if first is None:
        raise NotSetUpError(f"{person.name} has no plan yet, so no week was judged. Run `coach setup` first.")
    return histories.load(session, person, IsoWeek.of(first), max(running, IsoWeek.of(first)).next)


def _measured(session: Session, person: Person) -> Mapping[int, Remeasured]:
    total = len(recordings.of(session, key(person)))
    measuring = track(
        remeasured(session, person),
        description="Measuring again",
        total=total,
        console=err,
        transient=True,
        disable=not (err.is_terminal and shares_terminal()),
    )
    return {each.activity_id: each for each in measuring}


def _show(found: list[Replayed]) -> None:
    listed = table("week", "as it stood", "", "as it would stand", "", "differs in")
    for each in found:
        listed.add_row(
            str(each.week),
            *_told(each.before),
            *_told(each.after),
            Text(", ".join(each.changes), "bold") if each.changes else Text("–", "dim"),
        )
    out.print(listed)
    changed = sum(bool(each.changes) for each in found)
    out.print(f"{changed or 'None'} of {len(found)} weeks would differ. Measured and judged by version {ALGORITHM}.")


def _told(judged: JudgedWeek) -> tuple[str, str]:
    week = judged.adherence
    decision = judged.decision.kind
    return share_of_plan(week) or str(week.status), "" if decision is None else str(decision).replace("_", " ")
