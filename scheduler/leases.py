"""The writes of a sweep to its deliveries, each for many at once: claim them, hold them for sending, settle them.

A claim hands out a token. Whoever writes shows it, and a row whose token has changed, because the lease ran
out and another worker took over, stays as it is. No clean-up job: a lease that ran out is simply claimed
again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, Select, bindparam, literal_column, select, update

from scheduler.columns import driven, execute_among, execute_many
from scheduler.drafts import Address
from scheduler.merging import Letter
from scheduler.messages import Due
from scheduler.suspensions import Suspension, suspend
from scheduler.tables import DELIVERY, NUDGE, SUSPENDED, State
from scheduler.verdicts import Claim, Verdict

# SQLite takes 32,766 parameters a statement, older ones 999.
AT_A_TIME: Final = 900

# In this order `_claimed` reads them.
OWN: Final = ("id", "channel", "address", "attempts", "intent_at", "message_id", "detail", "not_before", "resent")
DUE: Final = [NUDGE.c["id" if field.name == "nudge_id" else field.name] for field in fields(Due)]
HELD: Final = (DELIVERY.c.token == bindparam("held_by")) & (DELIVERY.c.state == literal_column(f"'{State.LEASED}'"))
CLAIM: Final = update(DELIVERY).values(
    state=literal_column(f"'{State.LEASED}'"),
    token=bindparam("held_by"),
    not_before=bindparam("until"),
    attempts=DELIVERY.c.attempts + literal_column("1"),
)
INTEND: Final = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("of"), HELD)
    .values({name: bindparam(f"new_{name}") for name in ("intent_at", "resent", "message_id", "title", "text")})
)
EXTEND: Final = update(DELIVERY).values(not_before=bindparam("until"))
SETTLE: Final = (
    update(DELIVERY)
    .where(HELD)
    .values({name: bindparam(f"new_{name}") for name in Verdict._fields if name not in {"allowed_at", "refused_at"}})
    .values(token=literal_column("NULL"))
)
PUT_OFF: Final = SETTLE.values(allowed_at=bindparam("new_allowed_at"))

Settled = tuple[Claim, Verdict]


class LeaseLostError(Exception):
    """Another worker has taken over some of these, or somebody has cancelled them; nothing was written."""


def claim(
    connection: Connection, now: datetime, until: datetime, batch: int, together: timedelta | None = None
) -> list[Claim]:
    """Hold up to `batch` deliveries whose time has come, `until` then: urgent ones, then the longest due.

    With `together` given, also what can go along: to the same recipients at the same addresses, due by then.
    """
    rows = [*connection.execute(_due(now, batch, urgent=True)).all()]
    if len(rows) < batch:
        rows += connection.execute(_due(now, batch - len(rows), urgent=False)).all()
    if together is not None:
        rows += _companions(connection, rows, now, together)
    token = uuid4()
    of, moment = driven(connection, DELIVERY.c.id), driven(connection, DELIVERY.c.not_before)
    held = {"held_by": of(token), "until": moment(until)}
    for ids in _in_turns([of(row.id) for row in rows]):
        execute_among(connection, CLAIM, DELIVERY.c.id, ids, held)
    refusals = _refusals(connection, rows)
    return [_claimed(row, token, until, refusals) for row in rows]


def _open() -> Select[Any]:
    """PostgreSQL passes over rows that another worker takes; SQLite's writers queue by BEGIN IMMEDIATE."""
    return (
        select(*(DELIVERY.c[name] for name in OWN), *DUE)
        .join_from(DELIVERY, NUDGE)
        .with_for_update(of=DELIVERY, skip_locked=True)
    )


def _due(now: datetime, batch: int, *, urgent: bool) -> Select[Any]:
    mine = (DELIVERY.c.urgent == urgent) & (DELIVERY.c.not_before <= now)
    return _open().where(mine).order_by(DELIVERY.c.not_before).limit(batch)


def _companions(
    connection: Connection, rows: Sequence[Row[Any]], now: datetime, together: timedelta
) -> Iterator[Row[Any]]:
    """What waits for another try is left to its wait."""
    known = {row.id for row in rows}
    whose = {_whose(row) for row in rows}
    due = DELIVERY.c.not_before <= now
    nearly = (
        (DELIVERY.c.state == State.PENDING) & (DELIVERY.c.attempts == 0) & (DELIVERY.c.not_before <= now + together)
    )
    for addresses in _in_turns(sorted({row.address for row in rows})):
        here = DELIVERY.c.address.in_(addresses) & DELIVERY.c.not_before.is_not(None) & ~DELIVERY.c.urgent
        for row in connection.execute(_open().where(here, due | nearly)):
            if row.id not in known and _whose(row) in whose:
                yield row


