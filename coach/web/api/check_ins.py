"""How it is: told, and what was told. What a warning sign is answered with is said in any case."""

from typing import Annotated, Final, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt
from typing_extensions import TypedDict

from coach import messenger, shapes
from coach.checking_in import WORST, Said, note, said_before, sessions_of
from coach.errors import UsageError
from coach.locks import questions, told_at_once
from coach.safety.model import Extent, Phase
from coach.shapes.types import CheckIn
from coach.shapes.types import Noted as NotedShape
from coach.store import check_ins
from coach.store.engine import writing
from coach.store.tables import Person, key
from coach.web.api import cursors
from coach.web.api.cursors import Place
from coach.web.api.routing import BEGINNING, END, LAST_ID, Cursor, Limit, Moment, Reader, Since, Teller, Until, resource
from coach.web.problems import UrgentError, answers
from config.messages import catalogue

router: Final = resource("check-ins")

Score = Annotated[StrictInt, Field(ge=0, le=WORST)]


class CheckIns(TypedDict):
    """Newest first; `next` is the `cursor` of the page that follows, null on the last."""

    check_ins: list[CheckIn]
    next: str | None


class Given(BaseModel):
    """As `coach pain` takes it; at least one of pain, extent, numbness, weakness and shoulder."""

    model_config = ConfigDict(extra="forbid")

    pain: Score | None = None
    phase: Phase | None = Field(default=None, description="Without it, the clock says.")
    extent: Literal["none", "back", "buttock", "thigh", "below-knee", "foot"] | None = None
    numbness: StrictBool = False
    weakness: StrictBool = False
    shoulder: Score | None = None
    activity_id: Annotated[StrictInt, Field(ge=1, le=LAST_ID)] | None = None
    at: Moment | None = Field(
        default=None, description="Now, without it. Said again of the same moment, it is kept once."
    )

    def said(self) -> Said:
        given = self.model_dump(exclude={"extent"})
        extent = None if self.extent is None else Extent[self.extent.upper().replace("-", "_")]
        return Said(**given, extent=extent)


@router.get("/check-ins", responses=answers())
def listed(
    caller: Reader, limit: Limit = 50, cursor: Cursor = None, since: Since = None, until: Until = None
) -> CheckIns:
    """What was told in a span of time, newest first. What comes in meanwhile moves no page."""
    start, end = caller.instant(since, BEGINNING), caller.instant(until, END)
    before = None if cursor is None else cursors.parsed(cursor)
    with caller.reading() as session:
        found = check_ins.latest(session, key(caller.me), start, end, before, limit + 1)
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return {
        "check_ins": [shapes.check_in(each.id, each.check_in) for each in page],
        "next": None if last is None else cursors.written(Place(last.check_in.at, last.id)),
    }


@router.post(
    "/check-ins",
    status_code=201,
    responses={
        200: {"model": NotedShape, "description": "It was said before of that moment, and is kept."},
        **answers(400, 404, 413),
    },
)
def told(response: Response, caller: Teller, given: Given) -> NotedShape:
    """Say how it is. `told` is what the person must be told at once; new weakness locks the plan."""
    said = given.said()
    if said.is_empty:
        raise UsageError("Nothing is said of how it is: give pain, extent, numbness, weakness or shoulder.")
    words = catalogue(caller.me.language)
    urgent = told_at_once(said.signs, caller.me.emergency_number, words)
    try:
        with writing(caller.app.engine, caller.me.id) as session:
            me = session.get_one(Person, caller.me.id)
            before = said_before(session, me, said, caller.now)
            noted = before or note(session, me, said, caller.now)
        if noted.signs:
            messenger.plan_at_once(caller.app.engine, caller.app.settings, key(caller.me), caller.now)
        with caller.reading() as session:
            bouts = sessions_of(session, caller.me, noted.check_in, caller.now)
    except Exception as error:
        if not urgent:
            raise
        raise UrgentError(urgent) from error
    response.status_code = 201 if before is None else 200
    asked = questions(words) if noted.asks_at_once else ()
    return shapes.noted(noted, urgent, asked, bouts, phase_said=said.phase is not None)
