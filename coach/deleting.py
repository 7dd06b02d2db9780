"""A person deletes an activity. Of a file all of whose activities are gone only the hash stays: a watch that is synced
again does not bring back what was not wanted.
"""

from datetime import datetime

from sqlmodel import Session

from coach.store import activities, recordings
from coach.store.access import What, note
from coach.store.tables import Person, key


def delete(session: Session, person: Person, activity_id: int, now: datetime) -> None:
    """Delete one, recorded or entered by hand, with what was measured and said of it; check-ins of its day stay.

    Raises:
        NotFoundError: the person has no such activity.
    """
    row = activities.one(session, key(person), activity_id).activity
    note(session, What.DELETED, key(person), now)
    original_id = row.original_id
    session.delete(row)
    session.flush()
    if original_id is not None and not activities.of_original(session, original_id):
        recordings.empty(session, original_id)