def _whose(row: Any) -> tuple[str, str, str]:
    return row.recipient_id, row.channel, row.address


def _refusals(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], str]:
    """Why nothing goes to some of their addresses."""
    refusals = {}
    if rows and connection.execute(select(SUSPENDED.c.address).limit(1)).first() is not None:
        for addresses in _in_turns(sorted({row.address for row in rows})):
            for each in connection.execute(select(SUSPENDED).where(SUSPENDED.c.address.in_(addresses))):
                reason = f"the address is suspended since {each.since:%Y-%m-%d}: {each.reason}"
                refusals[each.channel, each.address] = reason
    return refusals


def _claimed(row: Iterable[Any], token: UUID, until: datetime, refusals: Mapping[tuple[str, str], str]) -> Claim:
    delivery_id, channel, address, attempts, intent_at, message_id, detail, not_before, resent, *due = row
    return Claim(
        Due(*due),
        delivery_id,
        token,
        channel,
        address,
        attempts + 1,
        intent_at,
        message_id,
        detail,
        waited_until=not_before,
        held_until=until,
        resent=resent,
        suspended=refusals.get((channel, address)),
    )


def hold(connection: Connection, letters: Sequence[Letter], now: datetime, until: datetime) -> None:
    """Write down that these are about to be sent, and hold them `until` then where less than half of it is left.

    Raises:
        LeaseLostError: for some of them; the transaction must be rolled back.
    """
    moment, of = driven(connection, DELIVERY.c.intent_at), driven(connection, DELIVERY.c.id)
    intent_at = moment(now)
    rows = [
        {
            "of": of(member.delivery_id),
            "held_by": of(member.token),
            "new_intent_at": intent_at,
            "new_resent": member.resent + (member.intent_at is not None),
            "new_message_id": letter.outgoing.message_id,
            "new_title": letter.outgoing.message.title,
            "new_text": letter.outgoing.message.text,
        }
        for letter in letters
        for member in letter.members
    ]
    if rows and execute_many(connection, INTEND, rows) != len(rows):
        raise LeaseLostError
    half = now + (until - now) / 2
    short = [
        of(member.delivery_id)
        for letter in letters
        for member in letter.members
        if member.held_until is None or member.held_until < half
    ]
    for ids in _in_turns(short):  # not always, for it is in an index
        execute_among(connection, EXTEND, DELIVERY.c.id, ids, {"until": moment(until)})


def settle(connection: Connection, settled: Iterable[Settled]) -> None:
    """Write down what became of them, and suspend the addresses that were refused for good.

    Raises:
        LeaseLostError: for some of them; the transaction must be rolled back.
    """
    alike: dict[tuple[UUID, Verdict], list[Claim]] = defaultdict(list)
    for one, verdict in settled:
        alike[one.token, verdict].append(one)
    of = driven(connection, DELIVERY.c.id)
    for (token, verdict), claims in alike.items():
        statement = SETTLE if verdict.allowed_at is None else PUT_OFF
        new = {f"new_{name}": driven(connection, DELIVERY.c[name])(value) for name, value in verdict.row().items()}
        for ids in _in_turns([of(one.delivery_id) for one in claims]):
            if execute_among(connection, statement, DELIVERY.c.id, ids, {"held_by": of(token), **new}) != len(ids):
                raise LeaseLostError
        if verdict.refused_at is not None:
            refused = {Address(one.channel, one.address) for one in claims}
            suspend(connection, [Suspension(each, verdict.refused_at, verdict.detail or "") for each in refused])


def still_held(connection: Connection, claims: Sequence[Claim]) -> set[UUID]:
    """Those that nobody has taken over, or cancelled; nobody will before this transaction ends."""
    held: set[UUID] = set()
    for ids in _in_turns([one.delivery_id for one in claims]):
        statement = select(DELIVERY.c.id, DELIVERY.c.token).where(
            DELIVERY.c.id.in_(ids), DELIVERY.c.state == State.LEASED
        )
        tokens = {row.id: row.token for row in connection.execute(statement.with_for_update())}
        held.update(one.delivery_id for one in claims if tokens.get(one.delivery_id) == one.token)
    return held


def _in_turns(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (ids[start : start + AT_A_TIME] for start in range(0, len(ids), AT_A_TIME))
