"""A clinician changes a plan: a form, or the plan's file as text; then what would be different; then a new version."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Response

from coach.care.looking import looked_after
from coach.plan.drafting import Values
from coach.plan.model import Plan
from coach.plan.words import condition
from coach.plan.writing import written
from coach.prescribing import ChangedMeanwhileError, prescribe
from coach.store.accounts import Account
from coach.web import plan_form
from coach.web.caring import Clinicians
from coach.web.forms import Form, Sent, keeping
from coach.web.plan_editing import TEXT, Editing, WrongError, begun, typed_plan
from coach.web.plan_form import Error
from coach.web.visit import Id
from config.errors import Problem
from config.messages.calendar import whole

router: Final = APIRouter()

_PATH: Final = "/people/{person_id}/plan/edit"


@router.get(_PATH)
def asked(visit: Clinicians, person_id: Id, tab: str = "form") -> Response:
    editing = begun(visit, person_id, None)
    plan = editing.latest.plan.model_copy(update={"starts_on": editing.first_day})
    if tab == TEXT:
        title = f"{editing.person.name}, {condition(plan.condition, visit.words.messages)}"
        return _shown(editing, {TEXT: [written(plan, title)]})
    return _shown(editing, editing.drafting.fields(plan))


@router.post(_PATH)
def said(visit: Clinicians, person_id: Id, form: Form) -> Response:
    """Rows come and go, or what would be different is shown, or it is kept: as the button says that sent it."""
    editing, values = begun(visit, person_id, form), _typed(form)
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
        plan = typed_plan(editing, values)
    except WrongError as error:
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
            person = looked_after(kept.session, account, person_id)
            number = prescribe(kept.session, person, plan, editing.begun_from.version, visit.now)
            day = whole(plan.starts_on, visit.words.messages)
            kept.lines.append(visit.say("plan_form.kept", version=number, day=day))
    except ChangedMeanwhileError:  # in the very moment
        return _shown(begun(visit, person_id, form), values, status=409)
    return visit.to(kept.address)


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
    if TEXT in values:
        return visit.page(
            "people_edit_text.html.j2",
            status,
            person=editing.person,
            version=editing.latest.version,
            text=values[TEXT][0],
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
