"""What is said of a person and their plan, and what of it cannot be meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from re import fullmatch
from typing import Final
from zoneinfo import available_timezones

from coach.errors import UsageError
from coach.names import faults_of_name
from coach.plan.library import conditions
from coach.signs import visible
from coach.units import Units
from coach.weeks import OLDEST_YEARS
from config.messages import languages

_EAST: Final = timedelta(hours=14)  # where a day begins first
RESTING_HR: Final = (25, 130)  # beats a minute: endurance athletes, and a heart that a doctor should hear about
MAX_HR: Final = (90, 230)  # beats a minute: very old or limited hearts, and what a strap reads at most in a child


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a person and their plan; None is not said. Names come without blanks around them."""

    name: str | None = None
    email: str | None = None
    timezone: str | None = None
    condition: str | None = None
    diagnosed_by: str | None = None
    diagnosed_on: date | None = None
    relief: str | None = None
    flexion_tolerated: bool | None = None
    load_intolerant: bool | None = None
    shoulder_injury: bool | None = None
    swimmer: bool | None = None
    beta_blocker: bool | None = None
    pain_free_only: bool | None = None
    birth_year: int | None = None
    resting_hr: int | None = None
    max_hr: int | None = None
    emergency_number: str | None = None
    language: str | None = None
    units: str | None = None
    start: date | None = None

    def __post_init__(self) -> None:
        for field in ("name", "diagnosed_by"):
            if (said := getattr(self, field)) is not None:
                object.__setattr__(self, field, said.strip())

    @property
    def of_plan(self) -> bool:
        """Whether anything of the plan is said."""
        return any(
            each is not None
            for each in (
                self.condition,
                self.diagnosed_by,
                self.diagnosed_on,
                self.relief,
                self.flexion_tolerated,
                self.pain_free_only,
                self.start,
                *self.of_traits.values(),
            )
        )

    @property
    def of_traits(self) -> dict[str, bool]:
        """What is said of the person's traits, by field."""
        said = {
            "load_intolerant": self.load_intolerant,
            "shoulder_injury": self.shoulder_injury,
            "swimmer": self.swimmer,
            "beta_blocker": self.beta_blocker,
        }
        return {name: value for name, value in said.items() if value is not None}

    @property
    def of_person(self) -> dict[str, object]:
        """What is said of the person themselves, by column."""
        said = {
            "email": self.email,
            "timezone": self.timezone,
            "birth_year": self.birth_year,
            "resting_heart_rate_bpm": self.resting_hr,
            "max_heart_rate_bpm": self.max_hr,
            "emergency_number": self.emergency_number,
            "language": self.language,
            "units": self.units,
        }
        return {name: value for name, value in said.items() if value is not None}


def check(details: Details, extra_plans: Path, now: datetime) -> None:
    """Refuse what cannot be meant.

    Raises:
        UsageError: the first thing that is wrong, in a sentence.
    """
    known = conditions(extra_plans) if details.condition is not None else ()
    for fault in _faults(details, known, now):
        raise UsageError(fault)


def _faults(details: Details, known: Iterable[str], now: datetime) -> Iterator[str]:
    if details.name is not None:
        yield from faults_of_name(details.name, "A name")
    if details.email is not None and not is_address(details.email):
        yield f"'{details.email}' is not an e-mail address."
    if details.timezone is not None and details.timezone not in available_timezones():
        yield f"There is no time zone '{details.timezone}'. Name one as Europe/Berlin or America/New_York."
    if details.condition is not None and details.condition not in known:
        yield f"There is no condition '{details.condition}'. Known: {', '.join(known)}."
    if details.diagnosed_by is not None:
        yield from faults_of_name(details.diagnosed_by, "Who made the diagnosis")
    if details.diagnosed_on is not None and details.diagnosed_on > (now + _EAST).date():
        yield "The diagnosis lies in the future."
    yield from _faults_of_body(details, now)
    if details.emergency_number is not None and not any(sign.isdigit() for sign in details.emergency_number):
        yield "The emergency number must hold a digit."
    if details.language is not None and details.language not in languages():
        yield f"There is no language '{visible(details.language)}'. Known: {', '.join(languages())}."
    if details.units is not None and details.units not in set(Units):
        yield f"There are no units '{visible(details.units)}'. Known: {', '.join(Units)}."


def _faults_of_body(details: Details, now: datetime) -> Iterator[str]:
    if details.birth_year is not None and not now.year - OLDEST_YEARS <= details.birth_year <= now.year:
        yield f"The birth year must lie between {now.year - OLDEST_YEARS} and {now.year}."
    if details.resting_hr is not None and not RESTING_HR[0] <= details.resting_hr <= RESTING_HR[1]:
        yield "The resting heart rate must lie between {} and {}.".format(*RESTING_HR)
    if details.max_hr is not None and not MAX_HR[0] <= details.max_hr <= MAX_HR[1]:
        yield "The highest heart rate must lie between {} and {}.".format(*MAX_HR)
    if details.max_hr is not None and details.resting_hr is not None and details.max_hr <= details.resting_hr:
        yield "The highest heart rate must lie above the resting one."


def is_address(text: str) -> bool:
    """One that any mail server takes: beyond ASCII many do not."""
    return text.isascii() and fullmatch(r"[^@\s<>]+@[^@\s<>]+", text) is not None
