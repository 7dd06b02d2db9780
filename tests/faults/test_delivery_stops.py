"""Workers that are stopped for longer than their lease, clocks that are set, a database that is locked, a mail server
that is away: the same promises as under kills.
"""

import asyncio
import random
import signal
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.channels.registry import CHANNELS, ChannelSettings
from scheduler.delivery import deliver_due
from scheduler.messages import Message, Policy
from scheduler.outbox import Address, Draft, State, history, post

SCALED, WHOLE = 120, 2000
EITHER = pytest.mark.parametrize(
    "messages", [SCALED, pytest.param(WHOLE, marks=pytest.mark.slow)], ids=["scaled", "whole"]
)


def line(faults: str, messages: int, repeated: int, unknown: int) -> tuple[str, ...]:
    return (faults, f"{messages:,}", "0", f"{repeated}", f"{repeated}", "0", f"{unknown}")


@EITHER
def test_a_worker_that_is_stopped_past_its_lease_and_goes_on(post_office, promises, tabled, messages):
    """SIGSTOP, as a laptop's lid does; another takes over, and then both go on."""
    post_office.post(messages)
    chance = random.Random(20260329)
    stops = 0
    while stops < messages // 40 and post_office.still_open():
        worker = post_office.start("--clock", str(post_office.clock))
        time.sleep(chance.uniform(0.05, 0.12))
        worker.signal(signal.SIGSTOP)
        stops += 1
        time.sleep(0.5)  # the lease has run out
        other = post_office.start("--clock", str(post_office.clock))
        time.sleep(0.05)
        worker.signal(signal.SIGCONT)
        time.sleep(0.1)
        for each in (worker, other):
            each.kill()
    post_office.finish()

    repeated, unknown = promises(post_office.told(), kills=3 * stops)
    tabled(line(f"{stops} stops past the lease, and going on", messages, repeated, unknown))


@EITHER
def test_a_clock_that_is_set(post_office, promises, tabled, messages):
    """An hour forward while two workers send, which makes each take the other's for left behind; and back again."""
    post_office.post(messages)
    steps = 0
    workers = [post_office.start("--clock", str(post_office.clock)) for _ in range(2)]
    for offset in (3600, 0, 3600, -3600, 0):
        time.sleep(0.1)
        post_office.clock.write_text(str(offset))
        steps += 1
    for worker in workers:
        worker.kill()
    post_office.clock.write_text("3700")  # whoever was killed an hour ahead left leases that last until then
    post_office.finish()

    repeated, unknown = promises(post_office.told(), kills=2 * steps + 2)
    tabled(line(f"{steps} steps of the clock by an hour or two, two workers", messages, repeated, unknown))


@pytest.mark.parametrize(
    ("messages", "locked_s", "patience_ms"),
    [(SCALED, 1.0, 200), pytest.param(WHOLE, 10.0, 2000, marks=pytest.mark.slow)],
    ids=["scaled", "whole"],
)
def test_a_database_that_is_locked(post_office, promises, tabled, messages, locked_s, patience_ms):
    """For longer than a worker has patience, while letters are on their way."""
    post_office.post(messages)
    worker = post_office.start("--clock", str(post_office.clock), "--patience", str(patience_ms))
    time.sleep(0.2)
    holder = sqlite3.connect(post_office.database, isolation_level=None, timeout=30)
    holder.execute("BEGIN IMMEDIATE")
    time.sleep(locked_s)
    holder.execute("COMMIT")
    holder.close()
    post_office.finish(last=worker)

    repeated, unknown = promises(post_office.told(), kills=1)
    tabled(line(f"the database locked for {locked_s:.0f} s", messages, repeated, unknown))


@EITHER
def test_a_mail_server_that_is_away_for_an_hour(post_office, promises, tabled, messages):
    """A closed port, and a clock on which an hour passes: all goes out within its longest wait, once."""
    post_office.server.kill()
    post_office.server.communicate()
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    drafts = [
        Draft(
            recipient_id=f"p{number}",
            rule="R1",
            period=f"{policy}-{number}",
            reason="test",
            timezone="UTC",
            due_at=now,
            to=(Address("email", f"p{number}@example.org"),),
            policy=policy,
        )
        for number in range(messages // 2)
        for policy in Policy
    ]
    with post_office.engine.begin() as connection:
        post(connection, drafts, now)
    url = f"smtp://127.0.0.1:{post_office.port}?starttls=false"
    channel = CHANNELS["email"](ChannelSettings(mail_from="coach@example.org", smtp_url=url))
    moment = now

    def sweep() -> None:
        prepare = {"R1": lambda due, _: Message("Your coach", due.period)}
        asyncio.run(
            deliver_due(
                post_office.engine, clock=lambda: moment, prepare=prepare, channels={"email": channel}, domain="x.org"
            )
        )

    while moment < now + timedelta(hours=1):
        sweep()
        moment += timedelta(minutes=1)
    assert post_office.letters() == []
    post_office.serve()
    while post_office.still_open():
        sweep()
        moment += timedelta(minutes=5)

    repeated, unknown = promises(post_office.told(), kills=0)
    assert (repeated, unknown) == (0, 0)
    assert {each.state for each in post_office.told()} == {State.SENT}
    with post_office.engine.connect() as connection:
        late = max(entry.sent_at - now for entry in history(connection, "p0"))
    assert late <= timedelta(hours=2, minutes=20)  # an hour, its longest wait and a quarter of that
    tabled(line("SMTP away for an hour", messages, repeated, unknown))
