"""Tokens for devices and other programs: what one may do is written on it, and it ends on a day."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from coach.errors import CoachError, UsageError
from coach.signs import visible
from coach.store import tokens
from coach.store.access import What, note
from coach.store.tables import Person, key
from coach.store.tokens import AccessToken

DAYS: Final = (30, 90, 365)
"""For how long one can be good."""

LONGEST_NAME: Final = 80
MOST: Final = 50
"""Of one person: a device or a program each."""

# By these a leaked one is known for what it is.
_PREFIX: Final = "coach_"
# Not every look is worth a write.
_NOTED_EVERY: Final = timedelta(hours=1)


class Scope(StrEnum):
    """What a token lets its program do, and nothing else."""

    READ = "read"  # sessions, weeks, check-ins and messages
    PLAN = "plan"  # read the plan and its versions
    UPLOAD = "upload"  # bring files, and ask whether they are there
    CHECK_IN = "check-in"  # say how it is
    LABEL = "label"  # say what a session was


class UnknownTokenError(CoachError):
    """It is nobody's, was revoked or has expired."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that has shown a token, and in whose name it asks."""

    token_id: int
    person: Person
    scopes: frozenset[str]
    expires_at: datetime
    is_to_be_noted: bool


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was just made. The text of it is nowhere else."""

    row: AccessToken
    token: str = field(repr=False)


def issue(session: Session, person_id: int, name: str, scopes: Iterable[str], days: int, now: datetime) -> Issued:
    """Make one.

    Raises:
        UsageError: the first thing that cannot be meant, in a sentence.
    """
    tidy, wanted = visible(" ".join(name.split())), tuple(dict.fromkeys(scopes))
    unknown = [each for each in wanted if each not in tuple(Scope)]
    if not tidy or len(tidy) > LONGEST_NAME:
        raise UsageError(f"A token has a name of up to {LONGEST_NAME} characters: of the device that it is for.")
    if not wanted or unknown:
        raise UsageError(f"A token is for at least one of: {', '.join(Scope)}.")
    if days not in DAYS:
        raise UsageError(f"A token is good for {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days.")
    if len(tokens.of_person(session, person_id)) >= MOST:
        raise UsageError(f"There are {MOST} tokens already. Remove one that is no longer used.")
    token = f"{_PREFIX}{secrets.token_urlsafe(32)}"
    row = AccessToken(
        person_id=person_id,
        name=tidy,
        token_sha256=_sha256(token),
        scopes=[each for each in Scope if each in wanted],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    note(session, What.TOKEN_MADE, person_id, now)
    session.flush()
    return Issued(row, token)


def recognised(session: Session, token: str, now: datetime) -> Bearer:
    """
    Raises:
        UnknownTokenError: it lets nobody in.
    """
    found = tokens.good(session, _sha256(token), now)
    if found is None:
        raise UnknownTokenError("This token is not known here, was removed, or has expired.")
    row, person = found
    is_due = row.used_at is None or now - row.used_at >= _NOTED_EVERY
    return Bearer(key(row), person, frozenset(row.scopes), row.expires_at, is_due)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
