"""What the person was told, or is due to be."""

from typing import Final

from typing_extensions import TypedDict

from coach import shapes
from coach.shapes.types import Nudge
from coach.store.tables import key
from coach.web.api import cursors
from coach.web.api.routing import Cursor, Limit, Reader, resource
from coach.web.problems import answers
from scheduler import outbox

router: Final = resource("nudges")


class Nudges(TypedDict):
    """Newest first; `next` is the `cursor` of the page that follows, null on the last."""

    nudges: list[Nudge]
    next: str | None


@router.get("/nudges", responses=answers())
def listed(caller: Reader, limit: Limit = 50, cursor: Cursor = None) -> Nudges:
    """The newest first, a line a channel. What comes in meanwhile moves no page."""
    after = None if cursor is None else cursors.parsed_id(cursor)
    with caller.reading() as session:
        try:
            found = outbox.history(session, str(key(caller.me)), limit + 1, after)
        except LookupError:
            raise cursors.unknown() from None
    page = found[:limit]
    return {
        "nudges": [shapes.nudge(each) for each in page],
        "next": cursors.of_id(page[-1].delivery_id) if len(found) > limit else None,
    }
