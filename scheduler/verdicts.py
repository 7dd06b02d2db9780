"""What becomes of a delivery: the failure policy, as functions of a claim, an answer and the moment.

No database and no clock in here. Each function gives the `Verdict` that is then written to the row.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from scheduler.channels.base import Delivered, Outcome, Permanent, Transient, Unknown
from scheduler.clock import QuietHours
from scheduler.ids import Id, as_uuid
from scheduler.messages import Cancelled, Due, Policy, Suppressed
from scheduler.tables import State

# A mail server that restarts is back within a minute; doubled six times, that is about an hour ...
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
DOUBLINGS: Final = 6
# ... and fifty tries are two days, as long as an outage over a weekend.
MOST_TRIES: Final = 50
# Up to a quarter is added to each wait, so that what failed together does not come back together.
SPREAD: Final = 0.25


class Claim(NamedTuple):
    """A delivery that this worker holds until another takes its token away. A tuple, as `Due` is."""

    due: Due
    token: Id
    id: Id  # the delivery's
    channel: str
    address: str
    attempts: int  # this one included
    intent_at: datetime | None  # an earlier attempt, which may have arrived
    message_id: str | None
    detail: str | None
    waited_until: datetime | None = None  # the `not_before` of one that goes along: its own time may be yet to come
    place: Any = None  # where its row is, for as long as the rows are numbered as said here
    numbering: int | None = None
    suspended: str | None = None  # why nothing goes to its address

    @property
    def delivery_id(self) -> UUID:
        return as_uuid(self.id)

    def __repr__(self) -> str:
        """Without the address, and what its channel said."""
        return f"Claim(delivery_id={self.delivery_id!r}, due={self.due!r}, attempts={self.attempts})"


class Verdict(NamedTuple):
    """What the row says from now on. `not_before` stands with PENDING only, `sent_at` with SENT only.

    `allowed_at` is the moment that quiet hours or a limit put it off to; None leaves what is there. `refused_at` is
    when the channel refused the address for good. A tuple, for equal ones are written together.
    """

    state: State
    detail: str | None
    attempts: int
    intent_at: datetime | None
    not_before: datetime | None = None
    sent_at: datetime | None = None
    allowed_at: datetime | None = None
    refused_at: datetime | None = None

    def row(self) -> dict[str, Any]:
        """The columns that it changes."""
        columns = self._asdict()
        del columns["refused_at"]
        if self.allowed_at is None:
            del columns["allowed_at"]
        return columns


_BY_DUE: Final = itemgetter(*map(Due._fields.index, ("rule", "timezone", "expires_at", "policy", "urgent")))
_BY_CLAIM: Final = itemgetter(*map(Claim._fields.index, ("channel", "attempts", "intent_at", "suspended")))


def circumstances(claim: Claim) -> Hashable:
    """All that decides whether it goes on: what `at_claim` reads, its channel and its rule. They are the same for most
    of what is due together.
    """
    return _BY_DUE(claim.due), _BY_CLAIM(claim)


def at_claim(claim: Claim, now: datetime, quiet: QuietHours) -> Verdict | None:
    """Whether it ends or waits before it is even prepared; None to go on."""
    due = claim.due
    if (over := _over(claim, now)) is not None:
        return over
    if due.urgent or (allowed := quiet.next_allowed(now, due.zone)) <= now:
        return None
    if due.expires_at is not None and due.expires_at <= allowed:
        return _ended(claim, State.EXPIRED, "too late after quiet hours")
    return _put_off(claim, "quiet hours", allowed)


def _over(claim: Claim, now: datetime) -> Verdict | None:
    due = claim.due
    if claim.intent_at is not None and due.policy is Policy.NEVER_TWICE:
        return _ended(claim, State.UNKNOWN, "a worker stopped while it was sending")
    if claim.attempts > MOST_TRIES:
        return _ended(claim, State.FAILED, "every worker that took it stopped")
    if due.expires_at is not None and due.expires_at <= now:
        return _ended(claim, State.EXPIRED, f"too late; before: {claim.detail}" if claim.detail else "too late")
    return None if claim.suspended is None else _ended(claim, State.FAILED, claim.suspended)


def no_room(claim: Claim, again_at: datetime, reason: str) -> Verdict:
    """A limit has no place left for it until `again_at`, when it may be too late."""
    expires_at = claim.due.expires_at
    if expires_at is not None and expires_at <= again_at:
        return _ended(claim, State.SUPPRESSED, reason)
    return _put_off(claim, reason, again_at)


def put_back(claim: Claim) -> Verdict:
    """It was to go along with others, of which none goes."""
    return Verdict(
        State.PENDING, claim.detail, claim.attempts - 1, intent_at=claim.intent_at, not_before=claim.waited_until
    )


def not_set_up(claim: Claim, now: datetime, what: str) -> Verdict:
    """This process lacks its channel or its rule's Prepare; the next release or setting may bring it."""
    return _again(claim, now, f"{what} is not set up")


