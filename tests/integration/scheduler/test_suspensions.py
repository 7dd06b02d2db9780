"""An address that is refused for good is left alone until somebody resumes it."""

from datetime import timedelta

from scheduler.channels.base import Permanent, Transient, Unknown
from scheduler.outbox import Address, State, resume, suspended

ADA, BEA = Address("test", "ada@example.org"), Address("test", "bea@example.org")


def known(world, *addresses):
    with world.engine.connect() as connection:
        return suspended(connection, addresses or (ADA, BEA))


def test_a_permanent_answer_suspends_the_address(world):
    world.channel.script = [Permanent("550 no such user")]
    world.post()
    world.sweep()

    (suspension,) = known(world)
    assert (suspension.address, suspension.since, suspension.reason) == (ADA, world.now, "550 no such user")
    assert "no such user" not in repr(suspension)
    assert "ada@" not in repr(suspension)


def test_later_deliveries_to_it_fail_unprepared_and_others_go(world):
    world.channel.script = [Permanent("550 no such user")]
    world.post()
    world.sweep()
    world.prepared.clear()
    world.post(
        world.draft(period="a2"),
        world.draft(period="a3", to=(BEA,)),
        world.draft(period="a4", to=(Address("file", ADA.address),)),
    )
    world.sweep(channels={"test": world.channel, "file": world.channel})

    states = {
        row["address"] + row["channel"]: row["state"]
        for row in world.rows()
        if row["attempts"] and not row["message_id"]
    }
    assert states == {"ada@example.orgtest": State.FAILED}
    assert "the address is suspended since 2026-07-01: 550 no such user" in {row["detail"] for row in world.rows()}
    assert len(world.prepared) == 2


def test_what_may_have_arrived_before_is_not_denied(world):
    world.channel.script = [Unknown("lost"), Permanent("550")]
    world.post(period="first")
    world.sweep()
    world.post(period="second")
    world.sweep()
    world.wait(minutes=5)
    world.sweep()
    assert sorted(row["state"] for row in world.rows()) == [State.FAILED, State.UNKNOWN]


def test_giving_up_and_transient_answers_suspend_nothing(world):
    world.channel.script = [Transient("451")]
    world.post()
    world.sweep()
    assert known(world) == []


def test_resumed_it_is_written_to_again(world):
    world.channel.script = [Permanent("550")]
    world.post()
    world.sweep()
    with world.engine.begin() as connection:
        assert resume(connection, [BEA]) == 0
        assert resume(connection, [ADA, BEA]) == 1
    world.post(period="a2")
    world.wait(days=1)

    assert [report.state for report in world.sweep()] == [State.SENT]


def test_refused_twice_it_is_suspended_since_the_first_time(world):
    world.channel.script = [Permanent("550 first"), Permanent("550 second")]
    world.post(world.draft(), world.draft(period="a2"))
    since = world.now
    world.sweep()
    world.wait(hours=1)
    (suspension,) = known(world)
    assert suspension.since == since
    assert world.now - since == timedelta(hours=1)
    assert known(world, BEA) == []
