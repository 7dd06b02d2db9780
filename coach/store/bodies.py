"""What a person told of their body. Apart from `people`, for it loads the measuring."""

from coach.effort.body import Body
from coach.store.tables import Person


def body_of(person: Person) -> Body:
    """What heart-rate ranges rest on."""
    return Body(person.birth_year, person.resting_heart_rate_bpm, person.max_heart_rate_bpm)
