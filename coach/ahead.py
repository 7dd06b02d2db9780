"""Letters worded before they are due: what many are to have in the same minute is put into words in the hours before.

Each is worded as of the moment at which it is due, as it would be then: whatever changes meanwhile drops it, and it is
worded anew, in time or just before it is sent.
"""

import json
import logging
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache, partial
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session

from coach.alone import alone
from coach.nudges import RULES
from coach.replies.links import Links
from coach.store import worded
from coach.store.asking import Asked
from coach.store.engine import hold, kept_open, reading, writing
from scheduler.clock import Clock
from scheduler.messages import Action, Attachment, Due, Kind, Message, Picture, Prepare

log = logging.getLogger(__name__)

RULES_AHEAD: Final = frozenset(rule.id for rule in RULES.values() if rule.kind is not Kind.MOTIVATION)
"""Motivation is thinned by what was said and answered meanwhile."""

LONGEST: Final = max(rule.ahead for rule in RULES.values())

GOOD_FOR: Final = timedelta(minutes=30)
"""How long after its moment a letter may go out as it was worded then. By then what the clock alone changes has not."""

_AT_A_TIME: Final = 200
_TOGETHER: Final = 20
_SIZE: Final = 4  # bytes of a length
_PROGRAM: Final = Path(__file__).parents[1]
_PARTS: Final = ("coach", "config", "scheduler")
_TEXTS: Final = {".py", ".toml", ".j2"}


def lacking(session: Session, now: datetime) -> Sequence[int]:
    """The persons for whom something could be worded."""
    return worded.lacking(session, RULES_AHEAD, now, now + LONGEST)


def word_each(
    engine: Engine, prepare: Mapping[str, Prepare], links: Links | None, persons: Sequence[int], clock: Clock
) -> int:
    """Word what is due to these; what is wrong with one of them stops no other. Gives how many letters were kept."""
    some = (persons[start : start + _TOGETHER] for start in range(0, len(persons), _TOGETHER))
    with kept_open(engine):
        return sum(_word(engine, prepare, made_by(links), each, clock()) for each in some)


def _word(engine: Engine, prepare: Mapping[str, Prepare], made: str, persons: Sequence[int], now: datetime) -> int:
    with writing(engine, None) as session:
        for number in sorted(persons):
            hold(session, number)
        reserved = worded.reserve(session, persons, RULES_AHEAD, now, now + LONGEST, made)
    contents = {}
    for token, due in reserved.items():
        with alone(log, "person=%d nothing worded ahead", int(due.recipient_id)):
            said = prepare[due.rule](due, due.due_at)
            if isinstance(said, Message):
                contents[due.nudge_id, token] = _written(said)
    if not contents:
        return 0
    with writing(engine, None) as session:
        return worded.keep(session, contents)


def let_go(engine: Engine, now: datetime) -> None:
    """Delete what has gone out, or is too old to, some at a time."""
    before = now - GOOD_FOR
    while _any(engine, before):
        with writing(engine, None) as session:
            worded.let_go(session, before, _AT_A_TIME)


def _any(engine: Engine, before: datetime) -> bool:
    """Mostly there is nothing to write."""
    with reading(engine) as session:
        return worded.any_of(session, before)


def kept(asked: Asked, due: Due, now: datetime, links: Links | None) -> Message | None:
    """What was worded ahead of it, where that still holds; None otherwise."""
    if due.rule not in RULES_AHEAD or not due.due_at <= now <= due.due_at + GOOD_FOR:
        return None
    content = worded.of(asked, due, made_by(links), now - GOOD_FOR, now)
    return None if content is None else _read(content)


@lru_cache(maxsize=4)
def made_by(links: Links | None) -> str:
    """A name for the whole text of the program, and for what its links are signed with."""
    return f"{_program()}/{'' if links is None else links.mark}"


@cache
def _program() -> str:
    made = sha256()
    for part in _PARTS:
        for path in sorted(each for each in (_PROGRAM / part).rglob("*") if each.suffix in _TEXTS):
            made.update(path.read_bytes())
    return made.hexdigest()[:16]


def _written(message: Message) -> bytes:
    """What is said, packed, and behind it its files as they are: pictures, painted, and attachments."""
    files = [*(each.paint() for each in message.pictures), *(each.content for each in message.attachments)]
    said: dict[str, Any] = {
        "title": message.title,
        "text": message.text,
        "html": message.html,
        "actions": [[each.label, each.url, each.choices, each.aside] for each in message.actions],
        "pictures": [each.name for each in message.pictures],
        "attachments": [[each.name, each.media_type] for each in message.attachments],
        "unsubscribe_url": message.unsubscribe_url,
        "language": message.language,
    }
    head = zlib.compress(json.dumps([said, [len(each) for each in files]], ensure_ascii=False).encode(), 1)
    return b"".join([len(head).to_bytes(_SIZE), head, *files])


def _read(content: bytes) -> Message:
    begin = _SIZE + int.from_bytes(content[:_SIZE])
    said, sizes = json.loads(zlib.decompress(content[_SIZE:begin]))
    ends = [*accumulate(sizes, initial=begin)]
    files = iter([content[start:end] for start, end in pairwise(ends)])
    pictures = tuple(Picture(name, partial(bytes, next(files))) for name in said["pictures"])
    attachments = tuple(Attachment(name, kind, next(files)) for name, kind in said["attachments"])
    actions = tuple(Action(label, url, tuple(choices), aside) for label, url, choices, aside in said["actions"])
    return Message(**said | {"actions": actions, "pictures": pictures, "attachments": attachments})
