"""Requests of clinicians: whom they look after, and nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session

from coach.accounts.role import Role
from coach.care.looking import look
from coach.errors import NotFoundError
from coach.store.access import What
from coach.store.accounts import Account
from coach.store.engine import writing
from coach.store.tables import Person
from coach.web.visit import Someones, Visit


@dataclass(frozen=True, slots=True)
class Patient:
    """A person as the clinician of a request may see them, in one transaction."""

    session: Session
    account: Account
    person: Person


def clinician(visit: Someones) -> Visit:
    """The request of somebody who may look after others.

    Raises:
        NotFoundError: they may not: to them there is no such page.
    """
    if visit.who is None or visit.who.role is not Role.CLINICIAN:
        raise NotFoundError
    return visit


Clinicians = Annotated[Visit, Depends(clinician)]


@contextmanager
def patient(visit: Visit, person_id: int, what: What) -> Iterator[Patient]:
    """Whom a page is about; that they were looked at is kept. Where what follows fails, nothing was seen.

    Raises:
        NotFoundError: the clinician does not look after them.
    """
    with writing(visit.app.engine, person_id) as session:
        account = session.get_one(Account, visit.account_id)
        person = look(session, account, person_id, what, visit.now)
        yield Patient(session, account, person)
