"""Messages: what was sent, what is due, what was left unsaid and why; and, where it is asked for, the coming week's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response

from coach.nudges.wording import without_page
from coach.preview import Assume, Held, Said, preview
from coach.store.tables import key
from coach.web.moments import moment_in_words
from coach.web.visit import Own, Visit
from coach.weeks import day_of
from scheduler import outbox
from scheduler.outbox import Entry, State

router: Final = APIRouter()

_SHOWN: Final = 100
_OPEN: Final = frozenset({State.PENDING, State.LEASED})
_AHEAD: Final = timedelta(days=6)
_SUMMARY: Final = "R13"
_COMMAND: Final = re.compile(r"\s*[^.?!]*`coach [^`]*`[^.?!]*[.?!]")
"""A sentence that says what to type: not here, where there are pages."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message, or what was left of it. `week`: the page that it brought."""

    at: str
    about: tuple[str, ...]
    title: str | None = None
    text: str | None = None
    week: str | None = None
    ways: tuple[str, ...] = ()
    state: str | None = None
    why: str | None = None


@router.get("/messages")
def messages(visit: Own) -> Response:
    with visit.reading() as session:
        entries = outbox.history(session, str(key(visit.me)), _SHOWN)
    due = [each for each in reversed(entries) if each.state in _OPEN]
    sent = [each for each in entries if each.state is State.SENT]
    unsaid = [each for each in entries if each.state not in {*_OPEN, State.SENT}]
    return visit.page(
        "messages.html.j2",
        due=[_unsent(visit, each) for each in _each_once(due)],
        sent=[_sent(visit, each) for each in _together(visit, sent)],
        unsaid=[_unsent(visit, each) for each in _each_once(unsaid)],
    )


@router.get("/messages/preview")
def previewed(visit: Own) -> Response:
    """Played in a database of its own, with what the plan asks; nothing of it is kept, and nobody hears of it."""
    visit.site.limits.count("costly", str(visit.account_id))
    last = day_of(visit.now, visit.zone) + _AHEAD
    said, held = preview(visit.app.engine, visit.me, visit.now, last, Assume.PLANNED)
    return visit.page(
        "preview.html.j2",
        said_then=[_foretold(visit, each) for each in said],
        held=[_held_back(visit, each) for each in held],
    )


def about(visit: Visit, rule: str) -> str:
    """What a rule is about."""
    return visit.say("messages.R0" if rule == "R0" else f"rule_name.{rule}")


def why(visit: Visit, reason: str | None) -> str | None:
    """What the outbox notes, in the language; what is not known there (a server's answer) stays as it is."""
    name = f"why.{reason_key(reason or '')}"
    return visit.say(name) if visit.words.own.has(name) else reason


def reason_key(reason: str) -> str:
    """The name of its text."""
    return re.sub(r"[^a-z]+", "_", reason.lower()).strip("_")


def _each_once(entries: Iterable[Entry]) -> list[Entry]:
    """One for all its ways, where they came to the same."""
    return list({(each.rule, each.period, each.state, each.detail): each for each in entries}.values())


def _together(visit: Visit, sent: Iterable[Entry]) -> list[list[Entry]]:
    """What was read as one message, by whichever ways it came."""
    messages: dict[object, list[Entry]] = {}
    for each in sent:
        day = (each.sent_at or each.due_at).astimezone(visit.zone).date()
        said = (each.title, each.text) if each.text is not None else (each.rule, each.period)  # a text may be let go
        messages.setdefault((day, said), []).append(each)
    return list(messages.values())


def _sent(visit: Visit, entries: Sequence[Entry]) -> Line:
    first = entries[0]
    text, has_page = _read(first.text)
    return Line(
        at=moment_in_words(visit, first.sent_at or first.due_at),
        about=tuple(dict.fromkeys(about(visit, each.rule) for each in entries)),
        title=first.title or visit.say("messages.let_go"),
        text=text,
        week=next((each.period for each in entries if each.rule == _SUMMARY), None) if has_page else None,
        ways=tuple(dict.fromkeys(visit.say(f"messages.by_{each.channel}") for each in entries)),
    )


def _read(text: str | None) -> tuple[str, bool]:
    """What a page shows of a message, and whether it had a page of its own."""
    told, has_page = without_page(text or "")
    return _COMMAND.sub("", told), has_page


def _unsent(visit: Visit, each: Entry) -> Line:
    return Line(
        at=moment_in_words(visit, each.due_at),
        about=(about(visit, each.rule),),
        state=visit.say(f"messages.{each.state}"),
        why=why(visit, each.detail),
    )


def _foretold(visit: Visit, said: Said) -> Line:
    text, _ = _read(said.text)
    return Line(
        at=moment_in_words(visit, said.at),
        about=tuple(about(visit, rule) for rule in said.because),
        title=said.title,
        text=text,
    )


def _held_back(visit: Visit, held: Held) -> Line:
    return Line(
        at=moment_in_words(visit, held.at),
        about=(about(visit, held.rule),),
        state=visit.say(f"messages.{held.state}"),
        why=why(visit, held.why),
    )
