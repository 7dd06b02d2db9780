"""The writes of a sweep to its deliveries, each for many at once: claim them, hold them for sending, settle them.

A claim hands out a token. Whoever writes shows it, and a row whose token has changed, because the lease ran
out and another worker took over, stays as it is. No clean-up job: a lease that ran out is simply claimed
again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple, TypeVar
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Update,
    bindparam,
    case,
    literal_column,
    null,
    select,
    update,
)

from scheduler.columns import by_column, driven, execute_among, execute_many, fetch
from scheduler.drafts import Address
from scheduler.ids import Id
from scheduler.merging import Letter
from scheduler.messages import Due
from scheduler.places import Place, numbering
from scheduler.settled import Settled
from scheduler.suspensions import Suspension, suspend
from scheduler.tables import DELIVERY, NUDGE, SUSPENDED, State
from scheduler.verdicts import Claim, Verdict

# SQLite takes 32,766 parameters a statement, older ones 999.
AT_A_TIME: Final = 500

# In the order of a claim's fields, after `due` and `token`.
OWN: Final = [
    *(DELIVERY.c[name] for name in ("id", "channel", "address")),
    (DELIVERY.c.attempts + literal_column("1")).label("attempts"),
    *(DELIVERY.c[name] for name in ("intent_at", "message_id", "detail", "not_before")),  # the last: companions' alone
]
DUE: Final = [NUDGE.c[name] for name in Due._fields]
PLACE: Final = Place(DELIVERY.c.id)
COLUMNS: Final = [*OWN, *DUE, PLACE]
_AT: Final = [column.name for column in [*OWN, *DUE]].index
_ID: Final = itemgetter(_AT("id"))
_PLACE: Final = itemgetter(len(OWN) + len(DUE))
_ADDRESS: Final = itemgetter(_AT("address"))
_WHOSE: Final = itemgetter(*map(_AT, ("recipient_id", "channel", "address")))
HELD: Final = (DELIVERY.c.token == bindparam("held_by")) & (DELIVERY.c.state == literal_column(f"'{State.LEASED}'"))
CLAIM: Final = update(DELIVERY).values(
    state=literal_column(f"'{State.LEASED}'"),
    token=bindparam("held_by"),
    held_until=bindparam("until"),
    attempts=DELIVERY.c.attempts + literal_column("1"),
)
INTENT: Final = ("held_until", "intent_at", "message_id", "title", "text")
INTEND: Final = (
    update(DELIVERY)
    .where(HELD)
    .values({name: bindparam(f"new_{name}") for name in INTENT})
    .values(
        resent=DELIVERY.c.resent
        + case((DELIVERY.c.intent_at.is_(None), literal_column("0")), else_=literal_column("1"))
    )
)
SETTLE: Final = (
    update(DELIVERY)
    .where(HELD)
    .values({name: bindparam(f"new_{name}") for name in Verdict._fields if name not in {"allowed_at", "refused_at"}})
    .values(token=literal_column("NULL"), held_until=literal_column("NULL"))
)
PUT_OFF: Final = SETTLE.values(allowed_at=bindparam("new_allowed_at"))


class Way(NamedTuple):
    """How the rows of claims are found: the column, and what of a claim stands there."""

    column: ColumnElement[Any]
    of: Callable[[Claim], Any]
    intend: Update


def _way(column: ColumnElement[Any], of: str) -> Way:
    return Way(column, attrgetter(of), INTEND.where(column == bindparam("of")))


BY_PLACE: Final = _way(PLACE, "place")
BY_KEY: Final = _way(DELIVERY.c.id, "id")

Thing = TypeVar("Thing")


class LeaseLostError(Exception):
    """Another worker has taken over some of these, or somebody has cancelled them; nothing was written."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was claimed, as the driver gave it. To make claims of it needs no transaction, for which others wait."""

    rows: Sequence[tuple[Any, ...]]
    token: Id
    refusals: Mapping[tuple[str, str], str]
    numbering: int
    dialect: Dialect

    def claims(self) -> list[Claim]:
        columns = by_column(self.rows, COLUMNS, self.dialect)
        # As `Due` and `Claim` would of each row, in a third of the time.
        dues = map(tuple.__new__, repeat(Due), zip(*columns[len(OWN) : -1], strict=True))
        found = (columns[-1], repeat(self.numbering))
        rows = zip(dues, repeat(self.token), *columns[: len(OWN)], *found, repeat(None), strict=False)
        claims: list[Claim] = list(map(tuple.__new__, repeat(Claim), rows))
        if not self.refusals:
            return claims
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
    token = driven(connection, DELIVERY.c.token)(uuid4())
    held = {"held_by": token, "until": driven(connection, DELIVERY.c.held_until)(until)}
    for places in _in_turns(list(map(_PLACE, rows))):
        execute_among(connection, CLAIM, PLACE, places, held)
    return Taken(rows, token, _refusals(connection, rows), numbering(connection), connection.dialect)


