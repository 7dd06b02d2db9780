"""How it is now, in two taps; and what else a person may want to say: a flare, warning signs, days off."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from coach import flaring
from coach.checking_in import flare_episodes
from coach.errors import UsageError
from coach.replies import now as reply_now
from coach.replies.model import Form as Asks
from coach.safety.flares import current
from coach.safety.model import Excusal, ExcusalKind
from coach.safety.mornings import is_in_morning
from coach.store import excusals
from coach.store.tables import key
from coach.web.forms import Form, Sent, keeping
from coach.web.say import asking, kept, ticked
from coach.web.visit import Id, Own, Visit
from coach.weeks import day_of
from config.messages.calendar import whole

router: Final = APIRouter()

_WRONG: Final = 422
_SHOWN_AT_ONCE: Final = ("pain", "shoulder", "new")


@dataclass(frozen=True, slots=True)
class DayOff:
    """Days on which nothing is asked, and the number by which they are taken back."""

    id: int
    line: str


@dataclass(frozen=True, slots=True)
class View:
    """`asks` is what is asked of now; `wrong` and `typed` stand with the form that could not be taken, by its path."""

    asks: Asks
    first: Sequence[object]
    more: Sequence[object]
    in_flare: bool
    is_morning: bool
    days_off: Sequence[DayOff]
    wrong: dict[str, str] = field(default_factory=dict)
    typed: Sent | None = None


@router.get("/check-in")
def asked(visit: Own) -> Response:
    return _shown(visit)


@router.post("/check-in")
def told(visit: Own, form: Form) -> Response:
    try:
        return visit.to(kept(visit, form, reply_now.REPLY, ""))
    except UsageError as error:
        return _shown(visit, {"check-in": str(error)}, form)


@router.post("/check-in/flare-over")
def flare_over(visit: Own, form: Form) -> Response:
    with keeping(visit, form, "/") as keep:
        if current(flare_episodes(keep.session, keep.me(visit), visit.now)) is not None:
            flaring.end(keep.session, keep.me(visit), visit.now, visit.now)
        keep.lines.append(visit.say("check_in.flare_ended"))
    return visit.to(keep.address)


@router.post("/check-in/days-off")
def excused(visit: Own, form: Form) -> Response:
    try:
        excusal = _excusal(visit, form)
    except UsageError as error:
        return _shown(visit, {"days-off": str(error)}, form)
    with keeping(visit, form, "/check-in") as keep:
        excusals.add(keep.session, key(visit.me), excusal, None, visit.now)
        keep.lines.append(visit.say("check_in.days_noted", days=_line(visit, excusal)))
    return visit.to(keep.address)


@router.post("/check-in/days-off/{number}")
def asked_again(visit: Own, form: Form, number: Id) -> Response:
    with keeping(visit, form, "/check-in") as keep:
        excusals.remove(keep.session, key(visit.me), number)
        keep.lines.append(visit.say("check_in.days_back"))
    return visit.to(keep.address)


def _shown(visit: Visit, wrong: dict[str, str] | None = None, typed: Sent | None = None) -> Response:
    with visit.reading() as session:
        person = visit.me
        asks = reply_now.ask(asking(visit, session, person, ""))
        in_flare = current(flare_episodes(session, person, visit.now)) is not None
        kept_days = excusals.kept(session, key(person))
    today = day_of(visit.now, visit.zone)
    view = View(
        asks=asks,
        first=[each for each in asks.fields if each.name in _SHOWN_AT_ONCE],
        more=[each for each in asks.fields if each.name not in _SHOWN_AT_ONCE],
        in_flare=in_flare,
        is_morning=is_in_morning(visit.now.astimezone(visit.zone).time()),
        days_off=[
            DayOff(each.id, _line(visit, each.excusal))
            for each in kept_days
            if each.excusal.last_day is None or each.excusal.last_day >= today
        ],
        wrong=wrong or {},
        typed=typed,
    )
    return visit.page("check_in.html.j2", _WRONG if wrong else 200, urgent=ticked(visit, typed), view=view)


def _excusal(visit: Visit, form: Sent) -> Excusal:
    """
    Raises:
        UsageError: no reason is chosen, a day is none, or they end before they begin.
    """
    if form.text("kind") not in set(ExcusalKind):
        raise UsageError(visit.say("check_in.which"))
    first = _day(visit, form.text("first")) or day_of(visit.now, visit.zone)
    last = _day(visit, form.text("last"))
    if last is not None and last < first:
        raise UsageError(visit.say("check_in.backwards"))
    return Excusal(ExcusalKind(form.text("kind")), first, last)


def _day(visit: Visit, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(visit.say("check_in.no_day", day=text[:20])) from None


def _line(visit: Visit, excusal: Excusal) -> str:
    words = visit.words.messages
    first, why = whole(excusal.first_day, words), visit.say(f"excused.{excusal.kind}")
    why = why[:1].upper() + why[1:]
    if excusal.last_day is None:
        return visit.say("check_in.from", why=why, first=first)
    if excusal.last_day == excusal.first_day:
        return visit.say("check_in.on", why=why, first=first)
    return visit.say("check_in.span", why=why, first=first, last=whole(excusal.last_day, words))
