"""What the person was told, or is due to be."""

from typing import Final

from typing_extensions import TypedDict

from coach import shapes
from coach.shape_types import Nudge
from coach.store.tables import key
from coach.web.api.routing import Limit, Reader, resource
from coach.web.problems import answers
from scheduler import outbox

router: Final = resource("nudges")


class Nudges(TypedDict):
    nudges: list[Nudge]


@router.get("/nudges", responses=answers())
def listed(caller: Reader, limit: Limit = 50) -> Nudges:
    """The newest first, a line a channel."""
    with caller.reading() as session:
        return {"nudges": [shapes.nudge(each) for each in outbox.history(session, str(key(caller.me)), limit)]}