@cache  # with as many columns, it takes as long to say as to do
def _open(*, waiting: bool) -> Select[Any]:
    """PostgreSQL passes over rows that another worker takes; SQLite's writers queue by BEGIN IMMEDIATE."""
    columns = COLUMNS if waiting else [null() if each is DELIVERY.c.not_before else each for each in COLUMNS]
    return select(*columns).join_from(DELIVERY, NUDGE).with_for_update(of=DELIVERY, skip_locked=True)


def _due(now: datetime, batch: int, *, urgent: bool) -> Select[Any]:
    mine = (DELIVERY.c.urgent == urgent) & (DELIVERY.c.not_before <= now)
    return _open(waiting=False).where(mine, _free(now)).order_by(DELIVERY.c.not_before).limit(batch)


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
        found += fetch(connection, _open(waiting=True).where(here, due | nearly, _free(now)))
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
    moment = driven(connection, DELIVERY.c.intent_at)
    members = [(member, letter.outgoing) for letter in letters for member in letter.members]
    way = _found(connection, [member for member, _ in members])
    columns = {
        "of": [way.of(member) for member, _ in members],
        "held_by": [member.token for member, _ in members],
        "new_held_until": repeat(moment(until), len(members)),
        "new_intent_at": repeat(moment(now), len(members)),
        "new_message_id": [outgoing.message_id for _, outgoing in members],
        "new_title": [outgoing.message.title for _, outgoing in members],
        "new_text": [outgoing.message.text for _, outgoing in members],
    }
    if members and execute_many(connection, way.intend, columns) != len(members):
        raise LeaseLostError


def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    """Write down what became of them, and suspend the addresses that were refused for good.

    Raises:
        LeaseLostError: for some of them; the transaction must be rolled back.
    """
    way = _found(connection, [one for one, _ in settled])
    alike: dict[tuple[Id, Verdict], list[Claim]] = defaultdict(list)
    for one, verdict in settled:
        alike[one.token, verdict].append(one)
    for (token, verdict), claims in alike.items():
        statement = SETTLE if verdict.allowed_at is None else PUT_OFF
        new = {f"new_{name}": driven(connection, DELIVERY.c[name])(value) for name, value in verdict.row().items()}
        for rows in _in_turns(list(map(way.of, claims))):
            if execute_among(connection, statement, way.column, rows, {"held_by": token, **new}) != len(rows):
                raise LeaseLostError
        if verdict.refused_at is not None:
            refused = {Address(one.channel, one.address) for one in claims}
            suspend(connection, [Suspension(each, verdict.refused_at, verdict.detail or "") for each in refused])


def _found(connection: Connection, claims: Sequence[Claim]) -> Way:
    """By their places, if these are still where they were claimed."""
    now = numbering(connection)
    return BY_PLACE if all(one.numbering == now for one in claims) else BY_KEY


def still_held(connection: Connection, claims: Sequence[Claim]) -> set[Id]:
    """Those that nobody has taken over, or cancelled; nobody will before this transaction ends."""
    held: set[Id] = set()
    for some in _in_turns(claims):
        statement = select(DELIVERY.c.id, DELIVERY.c.token).where(
            DELIVERY.c.id.in_([one.delivery_id for one in some]), DELIVERY.c.state == State.LEASED
        )
        tokens = dict(fetch(connection, statement.with_for_update()))
        held.update(one.id for one in some if tokens.get(one.id) == one.token)
    return held


def _in_turns(many: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (many[start : start + AT_A_TIME] for start in range(0, len(many), AT_A_TIME))
