"""What the tables tell of how well it went."""

from datetime import timedelta

from scheduler.channels.base import Permanent, Unknown
from scheduler.counters import count
from scheduler.messages import Kind, Policy, Suppressed
from scheduler.slots import Limit, Per

HOUR = timedelta(hours=1)
ONE = (Limit("any", frozenset(Kind), Per.DAY, 1, "one today"),)


def counted(world, **changes):
    with world.engine.connect() as connection:
        return count(connection, **{"since": world.now - timedelta(days=9), **changes})


def test_nothing_yet(world):
    counters = counted(world)
    assert (counters.sent, counters.resent, counters.median_lateness) == (0, 0, timedelta())
    assert counters.suppressed == {}


def test_lateness_is_counted_from_the_due_time(world):
    for minutes in (1, 2, 30):
        world.post(period=str(minutes))
        world.wait(minutes=minutes)
        world.sweep()
    counters = counted(world)
    assert counters.sent == 3
    assert (counters.median_lateness, counters.worst_lateness) == (timedelta(minutes=2), timedelta(minutes=30))


def test_what_quiet_hours_or_a_limit_put_off_is_not_late(world):
    world.wait(hours=10)  # 22:00
    world.post(period="night")
    world.sweep()
    world.wait(hours=10, minutes=1)  # 08:01
    world.sweep(limits=ONE)
    world.wait(hours=1)
    world.post(period="no room")
    world.sweep(limits=ONE)
    world.wait(hours=22, minutes=59)  # 08:00
    world.sweep(limits=ONE)
    assert counted(world).sent == 2
    assert counted(world).worst_lateness == timedelta(minutes=1)


def test_each_end_has_its_counter(world):
    world.channel.script = [Permanent("550"), Unknown("lost"), Unknown("lost")]
    world.answer = lambda due, now: Suppressed("paused") if due.period == "paused" else type(world)(None).answer
    world.post(period="refused", to=world.draft().to)
    world.sweep()
    to = (type(world.draft().to[0])("test", "bea@example.org"),)
    for period, policy in (("once", Policy.NEVER_TWICE), ("again", Policy.RESEND), ("paused", Policy.RESEND)):
        world.post(period=period, policy=policy, to=to)
        world.sweep()
    world.post(period="late", expires_at=world.now + HOUR, to=to)
    world.post(period="tomorrow", due_at=world.now + 24 * HOUR, to=to)
    world.wait(hours=1)
    world.sweep()

    counters = counted(world)
    assert (counters.sent, counters.missed, counters.failed, counters.unknown) == (1, 1, 1, 1)
    assert (counters.resent, counters.not_repeated, counters.open, counters.cancelled) == (1, 1, 1, 0)
    assert counters.suppressed == {"paused": 1}


def test_of_one_recipient_and_since_a_moment(world):
    world.post()
    world.post(recipient_id="p2")
    world.sweep()
    assert counted(world, recipient_id="p2").sent == 1
    assert counted(world, since=world.now + HOUR).sent == 0
