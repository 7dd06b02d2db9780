"""What a person hears of, rule by rule: on, off, silent for a week, and when the morning's question suits."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from fastapi import APIRouter, Response

from coach import wishing
from coach.errors import NotFoundError, UsageError
from coach.nudges import RULES, Rule
from coach.nudges.wishes import Wish, Wishes
from coach.store import preferences
from coach.store.tables import key
from coach.web.forms import Form, Keeping, keeping
from coach.web.messages import about
from coach.web.moments import day_in_words
from coach.web.visit import Own, Visit

router: Final = APIRouter()

_PATH: Final = "/messages/rules"
_SLEEPS: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule: what can be done about it now. `at` is there where its time can be chosen."""

    code: str
    name: str
    heard: str
    can: tuple[str, ...]
    at: str | None = None


@router.get(_PATH)
def rules(visit: Own) -> Response:
    with visit.reading() as session:
        wishes = preferences.wishes(session, key(visit.me))
    return visit.page("rules.html.j2", rules=[_line(visit, rule, wishes) for rule in RULES.values()], wrong=None)


@router.post(_PATH + "/{code}")
def wished(visit: Own, code: str, form: Form) -> Response:
    try:
        rule = wishing.rule_of(code)
    except UsageError:
        raise NotFoundError(code) from None
    try:
        with keeping(visit, form, _PATH) as kept:
            _do(visit, rule, form.text("do"), form.text("time"), kept)
            kept.lines.append(visit.say("rules.noted", what=about(visit, rule.id)))
    except UsageError:
        with visit.reading() as session:
            wishes = preferences.wishes(session, key(visit.me))
        lines = [_line(visit, each, wishes, form.text("time") if each is rule else None) for each in RULES.values()]
        return visit.page("rules.html.j2", 422, rules=lines, wrong=visit.say("rules.wrong"))
    return visit.to(kept.address)


def _do(visit: Visit, rule: Rule, asked: str, at: str, kept: Keeping) -> None:
    """
    Raises:
        UsageError: that cannot be done with it.
    """
    me = kept.me(visit)
    match asked:
        case "off":
            wishing.turn_off(kept.session, me, rule)
        case "on":
            wishing.turn_on(kept.session, me, rule, _time(at))
        case "snooze":
            day = visit.now.astimezone(visit.zone).date() + _SLEEPS
            wishing.put_to_sleep(kept.session, me, rule, day, visit.now)
        case _:
            raise UsageError(asked)


def _time(text: str) -> time | None:
    """
    Raises:
        UsageError: it is none.
    """
    try:
        return datetime.strptime(text, "%H:%M").time() if text else None  # noqa: DTZ007  (a time of day)
    except ValueError:
        raise UsageError(text) from None


def _line(visit: Visit, rule: Rule, wishes: Wishes, typed: str | None = None) -> Line:
    wish = wishes.by_rule.get(rule.id, Wish())
    name = about(visit, rule.id)
    if rule.urgent:
        return Line(rule.id, name, visit.say("rules.always"), ())
    silent = wishes.against(rule.id, visit.now, opt_in=rule.opt_in)
    at = typed or f"{wish.at or rule.at[0]:%H:%M}" if rule.id == wishing.HAS_A_TIME else None
    if silent is None:
        return Line(rule.id, name, _heard(visit, wish), ("snooze", "off"), at)
    if silent == "snoozed" and wish.snoozed_until is not None:
        until = visit.say("rules.again", day=day_in_words(visit, wish.snoozed_until))
        return Line(rule.id, name, until, ("on", "off"), at)
    return Line(rule.id, name, visit.say("rules.waits" if rule.opt_in and not wish.off else "rules.off"), ("on",), at)


def _heard(visit: Visit, wish: Wish) -> str:
    if wish.at is None:
        return visit.say("rules.on")
    goes_out = wishing.goes_out_at(wish.at, visit.now, visit.zone)
    return visit.say("rules.on_at" if goes_out == wish.at else "rules.on_later", at=f"{goes_out:%H:%M}")
