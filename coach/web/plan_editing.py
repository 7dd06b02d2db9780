"""A plan that a clinician is changing: whose it is, which version the form was made of, and what was typed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from coach.names import LONGEST_NAME
from coach.plan.differences import since
from coach.plan.drafting import Drafting, Values, field_of
from coach.plan.model import Plan
from coach.plan.words import difference
from coach.prescribing import checked, earliest, first_day
from coach.store import people
from coach.store.access import What
from coach.store.people import KeptPlan
from coach.store.tables import Person
from coach.units import Units
from coach.web import plan_form
from coach.web.caring import patient
from coach.web.forms import Sent
from coach.web.plan_form import Error
from coach.web.visit import Visit
from config.document import Document, of_text
from config.errors import LibraryError, Problem
from config.messages.calendar import whole

TEXT: Final = "text"
"""The field of the whole plan as text; a form that has it is the second tab."""

_LONGEST: Final = 500  # of a note or a reason: it stands in the person's plan, between figures
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Editing:
    """Whose plan is changed, by whom, from which version on.

    Attributes:
        kept: every version there is now.
        begun_from: the one that the form was made of.
    """

    visit: Visit
    person: Person
    by: str
    kept: Sequence[KeptPlan]
    begun_from: KeptPlan

    @property
    def latest(self) -> KeptPlan:
        return self.kept[-1]

    @property
    def drafting(self) -> Drafting:
        return Drafting(self.visit.words.messages, Units(self.person.units))

    @property
    def earliest(self) -> date:
        return earliest(self.person, self.latest.plan, self.visit.now)

    @property
    def first_day(self) -> date:
        return first_day(self.person, (self.latest.version, self.latest.plan), self.visit.now)

    @property
    def meanwhile(self) -> list[str]:
        """What somebody else has changed since the form was begun."""
        if self.begun_from == self.latest:
            return []
        return self.differences(self.begun_from.plan, self.latest.plan)

    def differences(self, before: Plan, after: Plan) -> list[str]:
        return [difference(each, self.visit.words.messages) for each in since(before, after)]


def begun(visit: Visit, person_id: int, form: Sent | None) -> Editing:
    with patient(visit, person_id, What.PLAN) as seen:
        seen.session.expire_on_commit = False
        kept = people.every_version(seen.session, seen.person)
        from_version = _number(form.text("from")) if form is not None else kept[-1].version
        by = (seen.account.name or seen.account.email)[:LONGEST_NAME]
        return Editing(visit, seen.person, by, kept, people.of_number(kept, from_version, seen.person))


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


class WrongError(Exception):
    """It is no plan: errors of fields, or problems of the text."""

    def __init__(self, errors: Sequence[Error], problems: Sequence[Problem] = ()) -> None:
        super().__init__()
        self.errors, self.problems = errors, problems


def typed_plan(editing: Editing, values: Values) -> Plan:
    """
    Raises:
        WrongError: what was typed is no plan that can be set.
    """
    errors = [] if TEXT in values else list(_beyond_the_file(editing, values))
    try:
        document = _document(editing, values)
        file = checked(document, editing.visit.now)
    except LibraryError as error:
        if TEXT in values:
            raise WrongError((), error.problems) from None
        fields = dict.fromkeys(field_of(each.key or "", values) for each in error.problems)
        raise WrongError([*map(plan_form.error, fields), *errors]) from None
    plan = file.as_plan(editing.first_day).model_copy(update={"set_by": editing.by, "is_example": False})
    if errors or plan.starts_on < editing.earliest:
        day = whole(editing.earliest, editing.visit.words.messages)
        problem = document.problem(("plan", "starts_on"), editing.visit.say("plan_wrong.starts_on", day=day))
        raise WrongError(errors, [problem])
    return plan


def _beyond_the_file(editing: Editing, values: Values) -> Iterator[Error]:
    """What a plan's file does not mind, and a form does."""
    if any(_is_before(each, editing.earliest) for each in values.get("plan.starts_on", ())):
        yield plan_form.error("plan.starts_on")
    yield from (
        Error(name, "long", name) for name, said in values.items() if any(len(each) > _LONGEST for each in said)
    )


def _is_before(text: str, day: date) -> bool:
    try:
        return date.fromisoformat(text) < day
    except ValueError:
        return False


def _document(editing: Editing, values: Values) -> Document:
    if TEXT in values:
        return of_text(Path("plan"), values[TEXT][0].replace("\r\n", "\n"))
    return editing.drafting.document(values, editing.begun_from.plan)
