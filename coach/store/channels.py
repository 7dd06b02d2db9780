"""The ways to reach a person that they added."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from coach.errors import NotFoundError
from coach.store.access import What, note
from coach.store.tables import key
from coach.store.told import PersonChannel
from scheduler import suspensions
from scheduler.drafts import Address


def address(row: PersonChannel) -> Address:
    """What deliveries call it: a reference, for its URL is a secret."""
    return Address(row.channel, str(key(row)))


def of_person(session: Session, person_id: int) -> Sequence[PersonChannel]:
    """In the order in which they were added."""
    return session.exec(
        select(PersonChannel).where(PersonChannel.person_id == person_id).order_by(col(PersonChannel.number))
    ).all()


def one(session: Session, person_id: int, number: int) -> PersonChannel:
    """
    Raises:
        NotFoundError: the person has none of that number.
    """
    wanted = select(PersonChannel).where(PersonChannel.person_id == person_id, PersonChannel.number == number)
    if (row := session.exec(wanted).first()) is None:
        raise NotFoundError(f"There is no channel {number}. `coach channels` lists them.")
    return row


def add(session: Session, person_id: int, channel: str, sealed_url: str, label: str, now: datetime) -> PersonChannel:
    last = session.exec(select(func.max(PersonChannel.number)).where(PersonChannel.person_id == person_id)).one()
    row = PersonChannel(
        person_id=person_id,
        number=(last or 0) + 1,
        channel=channel,
        sealed_url=sealed_url,
        label=label,
        created_at=now,
    )
    session.add(row)
    note(session, What.CHANNEL_ADDED, person_id, now)
    session.flush()
    return row


def remove(session: Session, row: PersonChannel, now: datetime) -> None:
    note(session, What.CHANNEL_REMOVED, row.person_id, now)
    suspensions.resume(session, [address(row)])
    session.delete(row)


def sealed_url(session: Session, reference: str) -> str:
    """
    Raises:
        LookupError: there is none such, or none any more.
    """
    row = session.get(PersonChannel, int(reference))
    if row is None:
        raise LookupError(reference)
    return row.sealed_url
