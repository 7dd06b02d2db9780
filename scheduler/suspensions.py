"""Addresses that a channel refused for good: nothing goes there until somebody has looked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, tuple_
from sqlalchemy.orm import Session

from scheduler.drafts import Address
from scheduler.tables import INSERT, SUSPENDED, connected


@dataclass(frozen=True, slots=True)
class Suspension:
    """`reason` is the channel's own answer, without the address."""

    address: Address
    since: datetime
    reason: str = field(repr=False)


def suspend(connection: Connection, suspensions: Iterable[Suspension]) -> None:
    """Send there no more; those suspended already stay as they are."""
    rows = [
        {"channel": each.address.channel, "address": each.address.address, "since": each.since, "reason": each.reason}
        for each in suspensions
    ]
    if rows:
        connection.execute(INSERT[connection.dialect.name](SUSPENDED).on_conflict_do_nothing(), rows)


def suspended(where: Connection | Session, addresses: Sequence[Address]) -> list[Suspension]:
    """Which of these are suspended, the latest last."""
    statement = select(SUSPENDED).where(_among(addresses)).order_by(SUSPENDED.c.since)
    return [
        Suspension(Address(row.channel, row.address), row.since, row.reason)
        for row in connected(where).execute(statement)
    ]


def resume(where: Connection | Session, addresses: Sequence[Address]) -> int:
    """Send there again from now on; what has failed meanwhile is not made up for. Returns how many were suspended."""
    return connected(where).execute(delete(SUSPENDED).where(_among(addresses))).rowcount


def _among(addresses: Sequence[Address]) -> ColumnElement[bool]:
    return tuple_(SUSPENDED.c.channel, SUSPENDED.c.address).in_([(each.channel, each.address) for each in addresses])
