"""Less of a kind of message: off, asleep for a week, or on again. The subject is the rules, `R4` or `R4+R8`.

`off` is what a mail program's own button presses as well (RFC 8058).
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from coach.errors import ConflictError
from coach.replies.model import Asked, Done, Form, Given, Onward, Reply
from coach.store import preferences
from coach.store.tables import key
from config.messages.calendar import weekday, whole
from scheduler.clock import local_instant

_SLEEPS: Final = timedelta(days=7)
_APART: Final = "+"


def about(*rules: str) -> str:
    """The subject of these rules."""
    return _APART.join(rules)


def _off(session: Session, person_id: int, rule: str, until: datetime) -> None:
    del until
    preferences.turn_off(session, person_id, rule)


def _on(session: Session, person_id: int, rule: str, until: datetime) -> None:
    del until
    preferences.turn_on(session, person_id, rule)


def _reply(kind: str, turn: Callable[[Session, int, str, datetime], None], onward: str) -> Reply:
    def ask(asked: Asked) -> Form:
        return Form(
            title=asked.words.text(f"reply.{kind}"),
            button=asked.words.text(f"reply.{kind}_button"),
            lines=tuple(asked.words.text(f"rule_name.{rule}") for rule in _rules(asked)),
        )

    def act(asked: Asked, given: Given) -> Done:
        del given
        day = asked.now.astimezone(asked.zone).date() + _SLEEPS
        for rule in _rules(asked):
            turn(asked.session, key(asked.person), rule, local_instant(day, time(0), asked.zone))
        until = f"{weekday(day, asked.words)}, {whole(day, asked.words)}"
        return Done(
            lines=(asked.words.text(f"reply.noted_{kind}", until=until),),
            onward=(Onward(asked.words.text(f"reply.to_{onward}"), onward, asked.subject),),
        )

    return Reply(kind, ask, act)


def _rules(asked: Asked) -> list[str]:
    known = asked.words.names("rule_name")
    rules = [rule for rule in asked.subject.split(_APART) if rule in known]
    if not rules:
        raise ConflictError(asked.words.text("reply.nothing_open"))
    return rules


OFF: Final = _reply("off", _off, "on")
SNOOZE: Final = _reply("snooze", preferences.snooze, "on")
ON: Final = _reply("on", _on, "off")
