"""How much is said, and what is said together: limits, thinning, one message of several (clinical rules, section 9)."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Final, TypeVar

from coach.summary.letter import with_notes
from scheduler.channels.markup import buttons, paragraphs
from scheduler.messages import Due, Kind, Message
from scheduler.slots import Limit, Per

T = TypeVar("T")

LIMITS: Final = (
    Limit("any", frozenset(Kind), Per.DAY, 2, "two messages went out today already"),
    Limit("motivation", frozenset({Kind.MOTIVATION}), Per.DAY, 1, "one of this kind went out today already"),
    Limit("motivation-week", frozenset({Kind.MOTIVATION}), Per.WEEK, 4, "four of this kind went out this week already"),
)
"""R0 is urgent, and counts for none of them."""

IGNORED_TIMES: Final = 3
"""So many in a row without a reply, and every second is left out."""

CAN_REPLY: Final = frozenset({"email", "ntfy"})
"""Channels on which a link is pressed as soon as it is read; on the others, or without links, silence says nothing."""

_FEWER_FROM_WEEK: Final = 7


def thinned(ordinal: int, *, ignored: bool, week: int) -> str | None:
    """Why a motivation nudge is left out; None where it is not.

    Args:
        ordinal: how many of the kind came before it.
        ignored: the last three had no reply.
        week: of the plan, the first is 1.
    """
    if ignored and ordinal % 2:
        return "the last ones had no reply, so every second one is left out"
    if week >= _FEWER_FROM_WEEK and ordinal % 3 == 2:  # noqa: PLR2004  (every third)
        return "from the seventh week on every third one is left out"
    return None


def week_of_plan(began: date, today: date) -> int:
    """Calendar weeks since the first plan began, the first is 1."""
    return (today - began).days // 7 + 1


def merged(parts: Sequence[tuple[Due, Message]]) -> Message:
    """One message of several, in their order; a page stays whole, at the end, and gives the title.

    What can be answered, shown or taken along comes together, each once. Only a page keeps its way to unsubscribe, for
    the message bears its name: of several notes under one title nobody could tell which one a click would end.
    """
    messages = [message for _, message in parts]
    page = next((each for each in reversed(messages) if each.html is not None), None)
    others = [each for each in messages if each is not page]
    in_order = [*others, *([page] if page else [])]
    notes = "".join(paragraphs(each.text) + buttons(each.actions) for each in others)
    return Message(
        title=(page or messages[0]).title,
        text="\n\n".join(each.text for each in in_order),
        html=with_notes(page.html, notes) if page is not None and page.html else None,
        actions=_each_once(each.actions for each in in_order),
        pictures=_each_once(each.pictures for each in in_order),
        attachments=_each_once(each.attachments for each in in_order),
        unsubscribe_url=page.unsubscribe_url if page is not None else None,
        language=next((each.language for each in in_order if each.language), None),
    )


def _each_once(found: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(found)))
