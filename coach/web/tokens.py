"""With which tokens programs may ask in somebody's name: made, shown once, and removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from coach.accounts.tokens import DAYS, LONGEST_NAME, Scope, issue
from coach.errors import UsageError
from coach.store import tokens
from coach.store.tables import key
from coach.store.tokens import AccessToken
from coach.web.forms import Form, Sent, keeping
from coach.web.visit import Own, Visit
from config.messages.calendar import whole

router: Final = APIRouter()

PATH: Final = "/account/tokens"
_WRONG: Final = 422
_LAST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """A token that is there, in words."""

    number: int
    name: str
    scopes: Sequence[str]
    until: str
    used: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class View:
    """`made`: the token that was just made, and is shown this once."""

    lines: Sequence[Line]
    name: str = ""
    scopes: Sequence[str] = ()
    days: int = DAYS[1]
    made: str | None = None
    wrong: str | None = None


@router.get(PATH)
def listed(visit: Own) -> Response:
    return _page(visit, View(_lines(visit)))


@router.post(PATH)
def made(visit: Own, form: Form) -> Response:
    typed = View((), form.text("name"), form.all("scope"), _days(form))
    if (fault := _fault(typed)) is not None:
        return _page(visit, View(_lines(visit), typed.name, typed.scopes, typed.days, wrong=visit.say(fault)), _WRONG)
    try:
        with keeping(visit, form, PATH) as kept:
            issued = issue(kept.session, key(visit.me), typed.name, typed.scopes, typed.days, visit.now)
            kept.lines.append(visit.say("tokens.made_before", name=issued.row.name))
    except UsageError:
        wrong = visit.say("tokens.too_many")
        return _page(visit, View(_lines(visit), typed.name, typed.scopes, typed.days, wrong=wrong), _WRONG)
    return _page(visit, View(_lines(visit), made=issued.token))


@router.post(PATH + "/{number}/remove")
def removed(visit: Own, form: Form, number: Annotated[int, Path(ge=1, le=_LAST)]) -> Response:
    with keeping(visit, form, PATH) as kept:
        row = tokens.remove(kept.session, key(visit.me), number, visit.now)
        kept.lines.append(visit.say("tokens.removed", name=row.name))
    return visit.to(kept.address)


def _page(visit: Visit, view: View, status: int = 200) -> Response:
    return visit.page("tokens.html.j2", status, view=view, scopes=Scope, days=DAYS, longest=LONGEST_NAME)


def _fault(typed: View) -> str | None:
    """What keeps it from being made, as the name of a text."""
    if not 0 < len(typed.name) <= LONGEST_NAME:
        return "tokens.no_name"
    if not typed.scopes or set(typed.scopes) - set(Scope):
        return "tokens.no_scope"
    return None if typed.days in DAYS else "tokens.no_days"


def _days(form: Sent) -> int:
    text = form.text("days")
    return int(text) if text in map(str, DAYS) else 0


def _lines(visit: Visit) -> list[Line]:
    with visit.reading() as session:
        return [_line(each, visit) for each in tokens.of_person(session, key(visit.me))]


def _line(row: AccessToken, visit: Visit) -> Line:
    used = visit.say("tokens.never") if row.used_at is None else visit.say("tokens.used", day=_day(row.used_at, visit))
    is_over = row.expires_at <= visit.now
    until = visit.say("tokens.over" if is_over else "tokens.until", day=_day(row.expires_at, visit))
    return Line(key(row), row.name, row.scopes, until, used, is_over)


def _day(at: datetime, visit: Visit) -> str:
    return whole(at.astimezone(visit.zone).date(), visit.words.messages)