def prepare_declined(claim: Claim, answer: Cancelled | Suppressed) -> Verdict:
    state = State.CANCELLED if isinstance(answer, Cancelled) else State.SUPPRESSED
    return _ended(claim, state, answer.reason)


def prepare_raised(claim: Claim, now: datetime, where: str) -> Verdict:
    """Its fault may be mended by a release within the two days, or have been a busy database."""
    return _again(claim, now, f"Prepare raised {where}")


def after_send(
    claim: Claim, outcome: Outcome, intent_at: datetime, now: datetime, lead: Claim | None = None
) -> Verdict:
    """What a channel's answer means. `intent_at` is this attempt's, `claim.intent_at` an earlier one's.

    `lead` is the first of its message: what went out together waits as long, and goes again together.
    """
    match outcome:
        case Delivered():
            return _sent(claim.attempts, intent_at, now)
        case Permanent(reason):
            return Verdict(State.FAILED, reason, claim.attempts, intent_at=claim.intent_at, refused_at=now)
        case Transient(reason, retry_after):
            return _again(claim, now, reason, at_least=retry_after, lead=lead)
        case Unknown(reason) if claim.due.policy is Policy.NEVER_TWICE:
            return Verdict(State.UNKNOWN, reason, claim.attempts, intent_at=intent_at)
        case Unknown(reason):
            return _again(claim._replace(intent_at=intent_at), now, reason, lead=lead)


@lru_cache(maxsize=64)  # what goes out together is sent alike
def _sent(attempts: int, intent_at: datetime, now: datetime) -> Verdict:
    return Verdict(State.SENT, None, attempts, intent_at=intent_at, sent_at=now)


def _again(
    claim: Claim, now: datetime, reason: str, *, at_least: timedelta | None = None, lead: Claim | None = None
) -> Verdict:
    """Back to pending after a wait, or the end of it after so many tries."""
    if claim.attempts >= MOST_TRIES:
        return _ended(claim, State.FAILED, f"gave up after {claim.attempts} tries: {reason}")
    wait = max(backoff(lead or claim), at_least or timedelta())
    return Verdict(State.PENDING, reason, claim.attempts, intent_at=claim.intent_at, not_before=now + wait)


def _put_off(claim: Claim, reason: str, until: datetime) -> Verdict:
    """Back to pending as if it had not been taken: it is not its fault."""
    return Verdict(
        State.PENDING,
        reason,
        claim.attempts - 1,
        intent_at=claim.intent_at,
        not_before=until,
        allowed_at=until,
    )


def _ended(claim: Claim, state: State, reason: str) -> Verdict:
    """Final without another send; as unknown where it may have arrived, for "expired" would deny that."""
    if claim.intent_at is not None and state is not State.UNKNOWN:
        state, reason = State.UNKNOWN, f"may have arrived; then {state}: {reason}"
    return Verdict(state, reason, claim.attempts, intent_at=claim.intent_at)


def backoff(claim: Claim) -> timedelta:
    """How long to wait after this attempt: doubled up to an hour, and spread by the delivery's own id."""
    doubled = FIRST_WAIT * (1 << min(claim.attempts - 1, DOUBLINGS))
    share = claim.delivery_id.int % 1009 / 1009  # a prime, so that all bits of the id count
    return min(doubled, LONGEST_WAIT) * (1 + SPREAD * share)
