"""A person and their plan come in, and change: what is given changes, the rest stays, old plans are kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from re import fullmatch
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import Session

from coach.errors import UsageError
from coach.plan import Diagnosis, Plan, Relief, Traits
from coach.plan.library import condition, conditions, example_plan
from coach.plan.merging import carried
from coach.signs import UNSEEN, visible
from coach.store import people
from coach.store.tables import Person, key
from coach.units import Units
from coach.weeks import OLDEST_YEARS
from config.messages import languages
from scheduler import outbox, suspensions
from scheduler.channels.registry import CHANNELS
from scheduler.drafts import Address

_EAST: Final = timedelta(hours=14)  # where a day begins first
LONGEST_NAME: Final = 80  # it stands in titles and tables
RESTING_HR: Final = (25, 130)  # beats a minute: endurance athletes, and a heart that a doctor should hear about
MAX_HR: Final = (90, 230)  # beats a minute: very old or limited hearts, and what a strap reads at most in a child


class NameTakenError(UsageError):
    """Names tell people apart."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody else here is called '{visible(name)}'. Another name tells you apart.")


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
        yield from _faults_of_name(details.name, "A name")
    if details.email is not None and not is_address(details.email):
        yield f"'{details.email}' is not an e-mail address."
    if details.timezone is not None and details.timezone not in available_timezones():
        yield f"There is no time zone '{details.timezone}'. Name one as Europe/Berlin or America/New_York."
    if details.condition is not None and details.condition not in known:
        yield f"There is no condition '{details.condition}'. Known: {', '.join(known)}."
    if details.diagnosed_by is not None:
        yield from _faults_of_name(details.diagnosed_by, "Who made the diagnosis")
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


def _faults_of_name(name: str, what: str) -> Iterator[str]:
    if not name:
        yield f"{what} cannot be empty."
    if UNSEEN.search(name):
        yield f"{what} cannot hold characters that are not seen: '{visible(name)}'."
    if len(name) > LONGEST_NAME:
        yield f"{what} cannot be longer than {LONGEST_NAME} characters."


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


def check_setter(name: str | None) -> str | None:
    """Who is said to have set a plan, without the blanks around it.

    Raises:
        UsageError: that is no name.
    """
    if name is None:
        return None
    for fault in _faults_of_name(name.strip(), "Who set the plan"):
        raise UsageError(fault)
    return name.strip()


def begin_anew(
    session: Session, person: Person, details: Details, set_by: str | None, extra_plans: Path, now: datetime
) -> tuple[int, Plan]:
    """The example plan of a condition from its first step, as a new version; what is not said stays as it was.

    Raises:
        UsageError: as `agree`.
    """
    standing = people.latest_plan(session, key(person))
    today = now.astimezone(ZoneInfo(person.timezone)).date()
    plan = _plan(details, standing[1] if standing else None, extra_plans, today, anew=True)
    plan = plan.model_copy(update={"set_by": set_by, "is_example": set_by is None})
    if standing is not None and _says_the_same(plan, standing[1], details):
        return standing
    return people.add_plan(session, key(person), plan, now), plan


def agree(
    session: Session, person: Person, details: Details, extra_plans: Path, now: datetime
) -> tuple[int, Plan] | None:
    """The person's plan and its version, a new one where something of it is said; None for no plan yet.

    Raises:
        UsageError: no condition is known, a diagnosis is half said, or the plan would start before the one in force.
    """
    standing = people.latest_plan(session, key(person))
    if not details.of_plan:
        return standing
    before = standing[1] if standing else None
    plan = _plan(details, before, extra_plans, now.astimezone(ZoneInfo(person.timezone)).date())
    if standing is not None and _says_the_same(plan, standing[1], details):
        return standing
    return people.add_plan(session, key(person), plan, now), plan


def _plan(details: Details, before: Plan | None, extra_plans: Path, today: date, *, anew: bool = False) -> Plan:
    code = details.condition or (before.condition if before else None)
    if code is None:
        raise UsageError(f"Which condition? Give --condition: {', '.join(conditions(extra_plans))}.")
    earliest = before.starts_on if before else date.min
    starts_on = details.start or max(today, earliest)
    standing = before if before and before.condition == code else None
    if standing is not None and not anew and not standing.is_example and _beyond_the_diagnosis(details):
        raise UsageError(
            f"This plan was set by {standing.set_by or 'a clinician'}: changing it is theirs. "
            "`coach plan edit --by NAME` takes down what they say."
        )
    tolerated = details.flexion_tolerated
    now = example_plan(
        condition(code, extra_plans),
        starts_on=starts_on,
        diagnosis=_diagnosis(details, standing),
        relief=Relief(details.relief or (before.relief if before else Relief.UNKNOWN)),
        flexion_tolerated=before.flexion_tolerated if tolerated is None and before else tolerated,
        traits=(before.traits if before else Traits()).model_copy(update=details.of_traits),
        pain_free_only=_either(details.pain_free_only, before.pain_free_only if before else False),
        step=standing.step if standing and not anew else 1,
    )
    return now if standing is None or anew else carried(standing, _example_of(standing, extra_plans), now)


def _example_of(plan: Plan, extra_plans: Path) -> Plan:
    """What the library has for the circumstances of a plan."""
    return example_plan(
        condition(plan.condition, extra_plans),
        starts_on=plan.starts_on,
        diagnosis=plan.diagnosis,
        relief=plan.relief,
        flexion_tolerated=plan.flexion_tolerated,
        traits=plan.traits,
        pain_free_only=plan.pain_free_only,
        step=plan.step,
    )


def _beyond_the_diagnosis(details: Details) -> bool:
    """Whether more is said of the plan than who found out what, and when it begins."""
    said = (details.relief, details.flexion_tolerated, details.pain_free_only)
    return bool(details.of_traits) or any(each is not None for each in said)


def _either(said: bool | None, before: bool) -> bool:
    return before if said is None else said


def _diagnosis(details: Details, before: Plan | None) -> Diagnosis | None:
    """What is said, or what stands: `before` is a plan for the same condition, which a diagnosis names."""
    known = before.diagnosis if before else None
    made_by = details.diagnosed_by or (known.made_by if known else None)
    made_on = details.diagnosed_on or (known.made_on if known else None)
    if made_by is None and made_on is None:
        return None
    if made_by is None or made_on is None:
        raise UsageError("A diagnosis needs both: who made it (--diagnosed-by) and when (--diagnosed-on).")
    return Diagnosis(made_by=made_by, made_on=made_on)


def _says_the_same(plan: Plan, before: Plan, details: Details) -> bool:
    """Whether only the first day differs, and nobody asked for another: the same words again are no change."""
    starts_on = plan.starts_on if details.start else before.starts_on
    return plan.model_copy(update={"starts_on": starts_on}) == before


def is_address(text: str) -> bool:
    """One that any mail server takes: beyond ASCII many do not."""
    return text.isascii() and fullmatch(r"[^@\s<>]+@[^@\s<>]+", text) is not None
