"""A letter on Monday morning for clinicians who want one: who of those whom they look after may need a look.

It is planned when it is due, with a line in the log of everybody it may name, and worded from what is so when it is
sent: of somebody who has ended it meanwhile it says nothing.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, select, update
from sqlmodel import Session, col
from sqlmodel import select as query

from coach.accounts.role import Role
from coach.alone import alone
from coach.care.caseload import Line, Mark, caseload
from coach.plan.thresholds import thresholds
from coach.signs import visible
from coach.store import access, care
from coach.store.access import What
from coach.store.accounts import Account
from coach.store.engine import reading, reading_often, writing
from coach.store.tables import key
from coach.weeks import IsoWeek
from config.messages import Messages, catalogue
from config.settings import Settings
from scheduler import outbox, suspensions
from scheduler.clock import local_instant
from scheduler.messages import Action, Cancelled, Due, Kind, Message, Prepare, Suppressed
from scheduler.outbox import Address, Draft, State
from scheduler.tables import DELIVERY, NUDGE, SLOT

log = logging.getLogger(__name__)

RULE: Final = "digest"
PREFIX: Final = "account-"
"""Of its recipients, before the account's number: no person's id begins so."""

_DUE: Final = time(8, 30)
_OPEN_FOR: Final = timedelta(days=2)
"""Of a caseload on Wednesday the list itself tells more."""

_UNWRITTEN: Final = frozenset({State.PENDING, State.LEASED})


def ways(account: Account, settings: Settings) -> tuple[Address, ...]:
    """Where it goes: by mail, or into the folder of letters; nowhere where neither is set up."""
    names = {"email": settings.smtp_url, "file": settings.message_folder}
    return tuple(Address(name, account.email) for name, is_set in names.items() if is_set is not None)


def plan(engine: Engine, settings: Settings, now: datetime) -> int:
    """Put in the outbox what is due now, each Monday's once; gives how many are new. What went out keeps no names."""
    new = 0
    with reading(engine) as session:
        due = [key(each) for each in _wanting(session) if _is_lacking(session, each, now)]
        told = session.connection().execute(select(DELIVERY.c.id).where(*_STILL_NAMES).limit(1)).first()
    if told is not None:
        with writing(engine, None) as session:
            session.connection().execute(update(DELIVERY).where(*_STILL_NAMES).values(text=None))
    for number in due:
        with alone(log, "account=%d no digest planned", number):
            new += _planned(engine, settings, number, now)
    return new


@contextmanager
def preparing(engine: Engine, settings: Settings) -> Iterator[Mapping[str, Prepare]]:
    """What looks again just before sending, and words it."""
    with reading_often(engine) as look:

        def prepare(due: Due, now: datetime) -> Message | Cancelled | Suppressed:
            with look() as session:
                return _message(session, due, settings, now)

        yield {RULE: prepare}


def forget(session: Session, account: Account) -> None:
    """What the outbox has of an account that is erased."""
    recipient = f"{PREFIX}{key(account)}"
    connection = session.connection()
    nudges = select(NUDGE.c.id).where(NUDGE.c.recipient_id == recipient)
    written = select(DELIVERY.c.channel, DELIVERY.c.address).where(DELIVERY.c.nudge_id.in_(nudges)).distinct()
    suspensions.resume(session, [Address(*row) for row in connection.execute(written)])
    connection.execute(delete(SLOT).where(SLOT.c.recipient_id == recipient))
    connection.execute(delete(DELIVERY).where(DELIVERY.c.nudge_id.in_(nudges)))
    connection.execute(delete(NUDGE).where(NUDGE.c.recipient_id == recipient))


# A letter lies with whoever it was sent to; here its words would outlast those whom they name. All numbers sort before
# the prefix, so that of a year of everybody's nudges none is read but accounts'.
_STILL_NAMES: Final = (
    DELIVERY.c.text.is_not(None),
    DELIVERY.c.state.not_in(_UNWRITTEN),
    DELIVERY.c.nudge_id.in_(select(NUDGE.c.id).where(NUDGE.c.recipient_id >= PREFIX, NUDGE.c.rule == RULE)),
)


def _wanting(session: Session) -> Sequence[Account]:
    wants = col(Account.digest_zone).is_not(None)
    return session.exec(query(Account).where(wants, Account.role == Role.CLINICIAN).order_by(col(Account.id))).all()


def _monday(account: Account, now: datetime) -> tuple[IsoWeek, datetime]:
    """The last week that has closed where they are, and when its digest is due."""
    zone = ZoneInfo(account.digest_zone or "UTC")
    week = IsoWeek.of(now.astimezone(zone).date())
    return week.previous, local_instant(week.monday, _DUE, zone)


def _is_lacking(session: Session, account: Account, now: datetime) -> bool:
    week, due_at = _monday(account, now)
    if not due_at <= now < due_at + _OPEN_FOR:
        return False
    known = select(NUDGE.c.id).where(
        NUDGE.c.recipient_id == f"{PREFIX}{account.id}", NUDGE.c.rule == RULE, NUDGE.c.period == str(week)
    )
    return session.connection().execute(known).first() is None


def _planned(engine: Engine, settings: Settings, number: int, now: datetime) -> int:
    with writing(engine, None) as session:
        account = session.get(Account, number)
        if account is None or account.digest_zone is None or not care.persons(session, number):
            return 0
        if not (to := ways(account, settings)):
            return 0
        week, due_at = _monday(account, now)
        draft = Draft(
            recipient_id=f"{PREFIX}{number}",
            rule=RULE,
            period=str(week),
            reason="it is Monday, and they asked for it",
            timezone=account.digest_zone,
            due_at=due_at,
            expires_at=due_at + _OPEN_FOR,
            kind=Kind.SUMMARY,
            rank=99,
            to=to,
        )
        new = len(outbox.post(session, [draft], now))
        if new:
            access.note_unseen_today(session, number, account.name or account.email, What.DIGEST, now)
        return new


def _message(session: Session, due: Due, settings: Settings, now: datetime) -> Message | Cancelled:
    number = int(due.recipient_id.removeprefix(PREFIX))
    account = session.get(Account, number)
    if account is None or account.role != Role.CLINICIAN or account.digest_zone is None:
        return Cancelled("they want none any more")
    lines = caseload(session, number, now).lines
    if not lines:
        return Cancelled("they look after nobody any more")
    words = catalogue(account.digest_language or "en")
    public = None if settings.public_url is None else settings.public_url.rstrip("/")
    actions = () if public is None else (Action(words.text("digest.open"), f"{public}/caseload"),)
    return Message(words.text("digest.title"), "\n\n".join(_paragraphs(lines, words)), actions=actions)


def _paragraphs(lines: Sequence[Line], words: Messages) -> Iterator[str]:
    marked = sum(bool(each.marks) for each in lines)
    yield words.text("digest.some" if marked else "digest.none", count=marked, everybody=len(lines))
    for mark in Mark:
        names = sorted((visible(each.name) for each in lines if mark in each.marks), key=str.casefold)
        if names:
            days = thresholds().caseload.silent_days
            yield words.text(f"digest.{mark}", count=len(names), names=", ".join(names), days=days)
    yield words.text("digest.off")
