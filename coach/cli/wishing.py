"""`coach nudges rules`, `on`, `off` and `snooze`: what a person wants to hear."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rich.text import Text
from sqlmodel import Session

from coach import shapes, wishing
from coach.app import open_app
from coach.cli.output import out, print_json, table
from coach.errors import UsageError
from coach.nudges import RULES, Rule
from coach.nudges.wishes import Wish, Wishes
from coach.store import people, preferences
from coach.store.engine import reading
from coach.store.tables import Person, key


def listed(who: str | None, *, as_json: bool) -> None:
    app = open_app()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        wishes = preferences.wishes(session, key(person))
    now, zone = app.clock(), ZoneInfo(person.timezone)
    if as_json:
        print_json([shapes.rule(rule, wishes, now) for rule in RULES.values()])
        return
    made = table("rule", "what", "kind", "you hear of it")
    for rule in RULES.values():
        made.add_row(rule.id, rule.name, str(rule.kind).replace("_", " "), Text(_heard(rule, wishes, now, zone)))
    out.print(made)


def off(code: str, who: str | None, *, as_json: bool) -> None:
    rule = wishing.rule_of(code)
    _kept(rule, who, lambda session, person: wishing.turn_off(session, person, rule), as_json=as_json)


def on(code: str, at: time | None, who: str | None, *, as_json: bool) -> None:
    rule = wishing.rule_of(code)
    _kept(rule, who, lambda session, person: wishing.turn_on(session, person, rule, at), as_json=as_json)


def snooze(code: str, until: date | None, days: int | None, who: str | None, *, as_json: bool) -> None:
    rule = wishing.rule_of(code)
    if (until is None) == (days is None):
        raise UsageError("For how long? Give either --until DATE or --days N.")
    now = open_app().clock()

    def sleep(session: Session, person: Person) -> None:
        today = now.astimezone(ZoneInfo(person.timezone)).date()
        wishing.put_to_sleep(session, person, rule, until or today + timedelta(days=days or 0), now)

    _kept(rule, who, sleep, as_json=as_json)


def _kept(rule: Rule, who: str | None, change: Callable[[Session, Person], None], *, as_json: bool) -> None:
    app = open_app()
    with people.changing(app.engine, who) as (session, person):
        change(session, person)
        wishes = preferences.wishes(session, key(person))
    now = app.clock()
    if as_json:
        print_json(shapes.rule(rule, wishes, now))
    else:
        out.print(Text(f"{rule.id} ({rule.name}): {_heard(rule, wishes, now, ZoneInfo(person.timezone))}."))


def _heard(rule: Rule, wishes: Wishes, now: datetime, zone: ZoneInfo) -> str:
    if rule.urgent:
        return "always"
    wish = wishes.by_rule.get(rule.id, Wish())
    why = wishes.against(rule.id, now, opt_in=rule.opt_in)
    if why is None:
        return "yes" if wish.at is None else f"yes, {_time_of_day(wish.at, now, zone)}"
    if why == "snoozed" and wish.snoozed_until is not None:
        return f"again from {wish.snoozed_until.astimezone(zone):%A, %Y-%m-%d} on"
    return f"no: {why}"


def _time_of_day(chosen: time, now: datetime, zone: ZoneInfo) -> str:
    allowed = wishing.goes_out_at(chosen, now, zone)
    if allowed == chosen:
        return f"at {chosen:%H:%M}"
    return f"at {allowed:%H:%M}, when quiet hours end: {chosen:%H:%M} is one of them"
