"""What a person wants to hear of: rules turned on, off and put to sleep. For every face."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from coach.errors import UsageError
from coach.nudges import RULES, Rule
from coach.safety.mornings import is_in_morning
from coach.signs import visible
from coach.store import preferences
from coach.store.tables import Person, key
from scheduler.clock import QuietHours, local_instant

HAS_A_TIME: Final = "R2"
"""The rule whose time a person may choose."""


def rule_of(code: str) -> Rule:
    """A rule that takes wishes.

    Raises:
        UsageError: there is none such, or it tells of warning signs.
    """
    rule = RULES.get(code.strip().upper())
    if rule is None:
        raise UsageError(f"There is no rule '{visible(code)}'. Known: {', '.join(RULES)}.")
    if rule.urgent:
        raise UsageError(f"{rule.id} tells of warning signs: it cannot be turned off, and takes no time of its own.")
    return rule


def turn_on(session: Session, person: Person, rule: Rule, at: time | None = None) -> None:
    """Wanted, and not asleep any more; `at` None leaves its time as it was.

    Raises:
        UsageError: it takes no time, or not this one.
    """
    if at is not None and rule.id != HAS_A_TIME:
        raise UsageError(f"{rule.id} has no time of its own to choose. --at is for {HAS_A_TIME}.")
    if at is not None and not is_in_morning(at):
        raise UsageError(f"{at:%H:%M} is not in the morning: {HAS_A_TIME} asks between 04:00 and 12:00.")
    preferences.turn_on(session, key(person), rule.id, at)


def turn_off(session: Session, person: Person, rule: Rule) -> None:
    preferences.turn_off(session, key(person), rule.id)


def put_to_sleep(session: Session, person: Person, rule: Rule, until: date, now: datetime) -> None:
    """Silent until a local day begins.

    Raises:
        UsageError: that day is not to come, or the rule is silent anyway.
    """
    zone = ZoneInfo(person.timezone)
    if until <= now.astimezone(zone).date():
        raise UsageError(f"{until} is not in the future: nothing would be silent.")
    if rule.opt_in and preferences.wishes(session, key(person)).against(rule.id, now, opt_in=True):
        raise UsageError(f"{rule.id} is not on: there is nothing to put to sleep.")
    preferences.snooze(session, key(person), rule.id, local_instant(until, time(0), zone))


def goes_out_at(chosen: time, now: datetime, zone: ZoneInfo) -> time:
    """What is chosen within quiet hours waits for their end."""
    asked = local_instant(now.astimezone(zone).date(), chosen, zone)
    return QuietHours().next_allowed(asked, zone).astimezone(zone).time()
