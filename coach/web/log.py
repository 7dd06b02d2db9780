"""A session that nothing recorded, told by hand; and the last of those, to be taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Response
from sqlmodel import Session

from coach.errors import ConflictError, UsageError
from coach.hot_water import advice
from coach.locks import lock_line
from coach.manual import LONGEST_NOTE, TakenError, enter, remove
from coach.plan import Exercise, Plan, facts
from coach.replies import pain
from coach.replies.model import Onward
from coach.store import locks, manual, people
from coach.store.activities import Measured
from coach.store.tables import Activity, key
from coach.units import Quantity, Units, unit
from coach.web.forms import Form, Sent, keeping
from coach.web.log_form import told
from coach.web.say import follows
from coach.web.visit import Id, Own, Visit
from coach.weeks import day_of
from config.messages.calendar import weekday, whole

router: Final = APIRouter()

_WRONG: Final = 422
_LISTED: Final = timedelta(days=7)  # a slip is seen soon; older ones are among the sessions
_FOLDED: Final = ("date", "began", "distance", "fast", "uphill", "borg", "water", "note")


@dataclass(frozen=True, slots=True)
class Entered:
    id: int
    line: str


@dataclass(frozen=True, slots=True)
class View:
    """`exercises` are values and words, the plan's first; `is_open`: what is optional is to be seen."""

    exercises: Sequence[tuple[str, str]]
    today: date
    minutes: int | None
    distance_in: str
    degrees: str
    longest_note: int
    entered: Sequence[Entered]
    typed: Sent | None = None
    wrong: str | None = None
    is_open: bool = False

    def given(self, name: str, default: object = "") -> object:
        """What was typed, or what stands there at first."""
        return default if self.typed is None else self.typed.text(name)


@router.get("/log")
def asked(visit: Own) -> Response:
    return _shown(visit)


@router.post("/log")
def entered(visit: Own, form: Form) -> Response:
    try:
        said = told(form, visit.me, visit.now, visit.words)
        with keeping(visit, form, "/") as keep:
            person = keep.me(visit)
            measured = enter(keep.session, person, said, visit.now)
            plan = _plan_of(visit, keep.session, measured)
            locked = list(_locks(visit, keep.session, plan))
            noted = "log.noted" if locked else "reply.noted_done"
            keep.lines += [
                visit.say(noted, minutes=said.minutes, exercise=_one(said.exercise, visit)),
                *_cautions(visit, measured, plan),
                *locked,
            ]
            if said.started_at is None:
                label = visit.say("reply.to_pain")
                keep.leads_to = follows([Onward(label, "pain", pain.after(key(measured.activity)))])
    except TakenError as error:
        return _shown(visit, form, visit.say("log.taken", other=error.other))
    except UsageError as error:
        return _shown(visit, form, str(error))
    return visit.to(keep.address)


@router.post("/log/{number}/remove")
def taken_back(visit: Own, form: Form, number: Id) -> Response:
    with keeping(visit, form, "/log") as keep:
        try:
            remove(keep.session, keep.me(visit), number, visit.now)
        except ConflictError:
            raise ConflictError(visit.say("log.recorded")) from None
        keep.lines.append(visit.say("log.removed"))
    return visit.to(keep.address)


def _shown(visit: Visit, typed: Sent | None = None, wrong: str | None = None) -> Response:
    today = day_of(visit.now, visit.zone)
    with visit.reading() as session:
        found = people.plan_on(session, key(visit.me), today)
        rows = manual.entered(session, key(visit.me), visit.now - _LISTED)
        kept = [Entered(key(row), _line(row, visit)) for row in rows]
    items = found[1].items if found is not None else ()
    planned = [item.exercise for item in items]
    units = Units(visit.me.units)
    view = View(
        exercises=[
            (str(each), _one(each, visit))
            for each in [*planned, *(other for other in Exercise if other not in planned)]
        ],
        today=visit.now.astimezone(visit.zone).date(),  # by the calendar: a session may begin after midnight
        minutes=items[0].dose.minutes if items else None,
        distance_in=unit(Quantity.DISTANCE, units).symbol,
        degrees=unit(Quantity.TEMPERATURE, units).symbol,
        longest_note=LONGEST_NOTE,
        entered=kept,
        typed=typed,
        wrong=wrong,
        is_open=wrong is not None or (typed is not None and any(map(typed.text, _FOLDED))),
    )
    return visit.page("log.html.j2", _WRONG if wrong else 200, view=view)


def _plan_of(visit: Visit, session: Session, measured: Measured) -> Plan | None:
    found = people.plan_on(session, key(visit.me), day_of(measured.activity.started_at, visit.zone))
    return None if found is None else found[1]


def _cautions(visit: Visit, measured: Measured, plan: Plan | None) -> Iterator[str]:
    row, label = measured.activity, measured.label
    yield from advice(row.exercise, label.water_c if label else None, plan, visit.words.messages)
    if row.exercise == Exercise.SWIM and plan is not None and plan.traits.shoulder_injury:
        yield visit.say("log.shoulder")


def _locks(visit: Visit, session: Session, plan: Plan | None) -> Iterator[str]:
    """That the plan is locked: what was done is kept, and earns nothing."""
    words = visit.words.messages
    if (lock := locks.holding(session, key(visit.me), visit.now)) is not None:
        yield lock_line(lock, visit.me, words, "lock.holds_here")
    elif plan is not None and plan.locked:
        yield words.text("about.locked")


def _line(row: Activity, visit: Visit) -> str:
    words, begun = visit.words.messages, row.started_at.astimezone(visit.zone)
    what = _one(Exercise(row.exercise), visit) if row.exercise else words.text("reply.session")
    minutes = round((row.ended_at - row.started_at) / timedelta(minutes=1))
    return visit.say("log.line", exercise=what, day=_day(begun, visit), at=f"{begun:%H:%M}", minutes=minutes)


def _day(at: datetime, visit: Visit) -> str:
    words = visit.words.messages
    return f"{weekday(at.date(), words)}, {whole(at.date(), words)}"


def _one(exercise: Exercise, visit: Visit) -> str:
    return facts(exercise, visit.words.messages).one
