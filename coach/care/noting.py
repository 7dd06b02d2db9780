"""What a clinician notes of a person; both read it."""

import re
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from coach.care.looking import log
from coach.errors import NotFoundError, UsageError
from coach.signs import UNSEEN
from coach.store.access import What
from coach.store.accounts import Account
from coach.store.care import CareNote

LONGEST: Final = 4_000
TAKEN_BACK_WITHIN: Final = timedelta(days=1)
"""A slip is seen on the day; what stood for longer has been read."""

_LINES: Final = re.compile(r"\r\n|\r|\t")


def note(session: Session, account: Account, person_id: int, text: str, now: datetime) -> None:
    """Keep a note.

    Raises:
        UsageError: it is empty, too long, or holds characters that are not seen.
    """
    said = _LINES.sub(lambda found: " " if found[0] == "\t" else "\n", text).strip()
    if not said or len(said) > LONGEST or UNSEEN.search(said.replace("\n", "")):
        raise UsageError(f"A note has 1 to {LONGEST} characters, all of which are seen.")
    who = account.name or account.email
    session.add(CareNote(person_id=person_id, account_id=account.id, who=who, at=now, text=said))
    log(session, account, person_id, What.NOTED, now)


def can_take_back(note: CareNote, account_id: int, now: datetime) -> bool:
    return note.account_id == account_id and now - note.at <= TAKEN_BACK_WITHIN


def take_back(session: Session, account_id: int, person_id: int, number: int, now: datetime) -> None:
    """
    Raises:
        NotFoundError: there is no such note of that account and person, or it is older than a day.
    """
    found = session.get(CareNote, number)
    if found is None or found.person_id != person_id or not can_take_back(found, account_id, now):
        raise NotFoundError("There is no note of yours of that number that can be taken back.")
    session.delete(found)
