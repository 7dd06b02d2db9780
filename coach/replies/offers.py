"""What can be answered to a message: by its rule, as links."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from coach.replies import pain, step, wishing
from coach.replies.links import Links
from coach.replies.model import Link
from coach.weeks import IsoWeek
from config.messages import Messages
from scheduler.messages import Action, Due

# Long enough for a mail that is found after the holidays; what it does can be undone.
WISHES_LAST: Final = timedelta(days=60)
_LASTS: Final = timedelta(days=7)


def _until_too_late(due: Due) -> datetime:
    return due.expires_at or due.due_at + _LASTS


def _until_the_next_closes(due: Due) -> datetime:
    return IsoWeek.parse(due.period).next.ends_at(due.zone)


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of answer that a rule's message has room for; `subject` makes its subject of the nudge."""

    kind: str
    label: str
    subject: Callable[[Due], str]
    choices: tuple[str, ...] = ()
    until: Callable[[Due], datetime] = _until_too_late


def _day(due: Due) -> str:
    return due.due_at.astimezone(due.zone).date().isoformat()


_PAIN_AFTER: Final = Offer("pain", "reply.action_pain", lambda due: pain.after(due.period), pain.SCALE)
_PAIN_MORNING: Final = Offer("pain", "reply.action_pain", lambda due: pain.in_the_morning(due.period), pain.SCALE)
_DONE: Final = Offer("done", "reply.to_done", _day)
_FLARE: Final = Offer("flare", "reply.to_flare", _day)
_SIGNS: Final = Offer("signs", "reply.to_signs", _day)
_STEPS: Final = tuple(
    Offer("step", f"reply.step_{answer}", lambda due: due.period, (answer,), _until_the_next_closes)
    for answer in step.ANSWERS
)
"""The same links in each message of a week: merged, they are there once."""

_OFFERS: Final[Mapping[str, tuple[Offer, ...]]] = MappingProxyType(
    {
        "R1": (_PAIN_AFTER, _SIGNS),
        "R2": (_PAIN_MORNING, _FLARE),
        "R3": (_DONE,),
        "R4": (_DONE,),
        "R5": (_SIGNS, _FLARE),
        "R8": (_DONE,),
        "R10": _STEPS,
        "R12": (_FLARE,),
    }
)
"""What is not here offers only less of its kind."""


def asks(rule: str) -> bool:
    """Whether there are links for what a rule asks."""
    return rule in _OFFERS


def actions(due: Due, links: Links, words: Messages) -> tuple[Action, ...]:
    """The links of a message, the most useful first; R0 has none: there is nothing to choose."""
    return tuple(_actions(due, links, words))


def unsubscribe_url(due: Due, links: Links) -> str | None:
    """What a mail program's own button presses (RFC 8058); R0 cannot be turned off."""
    return None if due.urgent else links.url(_link(due, "off", wishing.about(due.rule), WISHES_LAST))


def steps(due: Due, links: Links, words: Messages) -> tuple[Action, ...]:
    """The answers to a step on offer, for the page that shows it."""
    return tuple(_action(each, due, links, words) for each in _STEPS)


def _actions(due: Due, links: Links, words: Messages) -> Iterator[Action]:
    if due.urgent:
        return
    for offer in _OFFERS.get(due.rule, ()):
        yield _action(offer, due, links, words)
    for kind in ("snooze", "off"):
        link = _link(due, kind, wishing.about(due.rule), WISHES_LAST)
        what = words.text(f"rule_name.{due.rule}")
        yield Action(words.text(f"reply.action_{kind}", what=what), links.url(link), aside=True)


def _action(offer: Offer, due: Due, links: Links, words: Messages) -> Action:
    nudge_id = None if offer in _STEPS else due.nudge_id
    url = links.url(Link(int(due.recipient_id), offer.kind, offer.subject(due), offer.until(due), nudge_id))
    if len(offer.choices) == 1:
        return Action(words.text(offer.label), f"{url}/{offer.choices[0]}")
    return Action(words.text(offer.label), url, offer.choices)


def _link(due: Due, kind: str, subject: str, lasts: timedelta) -> Link:
    return Link(int(due.recipient_id), kind, subject, due.due_at + lasts, due.nudge_id)
