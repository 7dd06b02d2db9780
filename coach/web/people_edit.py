"""A clinician changes a plan: a form, or the plan's file as text; then what would be different; then a new version."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response

from coach.care.looking import What, look
from coach.enrolment import LONGEST_NAME
from coach.plan.differences import since
from coach.plan.drafting import Drafting, Values, field_of
from coach.plan.model import Plan
from coach.plan.words import condition, difference
from coach.plan.writing import written
from coach.prescribing import ChangedMeanwhileError, checked, earliest, first_day, prescribe
from coach.store import people
from coach.store.accounts import Account
from coach.store.people import KeptPlan
from coach.store.tables import Person
from coach.units import Units
from coach.web import plan_form
from coach.web.caring import Clinicians, patient
from coach.web.forms import Form, Sent, keeping
from coach.web.plan_form import Error
from coach.web.visit import Id, Visit
from config.document import Document, of_text
from config.errors import LibraryError, Problem
from config.messages.calendar import whole

router: Final = APIRouter()

_PATH: Final = "/people/{person_id}/plan/edit"
_LONGEST: Final = 500  # of a note or a reason: it stands in the person's plan, between figures
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_TEXT: Final = "text"
"""The field of the whole plan as text; a form that has it is the second tab."""


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


@router.get(_PATH)
def asked(visit: Clinicians, person_id: Id, tab: str = "form") -> Response:
    editing = _begun(visit, person_id, None)
    begun = editing.latest.plan.model_copy(update={"starts_on": editing.first_day})
    if tab == _TEXT:
        title = f"{editing.person.name}, {condition(begun.condition, visit.words.messages)}"
        return _shown(editing, {_TEXT: [written(begun, title)]})
    return _shown(editing, editing.drafting.fields(begun))


@router.post(_PATH)
def said(visit: Clinicians, person_id: Id, form: Form) -> Response:
    """Rows come and go, or what would be different is shown, or it is kept: as the button says that sent it."""
    editing, values = _begun(visit, person_id, form), _typed(form)
    action, _, exercise = form.text("do").partition(" ")
    there = values.get("item", ())
    match action:
        case "add":
            return _shown(editing, {**values, "item": [*there, form.text("new")]})
        case "remove":
            return _shown(editing, {**values, "item": [each for each in there if each != exercise]})
        case "again":
            return _shown(editing, values)
    try:
        plan = _plan(editing, values)
    except _WrongError as error:
        return _shown(editing, values, error.errors, error.problems, status=422)
    return _kept(editing, values, plan, form) if action == "keep" else _looked_at(editing, values, plan)


def _looked_at(editing: Editing, values: Values, plan: Plan) -> Response:
    """What would be different, where that can be said."""
    if editing.begun_from != editing.latest:
        return _shown(editing, values, status=409)
    if not (changes := editing.differences(editing.latest.plan, plan)):
        return _shown(editing, values, said=editing.visit.say("plan_form.no_change"), status=422)
    return _confirming(editing, values, plan, changes)


def _kept(editing: Editing, values: Values, plan: Plan, form: Sent) -> Response:
    visit, person_id = editing.visit, editing.person.id
    assert person_id is not None  # noqa: S101  (it was found by it)
    try:
        with keeping(visit, form, f"/people/{person_id}/plan", person_id) as kept:
            account = kept.session.get_one(Account, visit.account_id)
            person = look(kept.session, account, person_id, What.PLAN_CHANGED, visit.now)
            number = prescribe(kept.session, person, plan, editing.begun_from.version, visit.now)
            day = whole(plan.starts_on, visit.words.messages)
            kept.lines.append(visit.say("plan_form.kept", version=number, day=day))
    except ChangedMeanwhileError:  # in the very moment
        return _shown(_begun(visit, person_id, form), values, status=409)
    return visit.to(kept.address)


class _WrongError(Exception):
    """It is no plan: errors of fields, or problems of the text."""

    def __init__(self, errors: Sequence[Error], problems: Sequence[Problem] = ()) -> None:
        super().__init__()
        self.errors, self.problems = errors, problems


def _plan(editing: Editing, values: Values) -> Plan:
    """
    Raises:
        _WrongError: what was typed is no plan that can be set.
    """
    errors = [] if _TEXT in values else list(_beyond_the_file(editing, values))
    try:
        document = _document(editing, values)
        file = checked(document, editing.visit.now)
    except LibraryError as error:
        if _TEXT in values:
            raise _WrongError((), error.problems) from None
        fields = dict.fromkeys(field_of(each.key or "", values) for each in error.problems)
        raise _WrongError([*map(plan_form.error, fields), *errors]) from None
    plan = file.as_plan(editing.first_day).model_copy(update={"set_by": editing.by, "is_example": False})
    if errors or plan.starts_on < editing.earliest:
        day = whole(editing.earliest, editing.visit.words.messages)
        problem = document.problem(("plan", "starts_on"), editing.visit.say("plan_wrong.starts_on", day=day))
        raise _WrongError(errors, [problem])
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
    if _TEXT in values:
        return of_text(Path("plan"), values[_TEXT][0].replace("\r\n", "\n"))
    return editing.drafting.document(values, editing.begun_from.plan)


def _begun(visit: Visit, person_id: int, form: Sent | None) -> Editing:
    with patient(visit, person_id, What.PLAN) as seen:
        seen.session.expire_on_commit = False
        kept = people.every_version(seen.session, seen.person)
        from_version = _number(form.text("from")) if form is not None else kept[-1].version
        by = (seen.account.name or seen.account.email)[:LONGEST_NAME]
        return Editing(visit, seen.person, by, kept, people.of_number(kept, from_version, seen.person))


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _typed(form: Sent) -> Values:
    return {name: said for name, said in form.values.items() if name not in {"csrf", "once", "do", "from", "new"}}


def _shown(
    editing: Editing,
    values: Values,
    errors: Sequence[Error] = (),
    problems: Sequence[Problem] = (),
    *,
    said: str | None = None,
    status: int = 200,
) -> Response:
    """The form, from now on of the latest version: what it changed has just been shown."""
    visit, meanwhile = editing.visit, editing.meanwhile
    if _TEXT in values:
        return visit.page(
            "people_edit_text.html.j2",
            status,
            person=editing.person,
            version=editing.latest.version,
            text=values[_TEXT][0],
            problems=[(each.line, each.key, each.sentence) for each in problems],
            meanwhile=meanwhile,
            sentence=said,
        )
    view = plan_form.view(
        visit,
        editing.person,
        editing.latest.version,
        values,
        earliest=whole(editing.earliest, visit.words.messages),
        errors=errors,
        meanwhile=meanwhile,
        said=said,
    )
    return visit.page("people_edit.html.j2", status, view=view, person=editing.person)


def _confirming(editing: Editing, values: Values, plan: Plan, changes: Sequence[str]) -> Response:
    visit = editing.visit
    return visit.page(
        "people_edit_confirm.html.j2",
        person=editing.person,
        version=editing.latest.version,
        day=whole(plan.starts_on, visit.words.messages),
        by=editing.by,
        changes=changes,
        is_locked=plan.locked,
        typed=[(name, each) for name, said in values.items() for each in said],
    )
