"""Kill -9 while messages go out by real SMTP: nothing is lost, and nothing is said twice that must not be.

The mail server, in a process of its own, is busy now and then (451). A worker that is told so waits a minute and more,
by the clock that the test puts forward.
"""

import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from scheduler.outbox import State
from scheduler.slots import WITH
from scheduler.tables import SLOT

# Four at once, 20 ms each: at most 30 letters in this time, so that the kills do not outlast the letters.
LONGEST_LIFE_S = 0.15
STEP_S = 5.0  # by the workers' clock, between one and the next
SCALED, WHOLE = (10, 150), (200, 9000)


def killed_so_often(office, kills: int, *options: str) -> int:
    """Let workers work and kill them in the middle; the last may finish. Returns how many kills hit one at work."""
    chance = random.Random(20260329)
    hit = 0
    while hit < kills and office.still_open():
        worker = office.start("--clock", str(office.clock), *options)
        time.sleep(chance.uniform(0.02, LONGEST_LIFE_S))
        hit += worker.is_alive()
        worker.kill()
        office.put_forward(STEP_S)  # what was told to wait gets its turn in the course of it
    office.finish(*options)
    return hit


@pytest.mark.parametrize(
    ("kills", "messages"), [SCALED, pytest.param(*WHOLE, marks=pytest.mark.slow)], ids=["scaled", "whole"]
)
def test_kills_lose_nothing_and_repeat_nothing_that_must_not_be(post_office, promises, tabled, kills, messages):
    post_office.busy = 0.05
    post_office.server.kill()
    post_office.server.communicate()
    post_office.serve()
    post_office.post(messages)

    assert killed_so_often(post_office, kills) == kills

    told = post_office.told()
    assert sum(each.attempts > 1 for each in told) >= kills  # the kills hit something
    repeated, unknown = promises(told, kills=kills)
    tabled(
        (f"{kills} kills -9, 5 % of answers 451", f"{messages:,}", "0", f"{repeated}", f"{repeated}", "0", f"{unknown}")
    )


@pytest.mark.parametrize(
    ("kills", "messages"), [SCALED, pytest.param(50, 3000, marks=pytest.mark.slow)], ids=["scaled", "whole"]
)
def test_kills_with_limits_and_merging(post_office, promises, tabled, kills, messages):
    """Many nudges a recipient, one after the other while workers come and go."""
    post_office.post(messages, recipients=min(messages // 20, 40), over_s=2 * kills * STEP_S)

    hit = killed_so_often(post_office, kills, "--merge", "--limit", "2")

    told = post_office.told()
    repeated, unknown = promises(told, kills=hit)
    assert any(len(letter["says"]) > 1 for letter in post_office.letters())
    assert any(each.state is State.SUPPRESSED for each in told)
    room_was_kept(post_office)
    tabled(
        (f"{hit} kills -9, limits and merging", f"{messages:,}", "0", f"{repeated}", f"{repeated}", "0", f"{unknown}")
    )


def room_was_kept(office) -> None:
    """Each letter has its slot, and no recipient more than two of a day."""
    with office.engine.connect() as connection:
        slots = connection.execute(select(SLOT.c.recipient_id, SLOT.c.name, SLOT.c.message_id)).all()
    days = Counter((slot.recipient_id, slot.name.rpartition("/")[0]) for slot in slots if WITH not in slot.name)
    assert max(days.values()) <= 2
    of = {(slot.recipient_id, slot.message_id) for slot in slots}
    assert {(letter["to"].partition("@")[0], letter["id"]) for letter in office.letters()} <= of
