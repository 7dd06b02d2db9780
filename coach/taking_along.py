"""All that is kept of a person in one file: the record as `coach export` writes it, their account, their originals."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from isal import isal_zlib
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from coach.exchange.archive import archive
from coach.gathering import dossier, first_day_of
from coach.shapes import instant
from coach.store import access, accounts, channels, preferences
from coach.store.engine import reading
from coach.store.tables import Original, Person, key

RECORD: Final = "record.json"
ACCOUNT: Final = "account.json"
ORIGINALS: Final = "originals"
# Of somebody who is looked at ten times a day, more than a hundred years.
_MOST_LINES: Final = 500_000


def write_all(engine: Engine, person_id: int, now: datetime, target: IO[bytes]) -> None:
    """A zip with everything, file by file: no more than one original is in memory at a time."""
    with reading(engine) as session, ZipFile(target, "w", ZIP_DEFLATED) as packed:
        person = session.get_one(Person, person_id)
        today = now.astimezone(ZoneInfo(person.timezone)).date()
        record = archive(dossier(session, person, min(first_day_of(session, person), today), today, now))
        packed.writestr(_entry(RECORD, now), _text(record))
        packed.writestr(_entry(ACCOUNT, now), _text(_account(session, person, now)))
        for name, received_at, content in _originals(session, person_id):
            packed.writestr(_entry(f"{ORIGINALS}/{name}", received_at), content)


def _originals(session: Session, person_id: int) -> Iterator[tuple[str, datetime, bytes]]:
    """As they came, named by their content: `sha256` in the record says which activity is of which. Not those that were
    deleted or let go.
    """
    ids: Sequence[int | None] = session.exec(
        select(Original.id)
        .where(Original.person_id == person_id, func.length(Original.content) > 0)
        .order_by(col(Original.id))
    ).all()
    for each in ids:
        row = session.get_one(Original, each)
        yield f"{row.sha256}.fit", row.received_at, isal_zlib.decompress(row.content)
        session.expunge(row)


def _account(session: Session, person: Person, now: datetime) -> dict[str, Any]:
    """What the record leaves out, for it may be handed on."""
    mine = accounts.of_person(session, key(person))
    wishes = preferences.wishes(session, key(person)).by_rule
    return {
        "email": person.email,
        "language": person.language,
        "units": person.units,
        "sign_in": None
        if mine is None
        else {
            "email": mine.email,
            "since": instant(mine.created_at),
            "second_step": mine.sealed_factor is not None,
            "browsers": [
                {"browser": each.browser, "since": instant(each.created_at), "seen": instant(each.seen_at)}
                for each in accounts.sign_ins(session, key(mine), now)
            ],
        },
        "channels": [
            {"channel": each.channel, "name": each.label, "since": instant(each.created_at)}
            for each in channels.of_person(session, key(person))
        ],
        "wishes": {
            rule: {
                "off": wish.off,
                "snoozed_until": instant(wish.snoozed_until),
                "at": None if wish.at is None else f"{wish.at:%H:%M}",
            }
            for rule, wish in wishes.items()
        },
        "access_log": [
            {"at": instant(each.at), "by": each.by, "who": each.who or None, "what": each.what}
            for each in access.looks(session, key(person), limit=_MOST_LINES)
        ],
    }


def _entry(name: str, at: datetime) -> ZipInfo:
    """In UTC, for a zip knows no zones; its years begin with 1980, and its seconds are even."""
    made = ZipInfo(name, max(at.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    made.compress_type = ZIP_DEFLATED
    made.external_attr = 0o600 << 16
    return made


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
