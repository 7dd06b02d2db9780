"""The values that pass between a rule that has something to say and the channel that says it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduler.ids import Id, as_uuid

_URL: Final = re.compile(r"https?://[!-~]+")
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
"""What may stand in a header or a link as it is: nothing that is not seen, and no other scheme."""


def _checked(pattern: re.Pattern[str], text: str, what: str) -> None:
    if not pattern.fullmatch(text):
        raise ValueError(f"This cannot be {what} of a message.")  # never repeated: a link is a secret


class Policy(StrEnum):
    """What to do when a message may or may not have gone out."""

    RESEND = "resend"  # again, with the same Message-ID: better twice than never (safety, check-ins, summaries)
    NEVER_TWICE = "never_twice"  # leave it as unknown: better never than twice (motivation)


class Kind(StrEnum):
    """What a nudge is for. Limits are set on kinds (clinical rules, section 9)."""

    SAFETY = "safety"
    CHECK_IN = "check_in"
    ASKED_FOR = "asked_for"
    SUMMARY = "summary"
    MOTIVATION = "motivation"


@dataclass(frozen=True, slots=True)
class Action:
    """What can be answered: a link to a page that asks once more before it does anything.

    With `choices` each is a link of its own, `url/choice`; a channel with little room gives the one to `url`, where
    all are to choose from. One that is `aside` is no button, but a small link, and is left out where room is scarce.
    """

    label: str
    url: str = field(repr=False)
    choices: tuple[str, ...] = ()
    aside: bool = False

    def __post_init__(self) -> None:
        _checked(_URL, self.url, "a link")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG inside the HTML, which shows it as `cid:NAME`. `paint` makes it, for a channel that shows pictures."""

    name: str
    paint: Callable[[], bytes] = field(repr=False)

    def __post_init__(self) -> None:
        _checked(_NAME, self.name, "the name of a picture")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the text; `media_type` such as `text/calendar; method=PUBLISH`."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _checked(_NAME, self.name, "the name of a file")


@dataclass(frozen=True, slots=True)
class Message:
    """What the person reads; the title is what a lock screen shows. Contents stay out of `repr` and logs.

    `unsubscribe_url` takes a one-click POST (RFC 8058); None: this cannot be unsubscribed from. `language`: the
    code of that which it is written in, for who has it read aloud; None: not told.
    """

    title: str = field(repr=False)
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    actions: tuple[Action, ...] = ()
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str | None = field(default=None, repr=False)
    language: str | None = None

    def __post_init__(self) -> None:
        if not self.title.strip() or len(self.title.splitlines()) > 1:
            raise ValueError("The title of a message is one line, and not empty.")
        if self.unsubscribe_url is not None:
            _checked(_URL, self.unsubscribe_url, "a link")


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Not to be sent: it is no longer true."""

    reason: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Still true, not to be sent: a cap, a pause, an unsubscription."""

    reason: str


class Due(NamedTuple):
    """A nudge whose time has come, as its Prepare sees it. Moments are UTC; `timezone` is the person's.

    Of several in one message, the one with the smallest `rank` comes first. A tuple, for a frozen dataclass of as many
    fields takes five times as long to make, and a sweep makes thousands a second.
    """

    id: Id  # the nudge's
    recipient_id: str
    rule: str
    period: str
    timezone: str
    due_at: datetime
    expires_at: datetime | None
    policy: Policy
    urgent: bool
    kind: Kind = Kind.MOTIVATION
    rank: int = 0

    @property
    def nudge_id(self) -> UUID:
        return as_uuid(self.id)

    @property
    def zone(self) -> ZoneInfo:
        return _zone(self.timezone)


_zone: Final = lru_cache(maxsize=1024)(ZoneInfo)  # its own cache takes four times as long, and each nudge asks


Prepare = Callable[[Due, datetime], Message | Cancelled | Suppressed]
"""Looks again whether a due nudge still holds, and words it; given the moment (UTC).

Called outside the loop's thread and outside any transaction of ours: it may read the database through a
session of its own. One that raises is tried again later.
"""

Merge = Callable[[Sequence[tuple[Due, Message]]], Message]
"""Makes one message of several for the same recipient, given by rank, two or more.

Pure, for it runs inside a transaction.
"""
