"""The measure itself: what the fault suite holds deliveries against."""

from types import SimpleNamespace

import pytest

from scheduler.carrying import AT_ONCE
from scheduler.messages import Policy
from scheduler.outbox import State


def told(message_id: str, letters: int, policy: Policy = Policy.RESEND) -> SimpleNamespace:
    return SimpleNamespace(
        period=message_id, policy=policy, state=State.SENT, message_id=message_id, letters=[message_id] * letters
    )


def test_each_repeat_counts_and_a_letter_that_holds_several_counts_once(promises):
    assert promises([told("<1>", 3), told("<2>", 2), told("<2>", 2), told("<3>", 1)], kills=1) == (3, 0)


def test_one_that_comes_again_and_again_is_too_many(promises):
    with pytest.raises(AssertionError, match="one for each connection and kill"):
        promises([told("<1>", AT_ONCE + 2)], kills=1)


def test_what_must_not_come_twice(promises):
    with pytest.raises(AssertionError, match="must not be said twice"):
        promises([told("<1>", 2, Policy.NEVER_TWICE)], kills=1)
