"""What a signed link may do, one module a kind. A new one is a file beside this one and an entry here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coach.replies import done, flare, pain, signs, step, wishing
from coach.replies.model import Link, Reply

REPLIES: Final[Mapping[str, Reply]] = MappingProxyType(
    {
        reply.kind: reply
        for reply in (
            pain.REPLY,
            done.REPLY,
            step.REPLY,
            flare.REPLY,
            signs.REPLY,
            wishing.SNOOZE,
            wishing.OFF,
            wishing.ON,
        )
    }
)

__all__ = ["REPLIES", "Link", "Reply"]
