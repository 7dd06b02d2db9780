"""What a person does with a session: says what no sensor knows, takes that back, deletes it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from fastapi import APIRouter, Response
from sqlmodel import Session

from coach.deleting import delete
from coach.errors import UsageError
from coach.hot_water import advice
from coach.labelling import forget, label
from coach.labels import BORG, WATER_C
from coach.plan import Exercise, facts
from coach.plan.exercises import can_have_been
from coach.recorded import is_let_go
from coach.store import activities, people
from coach.store.activities import Measured
from coach.store.tables import Activity, Person, key
from coach.units import Quantity, Units, shown, typed
from coach.web import naming
from coach.web.forms import Form, Sent, keeping
from coach.web.session_view import counts, view_of
from coach.web.sessions import Number
from coach.web.visit import Own, Visit
from coach.weeks import day_of

router: Final = APIRouter()

_WRONG: Final = 422


class _Said(NamedTuple):
    exercise: Exercise | None
    borg: int | None
    water_c: float | None


@router.post("/sessions/{number}/label")
def labelled(visit: Own, number: Number, form: Form) -> Response:
    try:
        with keeping(visit, form, f"/sessions/{number}") as kept:
            me = kept.me(visit)
            said = _said(visit, activities.one(kept.session, key(me), number).activity, form)
            measured = label(kept.session, me, number, visit.now, **said._asdict())
            kept.lines += [counts(visit, measured), *_cautions(visit, kept.session, me, measured)]
    except UsageError as error:
        view = view_of(visit, number)
        return visit.page("session.html.j2", _WRONG, view=view, typed=dict(form.typed), wrong=str(error))
    return visit.to(kept.address)


@router.post("/sessions/{number}/forget")
def forgotten(visit: Own, number: Number, form: Form) -> Response:
    with keeping(visit, form, f"/sessions/{number}") as kept:
        me = kept.me(visit)
        if activities.one(kept.session, key(me), number).label is not None:
            kept.lines.append(counts(visit, forget(kept.session, me, number, visit.now)))
    return visit.to(kept.address)


@router.get("/sessions/{number}/delete")
def asked(visit: Own, number: Number) -> Response:
    with visit.reading() as session:
        row = activities.one(session, key(visit.me), number).activity
        name, is_recorded = _named(visit, row), row.original_id is not None
        has_file = is_recorded and not is_let_go(session, row)
    return visit.page("session_delete.html.j2", number=number, name=name, is_recorded=is_recorded, has_file=has_file)


@router.post("/sessions/{number}/delete")
def deleted(visit: Own, number: Number, form: Form) -> Response:
    with keeping(visit, form, "/sessions") as kept:
        me = kept.me(visit)
        name = _named(visit, activities.one(kept.session, key(me), number).activity)
        delete(kept.session, me, number, visit.now)
        kept.lines.append(visit.say("session.deleted", name=name))
    return visit.to(kept.address)


def _named(visit: Visit, row: Activity) -> str:
    return f"{naming.what(row, visit)}, {naming.when(row.started_at, visit)}"


def _said(visit: Visit, row: Activity, form: Sent) -> _Said:
    """
    Raises:
        UsageError: it cannot be meant, in the person's words.
    """
    units, words = Units(visit.me.units), visit.words.messages
    said = _Said(
        exercise=_exercise(visit, row, form.text("exercise")),
        borg=_borg(visit, form.text("borg")),
        water_c=typed(form.text("water"), Quantity.TEMPERATURE, units, visit.say("session.water"), words),
    )
    if said == (None, None, None):
        raise UsageError(visit.say("session.nothing_said"))
    was = said.exercise or (Exercise(row.exercise) if row.exercise else None)
    if said.water_c is not None and not (was and facts(was).family.in_water):
        raise UsageError(visit.say("session.not_in_water"))
    if said.water_c is not None and not WATER_C[0] <= said.water_c <= WATER_C[1]:
        low, high = (shown(each, Quantity.TEMPERATURE, units, words) for each in WATER_C)
        raise UsageError(visit.say("session.water_range", low=low, high=high))
    return said


def _exercise(visit: Visit, row: Activity, text: str) -> Exercise | None:
    possible = {str(each): each for each in can_have_been(row.sport)} if row.original_id is not None else {}
    if text and text not in possible:
        raise UsageError(visit.say("session.no_such_exercise"))
    return possible.get(text)


def _borg(visit: Visit, text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or not BORG[0] <= int(text[:3]) <= BORG[1]:
        raise UsageError(visit.say("session.borg_range", low=BORG[0], high=BORG[1]))
    return int(text)


def _cautions(visit: Visit, session: Session, me: Person, measured: Measured) -> Iterator[str]:
    """What is to be minded of hot water."""
    row, said = measured.activity, measured.label
    in_force = people.plan_on(session, key(me), day_of(row.started_at, visit.zone))
    plan = in_force[1] if in_force else None
    return advice(row.exercise, said.water_c if said else None, plan, visit.words.messages)
