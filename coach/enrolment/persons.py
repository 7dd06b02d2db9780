"""A person comes in, or what is known of them changes."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import available_timezones

from sqlmodel import Session

from coach.enrolment.details import Details
from coach.errors import UsageError
from coach.signs import visible
from coach.store import people
from coach.store.tables import Person, key
from scheduler import outbox, suspensions
from scheduler.channels.registry import CHANNELS
from scheduler.drafts import Address


class NameTakenError(UsageError):
    """Names tell people apart."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody else here is called '{visible(name)}'. Another name tells you apart.")


def find(session: Session, name: str | None) -> Person | None:
    """As `people.find`, for `coach setup`, whose option has another name."""
    return people.find(session, name, "--name")


def enrol(session: Session, details: Details, now: datetime, default_zone: str) -> Person:
    """The person, changed by what is said of them, or new."""
    person = find(session, details.name)
    if person is None:
        if details.name is None:
            raise UsageError("Who is it for? Give --name.")
        person = Person(name=details.name, timezone=default_zone, created_at=now)
    return _changed(session, person, details)


def enrol_own(session: Session, person: Person | None, details: Details, now: datetime, default_zone: str) -> Person:
    """As `enrol`, for who says their own name: it makes nobody somebody else who is there.

    Raises:
        NameTakenError: another person has that name.
    """
    if details.name is not None and (other := people.find(session, details.name)) is not None and other is not person:
        raise NameTakenError(details.name)
    if person is None:
        person = Person(name=details.name or "", timezone=default_zone, created_at=now)
    person.name = details.name or person.name
    return _changed(session, person, details)


def local_zone() -> str:
    """Of this machine."""
    from tzlocal import get_localzone_name  # slow to load

    name = get_localzone_name()
    return name if name in available_timezones() else "UTC"


def _changed(session: Session, person: Person, details: Details) -> Person:
    put(session, person, details.of_person)
    return person


def put(session: Session, person: Person, columns: Mapping[str, object]) -> None:
    """These of a person, and what follows of them elsewhere."""
    for name, value in columns.items():
        setattr(person, name, value)
    session.add(person)
    session.flush()
    if "timezone" in columns:
        outbox.move(session, str(key(person)), person.timezone)
    if columns.get("email"):  # said again, it is worth another try
        suspensions.resume(session, [Address(channel, person.email or "") for channel in CHANNELS])
