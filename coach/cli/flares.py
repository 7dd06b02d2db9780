"""`coach flare`: it begins, it ends, and what could be done meanwhile."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import flaring, shapes
from coach.app import App, open_app
from coach.checking_in import flare_episodes, instant
from coach.cli.output import out, print_json, when
from coach.errors import UsageError
from coach.locks import lock_line
from coach.plan import Plan, facts, thresholds
from coach.progression import flare as flare_form
from coach.safety.flares import Ending, Episode, concerns, current
from coach.safety.model import Lock
from coach.store import locks, people
from coach.store.engine import reading
from coach.store.tables import Person, key
from coach.weeks import day_of
from config.messages import catalogue


def run(step: str, at: datetime | None, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    now = app.clock()
    if step != "show":
        _change(app, step, at, who, now)
    elif at is not None:
        raise UsageError("--at says when a flare began or ended; give it with `start` or `end`.")
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        found = flare_episodes(session, person, now)
        version = people.plan_on(session, key(person), day_of(now, ZoneInfo(person.timezone)))
        lock = locks.holding(session, key(person), now)
    plan = None if version is None else version[1]
    if as_json:
        print_json(_shape(found, plan, person, lock, now))
        return
    for line in _lines(found, plan, person, lock, now):
        out.print(Text(line))


def _change(app: App, step: str, said: datetime | None, who: str | None, now: datetime) -> None:
    with people.changing(app.engine, who) as (session, person):
        at = now if said is None else instant(said, ZoneInfo(person.timezone))
        (flaring.start if step == "start" else flaring.end)(session, person, at, now)


def _lines(
    found: Sequence[Episode], plan: Plan | None, person: Person, lock: Lock | None, now: datetime
) -> Iterator[str]:
    zone, told, lasting = ZoneInfo(person.timezone), catalogue(), current(found)
    if lasting is None:
        yield _ended(found, zone)
    else:
        day = lasting.day_number(day_of(now, zone))
        yield f"A flare since {when(lasting.flare.began_at, zone)}: day {day}."
    if lock is not None:
        yield lock_line(lock, person)
    elif lasting is not None and plan is not None and not plan.locked:
        yield told.text("flare.excused")
        yield from _form(plan)
        yield told.text("flare.ends_on_word" if lasting.baseline is None else "flare.ends")
    for concern in concerns(found, now, zone):
        yield told.text(f"flare.{concern}")


def _ended(found: Sequence[Episode], zone: ZoneInfo) -> str:
    if not found:
        return "No flare is going on. `coach flare start` says that one has begun."
    last = found[-1]
    assert last.ended_at is not None  # noqa: S101  (none lasts)
    key_of = "flare.ended_mornings" if last.ended_by is Ending.MORNINGS else "flare.ended_word"
    return f"{when(last.ended_at, zone)}: {catalogue().text(key_of)}"


def _form(plan: Plan) -> Iterator[str]:
    items = flare_form(plan).items
    for item in items:
        many = facts(item.exercise).many
        yield "  " + catalogue().text(
            "flare.item",
            exercises=many[:1].upper() + many[1:],
            sessions=item.dose.sessions,
            minutes=item.dose.minutes,
            bout=thresholds().flare.bout_minutes,
        )
    if not items:
        yield "  " + catalogue().text("flare.none")


def _shape(
    found: Sequence[Episode], plan: Plan | None, person: Person, lock: Lock | None, now: datetime
) -> shapes.Shape:
    zone, lasting = ZoneInfo(person.timezone), current(found)
    today = day_of(now, zone)
    is_shown = lasting is not None and lock is None and plan is not None and not plan.locked
    return {
        "flare": None if lasting is None else shapes.flare(lasting, today),
        "before": [shapes.flare(each, today) for each in found if each is not lasting],
        "items": [
            {
                "activity": item.exercise,
                "planned_sessions": item.dose.sessions,
                "planned_minutes": item.dose.minutes,
                "bout_minutes": thresholds().flare.bout_minutes,
            }
            for item in (flare_form(plan).items if is_shown and plan is not None else ())
        ],
        "contact_clinician": [catalogue().text(f"flare.{each}") for each in concerns(found, now, zone)],
        "locked": lock is not None,
    }
