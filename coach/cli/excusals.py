"""`coach excuse`: days on which nothing is asked, because somebody said so."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.output import out, print_json, table
from coach.errors import UsageError
from coach.safety.model import Excusal, ExcusalKind
from coach.store import excusals, people
from coach.store.engine import reading
from coach.store.excusals import KeptExcusal
from coach.store.tables import Person, key
from coach.weeks import day_of
from config.messages import catalogue


def run(
    kind: str | None,
    first: date | None,
    last: date | None,
    by: str | None,
    remove: int | None,
    who: str | None,
    *,
    listed: bool,
    as_json: bool,
) -> None:
    told = [each for each in (kind, first, last, by) if each is not None]
    if (bool(told), listed, remove is not None).count(True) > 1:
        raise UsageError("One thing at a time: name the days, or --list them, or --remove one.")
    if told:
        _add(kind, first, last, by, who, as_json=as_json)
    elif remove is not None:
        _remove(remove, who, as_json=as_json)
    else:
        _list(who, as_json=as_json)


def _add(
    kind: str | None, first: date | None, last: date | None, by: str | None, who: str | None, *, as_json: bool
) -> None:
    if kind is None:
        raise UsageError("Why is nothing asked? Say `coach excuse illness` or `coach excuse hold`.")
    app = open_app()
    now = app.clock()
    with people.changing(app.engine, who) as (session, person):
        excusal = Excusal(ExcusalKind(kind), first or _today(person, now), last)
        number = excusals.add(session, key(person), excusal, by, now)
    _tell(KeptExcusal(number, excusal, by and by.strip()), "Noted", as_json=as_json)


def _remove(number: int, who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        kept = excusals.remove(session, key(person), number)
    _tell(kept, "Taken back", as_json=as_json)


def _tell(kept: KeptExcusal, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(shapes.excusal(kept))
    else:
        out.print(Text(f"{what} #{kept.id}: {_reason(kept)}, {_days(kept)}."))


def _list(who: str | None, *, as_json: bool) -> None:
    with reading(open_app().engine) as session:
        person = people.find_person(session, who)
        kept = excusals.kept(session, key(person))
    if as_json:
        print_json([shapes.excusal(each) for each in kept])
    elif not kept:
        out.print("No days are excused. `coach excuse illness --to DATE` excuses some.")
    else:
        listed = table(">id", "why", "days", "said by")
        for each in kept:
            listed.add_row(str(each.id), _reason(each), _days(each), each.said_by or "")
        out.print(listed)


def _reason(kept: KeptExcusal) -> str:
    return catalogue().text(f"excused.{kept.excusal.kind}")


def _days(kept: KeptExcusal) -> str:
    first, last = kept.excusal.first_day, kept.excusal.last_day
    if last is None:
        return f"from {first} until further notice"
    return f"{first}" if first == last else f"{first} to {last}"


def _today(person: Person, now: datetime) -> date:
    return day_of(now, ZoneInfo(person.timezone))
