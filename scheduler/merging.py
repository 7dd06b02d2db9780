"""Which deliveries go as one message."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from scheduler.channels.base import Outgoing
from scheduler.ids import digits
from scheduler.messages import Merge, Message
from scheduler.verdicts import Claim

Parcel = tuple[Claim, ...]
"""Deliveries that go as one message, by rank."""

Part = tuple[Claim, Message]


class Letter(NamedTuple):
    """A message about to go out, and the deliveries that it carries."""

    members: Parcel
    outgoing: Outgoing
    intent_at: datetime


def parcels(claims: Iterable[Claim], *, merge: bool) -> list[Parcel]:
    """What goes together, by rank; urgent ones first, each on its own."""
    if not merge:
        return [(claim,) for claim in sorted(claims, key=_rank)]
    groups: dict[Hashable, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=_rank):
        groups[_together(claim)].append(claim)
    return [tuple(group) for group in groups.values()]


def compose(parts: Sequence[Part], merge: Merge | None) -> Message:
    if len(parts) == 1 or merge is None:
        ((_, message),) = parts
        return message
    return merge([(claim.due, message) for claim, message in parts])


def message_id(first: Claim, domain: str) -> str:
    """The id of what may have arrived before; otherwise one by the message's first member, the same each time.

    An id that others may still go out under must not be given to what it did not carry: a receiver that has seen it
    would throw that away.
    """
    if first.intent_at is not None and first.message_id is not None:
        return first.message_id
    return f"<{digits(first.id)}@{domain}>"


def _together(claim: Claim) -> Hashable:
    """What may have arrived goes again as it was, without anything new."""
    if claim.due.urgent:
        return claim.id
    before = claim.message_id if claim.intent_at is not None else None
    return claim.due.recipient_id, claim.channel, claim.address, before


def _rank(claim: Claim) -> tuple[bool, int]:
    return not claim.due.urgent, claim.due.rank
