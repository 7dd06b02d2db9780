"""`coach plan show`, `history` and `export`: to look at and to send, nothing changes."""

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.output import err, out, print_json, table, when
from coach.cli.writing import write_whole
from coach.locks import lock_line
from coach.plan import Plan, Prescription, facts
from coach.plan.differences import since
from coach.plan.writing import written
from coach.signs import visible
from coach.store import locks, people
from coach.store.engine import reading
from coach.store.people import KeptPlan
from coach.store.tables import Person, key
from config.messages import catalogue


def show(version: int | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        kept = people.every_version(session, person)
        holds = people.in_force(kept, now.astimezone(ZoneInfo(person.timezone)).date())
        lock = locks.holding(session, key(person), now)
    wanted = (holds or kept[-1]) if version is None else people.of_number(kept, version, person)
    if as_json:
        print_json(shapes.plan_in_full(wanted, holds, lock))
        return
    for line in _headed(wanted, holds, kept):
        out.print(line, soft_wrap=True)
    if lock is not None:
        out.print(Text(lock_line(lock, person), "bold red"), soft_wrap=True)
    out.print(_items(wanted.plan))
    for item in wanted.plan.prescriptions:
        out.print(Text(_remarks(item), "dim"), soft_wrap=True)
    for restriction in wanted.plan.restrictions:
        out.print(Text(f"Left out: {visible(restriction.reason)}"))
    out.print(Text("\nSources", "bold"))
    for code, citation in wanted.plan.sources.items():
        out.print(Text(f"  {visible(code)}: {visible(citation)}", "dim"))


def history(who: str | None, *, as_json: bool) -> None:
    with reading(open_app().engine) as session:
        person = people.find_person(session, who)
        kept = people.every_version(session, person)
    before = {each.version: earlier.plan for earlier, each in pairwise(kept)}
    changed = {each.version: since(before.get(each.version), each.plan) for each in kept}
    if as_json:
        print_json([shapes.plan_version(each, changed[each.version]) for each in kept])
        return
    for each in reversed(kept):
        by = f", set by {visible(each.plan.set_by)}" if each.plan.set_by else ""
        easy = ", an easy week" if each.plan.easy else ""
        at = when(each.set_at, ZoneInfo(person.timezone))
        out.print(Text(f"Version {each.version}, from {each.plan.starts_on:%a %Y-%m-%d}{easy}{by} (kept {at})", "bold"))
        for difference in changed[each.version]:
            out.print(Text(f"  {visible(str(difference))}"), soft_wrap=True)


def export(target: Path | None, version: int | None, who: str | None) -> None:
    with reading(open_app().engine) as session:
        person = people.find_person(session, who)
        kept = people.every_version(session, person)
    wanted = kept[-1] if version is None else people.of_number(kept, version, person)
    text = written(wanted.plan, title_of(wanted, person))
    if target is None:
        sys.stdout.write(text)
    else:
        write_whole(target, text)
        err.print(f"Written to {target}.")


def title_of(kept: KeptPlan, person: Person) -> str:
    return f"The plan of {person.name}, version {kept.version}, from {kept.plan.starts_on}"


def _headed(wanted: KeptPlan, holds: KeptPlan | None, kept: list[KeptPlan]) -> Iterator[Text]:
    plan = wanted.plan
    state = "locked: no diagnosis is recorded" if plan.locked else f"step {plan.step}"
    title = f"{plan.condition.replace('_', ' ')}, version {wanted.version} from {plan.starts_on}, {state}"
    yield Text(title[:1].upper() + title[1:], "bold")
    if plan.easy:
        yield Text("An easy week, after which the dose before returns.")
    if wanted != holds:
        yield Text("This version is not in force today." if holds else "This version has yet to start.")
    if wanted == holds and kept[-1].plan.starts_on > plan.starts_on:
        yield Text(f"Version {kept[-1].version} follows from {kept[-1].plan.starts_on:%A, %Y-%m-%d}.")
    if plan.set_by:
        yield Text(f"Set by {visible(plan.set_by)}.")
    if plan.is_example:
        yield Text(catalogue().text("about.example_plan"))
        yield Text(catalogue().text("about.evidence"), "dim")


def _items(plan: Plan) -> Table:
    listed = table("item", "role", ">a week", ">up to", "from", "when")
    asked = {item.exercise for item in plan.items}
    for item in plan.prescriptions:
        waits = "once the heat questions are clear" if item.from_step <= plan.step else f"step {item.from_step}"
        listed.add_row(
            facts(item.exercise).one + (f" (inside a {facts(item.nested_in).one})" if item.nested_in else ""),
            item.role,
            f"{item.dose.sessions} x {item.dose.minutes} min",
            f"{item.ceiling.sessions} x {item.ceiling.minutes} min",
            "now" if item.exercise in asked else waits,
            item.agreed or "as it suits",
        )
    return listed


def _remarks(item: Prescription) -> str:
    """What the table has no room for, and where its numbers are from."""
    said = [
        item.note,
        _up_to(item.max_minutes, "min at a time"),
        _up_to(item.max_distance_m, "m"),
        _up_to(item.max_intensity, "effort"),
        f"Days of rest in between: {item.rest_days}." if item.rest_days else None,
        "Nothing stands in for it." if item.no_substitute else None,
    ]
    sources = f" ({', '.join(item.source)})" if item.source else ""
    return visible(f"{facts(item.exercise).one}: {' '.join(filter(None, said))}{sources}".replace(":  (", " ("))


def _up_to(most: object, what: str) -> str | None:
    return None if most is None else f"At most {most} {what}."
