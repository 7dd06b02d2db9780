"""The writes of a sweep to its deliveries, each for many at once: claim them, hold them for sending, settle them.

A claim hands out a token. Whoever writes shows it, and a row whose token has changed, because the lease ran
out and another worker took over, stays as it is. No clean-up job: a lease that ran out is simply claimed
again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Dialect, Select, bindparam, literal_column, select, update

from scheduler.columns import by_column, driven, execute_among, execute_many, fetch
from scheduler.drafts import Address
from scheduler.merging import Letter
from scheduler.messages import Due
from scheduler.suspensions import Suspension, suspend
from scheduler.tables import DELIVERY, NUDGE, SUSPENDED, State
from scheduler.verdicts import Claim, Verdict

# SQLite takes 32,766 parameters a statement, older ones 999.
AT_A_TIME: Final = 500

# In the order of a claim's fields, after `due` and `token`.
OWN: Final = [
    *(DELIVERY.c[name] for name in ("id", "channel", "address")),
    (DELIVERY.c.attempts + literal_column("1")).label("attempts"),
    *(DELIVERY.c[name] for name in ("intent_at", "message_id", "detail", "not_before", "resent")),
]
DUE: Final = [NUDGE.c["id" if name == "nudge_id" else name] for name in Due._fields]
COLUMNS: Final = [*OWN, *DUE]
_AT: Final = [column.name for column in COLUMNS].index
_ID: Final = itemgetter(_AT("id"))
_ADDRESS: Final = itemgetter(_AT("address"))
_WHOSE: Final = itemgetter(*map(_AT, ("recipient_id", "channel", "address")))
HELD: Final = (DELIVERY.c.token == bindparam("held_by")) & (DELIVERY.c.state == literal_column(f"'{State.LEASED}'"))
CLAIM: Final = update(DELIVERY).values(
    state=literal_column(f"'{State.LEASED}'"),
    token=bindparam("held_by"),
    held_until=bindparam("until"),
    attempts=DELIVERY.c.attempts + literal_column("1"),
)
INTENT: Final = ("held_until", "intent_at", "resent", "message_id", "title", "text")
INTEND: Final = (
    update(DELIVERY)
    .where(DELIVERY.c.id == bindparam("of"), HELD)
    .values({name: bindparam(f"new_{name}") for name in INTENT})
)
INTEND_ROW: Final = ("of", "held_by", *(f"new_{name}" for name in INTENT))
SETTLE: Final = (
    update(DELIVERY)
    .where(HELD)
    .values({name: bindparam(f"new_{name}") for name in Verdict._fields if name not in {"allowed_at", "refused_at"}})
    .values(token=literal_column("NULL"), held_until=literal_column("NULL"))
)
PUT_OFF: Final = SETTLE.values(allowed_at=bindparam("new_allowed_at"))

Settled = tuple[Claim, Verdict]


class LeaseLostError(Exception):
    """Another worker has taken over some of these, or somebody has cancelled them; nothing was written."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was claimed, as the driver gave it. To make claims of it takes as long as to claim it, and needs no
    transaction, for which others wait.
    """

    rows: Sequence[tuple[Any, ...]]
    token: UUID
    refusals: Mapping[tuple[str, str], str]
    dialect: Dialect

    def claims(self) -> list[Claim]:
        columns = by_column(self.rows, COLUMNS, self.dialect)
        claims = map(Claim, map(Due, *columns[len(OWN) :]), repeat(self.token), *columns[: len(OWN)])
        if not self.refusals:
            return list(claims)
        return [one._replace(suspended=self.refusals.get((one.channel, one.address))) for one in claims]


def claim(
    connection: Connection, now: datetime, until: datetime, batch: int, together: timedelta | None = None
) -> Taken:
    """Hold up to `batch` deliveries whose time has come, `until` then: urgent ones, then the longest due.

    With `together` given, also what can go along: to the same recipients at the same addresses, due by then.
    """
    rows = fetch(connection, _due(now, batch, urgent=True))
    if len(rows) < batch:
        rows += fetch(connection, _due(now, batch - len(rows), urgent=False))
    if together is not None:
        rows += _companions(connection, rows, now, together)
    token = uuid4()
    of, moment = driven(connection, DELIVERY.c.token), driven(connection, DELIVERY.c.held_until)
    held = {"held_by": of(token), "until": moment(until)}
    for ids in _in_turns(list(map(_ID, rows))):
        execute_among(connection, CLAIM, DELIVERY.c.id, ids, held)
    return Taken(rows, token, _refusals(connection, rows), connection.dialect)


@cache  # with as many columns, it takes as long to say as to do
def _open() -> Select[Any]:
    """PostgreSQL passes over rows that another worker takes; SQLite's writers queue by BEGIN IMMEDIATE."""
    return select(*COLUMNS).join_from(DELIVERY, NUDGE).with_for_update(of=DELIVERY, skip_locked=True)


def _due(now: datetime, batch: int, *, urgent: bool) -> Select[Any]:
    mine = (DELIVERY.c.urgent == urgent) & (DELIVERY.c.not_before <= now)
    return _open().where(mine, _free(now)).order_by(DELIVERY.c.not_before).limit(batch)


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody has it, or whoever had it took too long."""
    return DELIVERY.c.held_until.is_(None) | (DELIVERY.c.held_until <= now)


def _companions(
    connection: Connection, rows: Sequence[tuple[Any, ...]], now: datetime, together: timedelta
) -> list[tuple[Any, ...]]:
    """What waits for another try is left to its wait."""
    known = set(map(_ID, rows))
    whose = set(map(_WHOSE, rows))
    due = DELIVERY.c.not_before <= now
    nearly = (
        (DELIVERY.c.state == State.PENDING) & (DELIVERY.c.attempts == 0) & (DELIVERY.c.not_before <= now + together)
    )
    found: list[tuple[Any, ...]] = []
    for addresses in _in_turns(sorted(set(map(_ADDRESS, rows)))):
        here = DELIVERY.c.address.in_(addresses) & DELIVERY.c.not_before.is_not(None) & ~DELIVERY.c.urgent
        found += fetch(connection, _open().where(here, due | nearly, _free(now)))
    return [row for row in found if _ID(row) not in known and _WHOSE(row) in whose]


def _refusals(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str], str]:
    """Why nothing goes to some of their addresses."""
    refusals = {}
    if rows and connection.execute(select(SUSPENDED.c.address).limit(1)).first() is not None:
        for addresses in _in_turns(sorted(set(map(_ADDRESS, rows)))):
            for each in connection.execute(select(SUSPENDED).where(SUSPENDED.c.address.in_(addresses))):
                reason = f"the address is suspended since {each.since:%Y-%m-%d}: {each.reason}"
                refusals[each.channel, each.address] = reason
    return refusals


def hold(connection: Connection, letters: Sequence[Letter], now: datetime, until: datetime) -> None:
    """Write down that these are about to be sent, and hold them `until` then.

    Raises:
        LeaseLostError: for some of them; the transaction must be rolled back.
    """
    moment, of = driven(connection, DELIVERY.c.intent_at), driven(connection, DELIVERY.c.id)
    intent_at, held_until = moment(now), moment(until)
    rows = [
        (
            of(member.delivery_id),
            of(member.token),
            held_until,
            intent_at,
            member.resent + (member.intent_at is not None),
            letter.outgoing.message_id,
            letter.outgoing.message.title,
            letter.outgoing.message.text,
        )
        for letter in letters
        for member in letter.members
    ]
    if rows and execute_many(connection, INTEND, INTEND_ROW, rows) != len(rows):
        raise LeaseLostError


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
