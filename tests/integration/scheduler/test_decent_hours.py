"""However long a sweep takes: what leaves, leaves at a decent hour and while it is of use."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from scheduler.carrying import AT_ONCE
from scheduler.channels.base import Delivered
from scheduler.clock import QuietHours
from scheduler.messages import Kind, Message
from scheduler.outbox import Address, State

QUIET = QuietHours()
OF_USE = timedelta(hours=3)
ZONES = sorted(available_timezones() - {"localtime"})


class SlowChannel:
    """Each letter takes its time; `began` is when each was handed over."""

    def __init__(self, world, each: timedelta) -> None:
        self.world, self.each = world, each
        self.began: dict[str, datetime] = {}

    async def send(self, outgoing):
        self.began[outgoing.address] = self.world.now
        await asyncio.sleep(0)  # others begin at the same moment
        self.world.now += self.each
        return Delivered()

    async def rest(self):
        pass


def test_a_batch_that_lasts_into_the_night_is_put_off(world):
    world.now = evening = datetime(2026, 7, 1, 20, 58, tzinfo=UTC)
    channel = world.channel = SlowChannel(world, timedelta(seconds=20))
    world.post(*(world.draft(period=str(n), to=(Address("test", str(n)),)) for n in range(20)))
    world.sweep()

    assert 0 < len(channel.began) < 20
    assert all(began < evening + timedelta(minutes=2) for began in channel.began.values())
    waiting = [row for row in world.rows() if row["state"] is State.PENDING]
    assert len(waiting) == 20 - len(channel.began)
    morning = datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert {(row["not_before"], row["attempts"], row["detail"]) for row in waiting} == {(morning, 0, "quiet hours")}

    world.now = morning
    world.sweep()
    assert all(row["state"] is State.SENT for row in world.rows())


def test_what_is_too_late_when_its_turn_comes_expires_unprepared(world):
    expires_at = world.now + timedelta(minutes=1)
    channel = world.channel = SlowChannel(world, timedelta(seconds=20))
    world.post(*(world.draft(period=str(n), to=(Address("test", str(n)),), expires_at=expires_at) for n in range(12)))
    world.sweep()

    assert len(world.prepared) == len(channel.began)
    assert all(began < expires_at for began in channel.began.values())
    assert [row["state"] for row in world.rows()].count(State.EXPIRED) == 12 - len(channel.began) > 0


def test_what_would_be_of_no_use_by_morning_leaves_the_rest_of_its_message(world):
    """Of what goes as one message each is looked at on its own."""
    world.now = datetime(2026, 7, 1, 20, 59, tzinfo=UTC)
    night = world.now + timedelta(hours=2)
    world.channel = SlowChannel(world, timedelta(minutes=1))
    before = [world.draft(period=f"x{n}", to=(Address("test", f"x{n}"),), rank=-1) for n in range(AT_ONCE)]
    world.post(*before, world.draft(period="soon over", expires_at=night), world.draft(period="later"))
    world.sweep(merge=lambda parts: Message("x", f"{len(parts)} in one"))

    assert {row["state"] for row in world.rows() if row["address"] == "ada@example.org"} == {
        State.EXPIRED,
        State.PENDING,
    }


@pytest.mark.parametrize("hour", range(0, 24, 6))
@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_in_every_zone_nothing_but_what_is_urgent_goes_in_quiet_hours(world, day, hour):
    """Sweeps of hours, on two days on which clocks change: half of it is of use for three hours, half for good."""
    world.now = start = day + timedelta(hours=hour)
    channel = world.channel = SlowChannel(world, timedelta(seconds=30))
    drafts = [
        world.draft(
            recipient_id=f"{name} {kind}",
            timezone=name,
            to=(Address("test", f"{name} {kind}"),),
            expires_at=start + OF_USE if kind == "short" else None,
            urgent=kind == "urgent",
            kind=Kind.SAFETY,
        )
        for n, name in enumerate(ZONES)
        for kind in ("short" if n % 2 else "long", *(["urgent"] if n % 50 == 0 else []))
    ]
    world.post(*drafts)
    while waiting := [row["not_before"] for row in world.rows() if row["not_before"] is not None]:
        world.now = max(world.now, min(waiting))
        world.sweep()

    assert len(channel.began) > len(ZONES) / 2
    for draft in drafts:
        (to,) = draft.to
        if (began := channel.began.get(to.address)) is None:
            assert draft.expires_at is not None
            continue
        assert draft.urgent or not QUIET.holds(began, ZoneInfo(draft.timezone)), f"{draft.timezone} {began}"
        assert draft.expires_at is None or began < draft.expires_at
