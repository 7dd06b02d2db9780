"""A person changes what is kept of them: all of it is said, so that something can be taken away as well."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from coach.enrolment.persons import NameTakenError, put
from coach.store import people
from coach.store.tables import Person


@dataclass(frozen=True, slots=True)
class Particulars:
    """All that is said of a person themselves, by column; None is not known."""

    name: str
    email: str | None
    timezone: str
    language: str
    units: str
    birth_year: int | None
    resting_heart_rate_bpm: int | None
    max_heart_rate_bpm: int | None
    emergency_number: str


def revise(session: Session, person: Person, said: Particulars) -> Mapping[str, object]:
    """Keep what was said; gives what of it is new, by column. It has been looked at (`coach.enrolment.details.check`).

    Raises:
        NameTakenError: another person has that name.
    """
    other = people.find(session, said.name)
    if other is not None and other.id != person.id:
        raise NameTakenError(said.name)
    changed = {name: value for name, value in asdict(said).items() if getattr(person, name) != value}
    put(session, person, changed)
    return changed


def heart(person: Person) -> tuple[int | None, ...]:
    """What heart-rate ranges rest on."""
    return person.birth_year, person.resting_heart_rate_bpm, person.max_heart_rate_bpm


def measure_again(engine: Engine, person: Person, before: tuple[int | None, ...] | None) -> int:
    """What was recorded goes by new heart-rate ranges as well, where they are; gives how many recordings.

    `before` None: they are new here.
    """
    if before in {None, heart(person)}:
        return 0
    from coach.remeasure import remeasure_all  # loads the measuring

    return remeasure_all(engine, person)
