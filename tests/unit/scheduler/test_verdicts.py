"""The failure policy, case by case, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import verdicts
from scheduler.channels.base import Delivered, Permanent, Transient, Unknown
from scheduler.clock import QuietHours
from scheduler.desk import Desk
from scheduler.intents import Terms
from scheduler.messages import Cancelled, Due, Policy, Suppressed
from scheduler.tables import State
from scheduler.verdicts import Claim

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
NIGHT = datetime(2026, 7, 1, 23, tzinfo=UTC)
MORNING = datetime(2026, 7, 2, 8, tzinfo=UTC)
QUIET = QuietHours()
HOUR = timedelta(hours=1)

DUE = Due(
    id=UUID(int=1),
    recipient_id="p1",
    rule="R1",
    period="a1",
    timezone="UTC",
    due_at=NOON,
    expires_at=None,
    policy=Policy.RESEND,
    urgent=False,
)
CLAIM = Claim(
    due=DUE,
    id=UUID(int=2),
    token=UUID(int=3),
    channel="email",
    address="a@example.org",
    attempts=1,
    intent_at=None,
    message_id=None,
    detail=None,
)
IN_DOUBT = CLAIM._replace(attempts=2, intent_at=NOON - HOUR)


def with_due(claim: Claim, **changes) -> Claim:
    return claim._replace(due=claim.due._replace(**changes))


def test_what_is_due_by_day_goes_on():
    assert verdicts.at_claim(CLAIM, NOON, QUIET) is None


def test_quiet_hours_put_it_off_and_give_the_attempt_back():
    verdict = verdicts.at_claim(CLAIM, NIGHT, QUIET)

    assert (verdict.state, verdict.not_before, verdict.attempts) == (State.PENDING, MORNING, 0)


def test_urgent_passes_quiet_hours():
    assert verdicts.at_claim(with_due(CLAIM, urgent=True), NIGHT, QUIET) is None


@pytest.mark.parametrize(
    ("now", "expires_at", "state"),
    [
        (NOON, NOON, State.EXPIRED),
        (NOON, NOON + HOUR, None),
        (NIGHT, MORNING, State.EXPIRED),  # would be too late after quiet hours
        (NIGHT, MORNING + HOUR, State.PENDING),
    ],
)
def test_expiry(now, expires_at, state):
    verdict = verdicts.at_claim(with_due(CLAIM, expires_at=expires_at), now, QUIET)

    assert (verdict and verdict.state) == state


def test_a_lease_that_ran_out_after_intent_follows_the_policy():
    assert verdicts.at_claim(IN_DOUBT, NOON, QUIET) is None
    verdict = verdicts.at_claim(with_due(IN_DOUBT, policy=Policy.NEVER_TWICE), NOON, QUIET)
    assert (verdict.state, verdict.intent_at) == (State.UNKNOWN, IN_DOUBT.intent_at)


def test_what_may_have_arrived_ends_as_unknown_whatever_stops_it():
    late = verdicts.at_claim(with_due(IN_DOUBT, expires_at=NOON), NOON, QUIET)
    false = verdicts.prepare_declined(IN_DOUBT, Cancelled("scored"))

    assert late.state is State.UNKNOWN
    assert "expired" in late.detail
    assert false.state is State.UNKNOWN
    assert "scored" in false.detail


def test_a_delivery_that_stops_every_worker_is_given_up():
    verdict = verdicts.at_claim(CLAIM._replace(attempts=verdicts.MOST_TRIES + 1), NOON, QUIET)
    assert verdict.state is State.FAILED


@pytest.mark.parametrize(
    ("answer", "state"), [(Cancelled("scored"), State.CANCELLED), (Suppressed("paused"), State.SUPPRESSED)]
)
def test_prepare_declines(answer, state):
    verdict = verdicts.prepare_declined(CLAIM, answer)
    assert (verdict.state, verdict.detail) == (state, answer.reason)


def test_prepare_that_raises_is_tried_again_and_then_given_up():
    assert verdicts.prepare_raised(CLAIM, NOON, "KeyError").state is State.PENDING
    last = verdicts.prepare_raised(CLAIM._replace(attempts=verdicts.MOST_TRIES), NOON, "KeyError")
    assert last.state is State.FAILED


@pytest.mark.parametrize(
    ("outcome", "policy", "state", "doubt"),
    [
        (Delivered(), Policy.RESEND, State.SENT, True),
        (Permanent("550"), Policy.RESEND, State.FAILED, False),
        (Transient("451"), Policy.RESEND, State.PENDING, False),
        (Transient("451"), Policy.NEVER_TWICE, State.PENDING, False),
        (Unknown("lost"), Policy.RESEND, State.PENDING, True),
        (Unknown("lost"), Policy.NEVER_TWICE, State.UNKNOWN, True),
    ],
)
def test_what_the_channel_answers(outcome, policy, state, doubt):
    verdict = verdicts.after_send(with_due(CLAIM, policy=policy), outcome, NOON, NOON + HOUR)

    assert verdict.state is state
    assert verdict.intent_at == (NOON if doubt else None)
    assert (verdict.sent_at is not None) is (state is State.SENT)
    assert (verdict.not_before is not None) is (state is State.PENDING)


def test_a_transient_answer_does_not_take_an_earlier_doubt_back():
    assert verdicts.after_send(IN_DOUBT, Transient("451"), NOON, NOON).intent_at == IN_DOUBT.intent_at


def test_unknown_for_good_after_the_last_try():
    spent = CLAIM._replace(attempts=verdicts.MOST_TRIES)

    assert verdicts.after_send(spent, Transient("451"), NOON, NOON).state is State.FAILED
    assert verdicts.after_send(spent, Unknown("lost"), NOON, NOON).state is State.UNKNOWN


def test_the_channel_may_ask_for_a_longer_wait():
    verdict = verdicts.after_send(CLAIM, Transient("429", retry_after=timedelta(hours=5)), NOON, NOON)
    assert verdict.not_before == NOON + timedelta(hours=5)


@given(st.uuids(), st.integers(1, verdicts.MOST_TRIES))
def test_waits_grow_to_an_hour_and_a_quarter_and_repeat_exactly(delivery_id, attempts):
    claim = CLAIM._replace(id=delivery_id, attempts=attempts)
    wait = verdicts.backoff(claim)

    assert wait == verdicts.backoff(claim)
    assert wait <= verdicts.backoff(claim._replace(attempts=attempts + 1))
    assert verdicts.FIRST_WAIT <= wait <= verdicts.LONGEST_WAIT * (1 + verdicts.SPREAD)


URGENT = with_due(CLAIM, urgent=True)


def desk() -> Desk:
    terms = Terms(limits=(), merge=None, together=HOUR, quiet=QUIET, domain="example.org")
    return Desk(cast("Any", None), lambda: NOON, {"R1": cast("Any", None)}, frozenset({"email"}), terms, HOUR, print)


@pytest.mark.parametrize(
    ("goes", "stays", "now"),
    [
        (CLAIM, with_due(CLAIM, rule="R99"), NOON),
        (CLAIM, with_due(CLAIM, timezone="Asia/Tokyo"), NOON),
        (CLAIM, with_due(CLAIM, timezone="Mars/Olympus_Mons"), NOON),
        (with_due(CLAIM, expires_at=NOON + HOUR), with_due(CLAIM, expires_at=NOON), NOON),
        (IN_DOUBT, with_due(IN_DOUBT, policy=Policy.NEVER_TWICE), NOON),
        (
            with_due(IN_DOUBT._replace(intent_at=None), policy=Policy.NEVER_TWICE),
            with_due(IN_DOUBT, policy=Policy.NEVER_TWICE),
            NOON,
        ),
        (URGENT, CLAIM, NIGHT),
        (CLAIM, CLAIM._replace(channel="pigeon"), NOON),
        (CLAIM, CLAIM._replace(attempts=verdicts.MOST_TRIES + 1), NOON),
        (CLAIM, CLAIM._replace(suspended="550 no such user"), NOON),
    ],
)
def test_one_that_goes_takes_along_only_what_is_alike(goes, stays, now):
    """Each pair differs in one thing."""
    going, settled = desk()._sorted_out([goes, stays, goes._replace(address="b@example.org"), stays], now)
    assert going == [goes, goes._replace(address="b@example.org")]
    assert [each.claim for each in settled] == [stays, stays]
