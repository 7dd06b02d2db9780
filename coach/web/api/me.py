"""Whose token it is, and what it is for."""

from datetime import datetime
from typing import Final

from typing_extensions import TypedDict

from coach import shapes
from coach.accounts.tokens import Scope
from coach.shapes.types import Instant
from coach.web.api.routing import Anybody, resource
from coach.web.problems import answers

router: Final = resource("me")


class Me(TypedDict):
    name: str
    timezone: str
    language: str
    units: str
    now: Instant
    scopes: list[Scope]
    expires_at: Instant


@router.get("/me", responses=answers())
def me(caller: Anybody) -> Me:
    """In whose name the token asks, its scopes, and until when it is good. Any token will do."""
    return {
        "name": caller.me.name,
        "timezone": caller.me.timezone,
        "language": caller.me.language,
        "units": caller.me.units,
        "now": _instant(caller.now),
        "scopes": [each for each in Scope if each in caller.bearer.scopes],
        "expires_at": _instant(caller.bearer.expires_at),
    }


def _instant(at: datetime) -> str:
    return shapes.instant(at) or ""
