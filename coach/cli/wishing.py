"""`coach nudges rules`, `on`, `off` and `snooze`: what a person wants to hear."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rich.text import Text
from sqlmodel import Session

from coach import shapes
from coach.app import open_app
from coach.cli.output import out, print_json, table
from coach.errors import UsageError
from coach.nudges import RULES, Rule
from coach.nudges.wishes import Wish, Wishes
from coach.safety.mornings import is_in_morning
from coach.signs import visible
from coach.store import people, preferences
from coach.store.engine import reading
from coach.store.tables import Person, key
from scheduler.clock import QuietHours, local_instant

_HAS_A_TIME = "R2"


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
    rule = _rule(code)

    def turn(session: Session, person: Person) -> None:
        preferences.turn_off(session, key(person), rule.id)

    _kept(rule, who, turn, as_json=as_json)


def on(code: str, at: time | None, who: str | None, *, as_json: bool) -> None:
    rule = _rule(code)
    if at is not None and rule.id != _HAS_A_TIME:
        raise UsageError(f"{rule.id} has no time of its own to choose. --at is for {_HAS_A_TIME}.")
    if at is not None and not is_in_morning(at):
        raise UsageError(f"{at:%H:%M} is not in the morning: {_HAS_A_TIME} asks between 04:00 and 12:00.")

    def turn(session: Session, person: Person) -> None:
        preferences.turn_on(session, key(person), rule.id, at)

    _kept(rule, who, turn, as_json=as_json)


def snooze(code: str, until: date | None, days: int | None, who: str | None, *, as_json: bool) -> None:
    rule = _rule(code)
    if (until is None) == (days is None):
        raise UsageError("For how long? Give either --until DATE or --days N.")
    now = open_app().clock()

    def sleep(session: Session, person: Person) -> None:
        zone = ZoneInfo(person.timezone)
        today = now.astimezone(zone).date()
        last = until or today + timedelta(days=days or 0)
        if last <= today:
            raise UsageError(f"{last} is not in the future: nothing would be silent.")
        if rule.opt_in and preferences.wishes(session, key(person)).against(rule.id, now, opt_in=True):
            raise UsageError(f"{rule.id} is not on: there is nothing to put to sleep.")
        preferences.snooze(session, key(person), rule.id, local_instant(last, time(0), zone))

    _kept(rule, who, sleep, as_json=as_json)


def _rule(code: str) -> Rule:
    rule = RULES.get(code.strip().upper())
    if rule is None:
        raise UsageError(f"There is no rule '{visible(code)}'. Known: {', '.join(RULES)}.")
    if rule.urgent:
        raise UsageError(f"{rule.id} tells of warning signs: it cannot be turned off, and takes no time of its own.")
    return rule


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
    """When it goes out: what is chosen within quiet hours waits for their end."""
    asked = local_instant(now.astimezone(zone).date(), chosen, zone)
    allowed = QuietHours().next_allowed(asked, zone)
    if allowed == asked:
        return f"at {chosen:%H:%M}"
    return f"at {allowed.astimezone(zone):%H:%M}, when quiet hours end: {chosen:%H:%M} is one of them"
