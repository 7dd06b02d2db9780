"""Caps, priority and merging at the moment of sending, on a real SQLite file."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from scheduler import leases
from scheduler.channels.base import Permanent, Transient, Unknown
from scheduler.clock import local_instant
from scheduler.messages import Cancelled, Kind, Message, Policy
from scheduler.outbox import Address, State, move
from scheduler.slots import Limit, Per
from scheduler.tables import DELIVERY, NUDGE, SLOT

ANY = Limit("any", frozenset(Kind), Per.DAY, 2, "two today")
ONE_MOTIVATION = Limit("motivation", frozenset({Kind.MOTIVATION}), Per.DAY, 1, "one motivation today")
FOUR_MOTIVATIONS = Limit("motivation_week", frozenset({Kind.MOTIVATION}), Per.WEEK, 4, "four motivations this week")
LIMITS = (ANY, ONE_MOTIVATION, FOUR_MOTIVATIONS)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def merge(parts) -> Message:
    return Message(parts[0][1].title, "\n".join(message.text for _, message in parts))


def say_period(due, now) -> Message:
    return Message("Your coach", due.period)


@pytest.fixture
def capped(world):
    """A world under limits; it says each nudge's period."""
    world.answer = say_period

    def sweep(**changes):
        return {each.period: each for each in type(world).sweep(world, **{"limits": LIMITS, **changes})}

    world.sweep = sweep
    return world


def texts(world) -> list[str]:
    return [outgoing.message.text for outgoing in world.channel.sent]


def slots(world) -> list[str]:
    with world.engine.connect() as connection:
        return sorted(connection.scalars(select(SLOT.c.name)))


def states(world) -> dict[str, State]:
    statement = select(NUDGE.c.period, DELIVERY.c.state).join_from(NUDGE, DELIVERY)
    with world.engine.connect() as connection:
        return {row.period: row.state for row in connection.execute(statement)}


def every_hour(world, *kinds, **changes) -> dict:
    """One nudge an hour, each swept for as it falls due."""
    reports = {}
    for number, kind in enumerate(kinds):
        world.post(period=f"{number}", kind=kind, **changes)
        reports |= world.sweep()
        world.wait(hours=1)
    return reports


def test_the_third_of_a_day_has_no_room(capped):
    reports = every_hour(capped, *[Kind.CHECK_IN] * 3, expires_at=capped.now + 9 * HOUR)

    assert [reports[period].state for period in "012"] == [State.SENT, State.SENT, State.SUPPRESSED]
    assert reports["2"].detail == "two today"
    assert slots(capped) == ["any/2026-07-01/1", "any/2026-07-01/2"]


def test_what_is_still_of_use_tomorrow_waits_for_the_end_of_the_night(capped):
    reports = every_hour(capped, *[Kind.CHECK_IN] * 3, expires_at=capped.now + 2 * DAY, timezone="Europe/Berlin")
    assert reports["2"].state is State.PENDING

    capped.now = datetime(2026, 7, 2, 6, tzinfo=UTC) - timedelta(seconds=1)
    assert capped.sweep() == {}
    capped.wait(seconds=1)  # 08:00 in Berlin
    assert capped.sweep()["2"].state is State.SENT
    assert slots(capped)[-1] == "any/2026-07-02/1"


def test_without_an_end_it_waits_too(capped):
    every_hour(capped, *[Kind.CHECK_IN] * 5)
    assert list(states(capped).values()).count(State.PENDING) == 3

    for _ in range(2):
        capped.wait(days=1)
        capped.sweep()
    assert set(states(capped).values()) == {State.SENT}


def test_motivation_is_one_a_day_and_four_a_week(capped):
    capped.now = datetime(2026, 6, 29, 12, tzinfo=UTC)  # a Monday
    for day in range(8):
        capped.post(period=f"{day}a", kind=Kind.MOTIVATION, expires_at=capped.now + 3 * HOUR)
        capped.sweep()
        capped.wait(hours=1)
        capped.post(period=f"{day}b", kind=Kind.MOTIVATION, expires_at=capped.now + 3 * HOUR)
        capped.sweep()
        capped.wait(hours=23)

    sent = sorted(period for period, state in states(capped).items() if state is State.SENT)
    assert sent == ["0a", "1a", "2a", "3a", "7a"]
    assert [name for name in slots(capped) if "week" in name] == [
        *(f"motivation_week/2026-W27/{number}" for number in (1, 2, 3, 4)),
        "motivation_week/2026-W28/1",
    ]


def test_what_motivation_is_denied_takes_no_place_of_the_day(capped):
    every_hour(capped, Kind.MOTIVATION, Kind.MOTIVATION, expires_at=capped.now + 3 * HOUR)
    assert [name for name in slots(capped) if name.startswith("any")] == ["any/2026-07-01/1"]


def test_urgent_ones_take_no_slot_and_need_none(capped):
    every_hour(capped, *[Kind.CHECK_IN] * 2)
    capped.post(period="alarm", kind=Kind.SAFETY, urgent=True)
    capped.now = datetime(2026, 7, 1, 23, tzinfo=UTC)

    assert capped.sweep()["alarm"].state is State.SENT
    assert len(slots(capped)) == 2


def test_urgent_ones_are_claimed_before_all_that_waits_longer(capped):
    capped.post(*(capped.draft(period=str(number), recipient_id=f"p{number}") for number in range(9)))
    capped.wait(minutes=1)
    capped.post(period="alarm", urgent=True)
    capped.sweep(batch=3)
    assert texts(capped)[0] == "alarm"


def test_of_what_falls_due_together_the_first_by_rank_has_the_place(capped):
    capped.post(
        *(
            capped.draft(period=period, rank=rank, kind=Kind.CHECK_IN, expires_at=capped.now + HOUR)
            for period, rank in (("low", 30), ("high", 10), ("middle", 20))
        )
    )
    reports = capped.sweep(together=timedelta())
    assert {period for period, report in reports.items() if report.state is State.SENT} == {"high", "middle"}


def test_others_have_days_of_their_own(capped):
    capped.post(*(capped.draft(recipient_id=f"p{number}", period=str(number)) for number in range(5)))
    assert {report.state for report in capped.sweep().values()} == {State.SENT}


def test_what_goes_out_soon_after_another_is_one_with_it(capped):
    for number in range(5):
        capped.post(period=str(number), kind=Kind.CHECK_IN, expires_at=capped.now + 3 * HOUR)
        capped.sweep()
        capped.wait(minutes=20)
    # 12:00 and 12:20 are one, 12:40 and 13:00 are one, 13:20 would be a third
    assert list(states(capped).values()) == [*[State.SENT] * 4, State.SUPPRESSED]


def test_what_is_sent_again_has_its_place(capped):
    capped.channel.script = [Unknown("lost"), Transient("451")]
    capped.post(period="a", kind=Kind.CHECK_IN)
    capped.sweep()
    capped.wait(minutes=2)
    capped.sweep()
    capped.wait(hours=1)
    capped.post(period="b", kind=Kind.CHECK_IN)

    assert {report.state for report in capped.sweep().values()} == {State.SENT}
    assert slots(capped) == ["any/2026-07-01/1", "any/2026-07-01/2"]


def test_what_is_sent_again_on_another_day_takes_a_place_of_that_day(capped):
    capped.channel.script = [Transient("451")]
    capped.post(period="a", kind=Kind.CHECK_IN)
    capped.sweep()
    capped.wait(days=1)
    every_hour(capped, *[Kind.CHECK_IN] * 3)

    # the one of yesterday and "0" are one, "1" is the second, "2" has no room
    assert [name for name in slots(capped) if name.startswith("any")] == [
        "any/2026-07-01/1",
        "any/2026-07-02/1",
        "any/2026-07-02/1+1",
        "any/2026-07-02/2",
    ]
    assert [period for period, state in states(capped).items() if state is State.PENDING] == ["2"]


def test_two_channels_of_one_nudge_are_one_message(capped):
    other = type(capped.channel)()
    other.script = [Transient("down")]
    capped.post(period="a", kind=Kind.CHECK_IN, to=(Address("test", "ada@example.org"), Address("other", "ada")))
    channels = {"test": capped.channel, "other": other}
    capped.sweep(channels=channels)
    capped.wait(hours=2)
    capped.sweep(channels=channels)

    assert set(states(capped).values()) == {State.SENT}
    assert len(other.sent) == 2
    assert [name for name in slots(capped) if name.startswith("any")] == ["any/2026-07-01/1"]


def test_two_sweeps_at_once_share_the_places(capped):
    capped.post(
        *(
            capped.draft(recipient_id=f"p{number % 10}", period=str(number), kind=Kind.CHECK_IN, due_at=capped.now)
            for number in range(60)
        )
    )
    options = {"together": timedelta(), "batch": 4}
    workers = [threading.Thread(target=capped.sweep, kwargs=options) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(capped.channel.sent) == 20
    assert len(slots(capped)) == 20


# Merging


def test_what_falls_due_within_half_an_hour_is_one_message_by_rank(capped):
    capped.post(
        capped.draft(period="later", rank=1, kind=Kind.SAFETY, due_at=capped.now + 30 * MINUTE),
        capped.draft(period="now", rank=2, kind=Kind.CHECK_IN),
        capped.draft(period="motivation", rank=3),
        capped.draft(period="too late", due_at=capped.now + 31 * MINUTE),
        capped.draft(period="another's", recipient_id="p2"),
        capped.draft(period="elsewhere", kind=Kind.CHECK_IN, to=(Address("test", "ada@example.net"),)),
    )
    capped.sweep(merge=merge)

    assert sorted(texts(capped)) == ["another's", "elsewhere", "later\nnow\nmotivation"]
    assert {row["title"] for row in capped.rows() if row["message_id"]} == {"Your coach"}
    merged = [row for row in capped.rows() if row["text"] == "later\nnow\nmotivation"]
    assert len(merged) == 3
    assert len({row["message_id"] for row in merged}) == 1
    assert len([name for name in slots(capped) if name.startswith("any") and "+" not in name]) == 2  # p1's and p2's


def test_urgent_ones_are_never_merged(capped):
    capped.post(
        capped.draft(period="alarm", urgent=True),
        capped.draft(period="alarm 2", urgent=True, due_at=capped.now + MINUTE),
        capped.draft(period="other", kind=Kind.CHECK_IN),
    )
    capped.sweep(merge=merge)
    assert texts(capped) == ["alarm", "other"]


def test_those_that_decline_are_settled_on_their_own(capped):
    capped.answer = lambda due, now: Cancelled("scored") if due.period == "b" else say_period(due, now)
    capped.post(*(capped.draft(period=period, rank=rank) for rank, period in enumerate("abc")))
    reports = capped.sweep(merge=merge)

    assert texts(capped) == ["a\nc"]
    assert reports["b"].state is State.CANCELLED


def test_where_motivation_has_no_room_the_rest_goes(capped):
    every_hour(capped, Kind.MOTIVATION)
    capped.post(
        capped.draft(period="more", rank=1, expires_at=capped.now + HOUR),
        capped.draft(period="check", rank=2, kind=Kind.CHECK_IN),
        capped.draft(period="safe", rank=0, kind=Kind.SAFETY),
    )
    reports = capped.sweep(merge=merge)

    assert texts(capped)[1:] == ["safe\ncheck"]
    assert (reports["more"].state, reports["more"].detail) == (State.SUPPRESSED, "one motivation today")


def test_what_was_to_go_along_is_put_back_where_nothing_goes(capped):
    capped.answer = lambda due, now: Cancelled("scored") if due.period == "now" else say_period(due, now)
    later = capped.now + 20 * MINUTE
    capped.post(capped.draft(period="now"), capped.draft(period="later", due_at=later))
    reports = capped.sweep(merge=merge)

    assert (reports["later"].state, texts(capped)) == (State.PENDING, [])
    (row,) = (row for row in capped.rows() if row["state"] is State.PENDING)
    assert (row["not_before"], row["attempts"], row["token"]) == (later, 0, None)
    capped.now = later
    assert capped.sweep(merge=merge)["later"].state is State.SENT


def test_what_waits_for_another_try_does_not_go_along_before(capped):
    capped.channel.script = [Transient("451", retry_after=20 * MINUTE)]
    capped.post(period="a", kind=Kind.CHECK_IN)
    capped.sweep(merge=merge)
    capped.post(period="b", kind=Kind.CHECK_IN)
    assert capped.sweep(merge=merge).keys() == {"b"}


@pytest.mark.parametrize("outcome", [Unknown("lost"), Transient("451")])
def test_after_a_failure_each_goes_by_its_own_policy_and_together_again(capped, outcome):
    capped.channel.script = [outcome]
    capped.post(
        capped.draft(period="check", rank=1, kind=Kind.CHECK_IN),
        capped.draft(period="once", rank=2, policy=Policy.NEVER_TWICE),
        capped.draft(period="summary", rank=3, kind=Kind.SUMMARY),
    )
    reports = capped.sweep(merge=merge)
    doubt = isinstance(outcome, Unknown)
    assert reports["once"].state is (State.UNKNOWN if doubt else State.PENDING)
    assert len({row["not_before"] for row in capped.rows() if row["state"] is State.PENDING}) == 1

    capped.wait(minutes=2)
    capped.post(period="new", rank=0, kind=Kind.CHECK_IN)
    capped.sweep(merge=merge)
    again = ["new", "check\nsummary"] if doubt else ["new\ncheck\nonce\nsummary"]
    assert texts(capped)[1:] == again
    if doubt:  # what may have arrived goes again as it was, under the same id, and nothing new under that
        first, new, second = (outgoing.message_id for outgoing in capped.channel.sent)
        assert first == second != new
    assert {state for period, state in states(capped).items() if period != "once"} == {State.SENT}


def test_a_worker_that_stops_in_the_middle_leaves_the_whole_message_in_doubt(capped):
    class Killed(BaseException):
        pass

    capped.channel.script = [Killed()]
    capped.post(
        capped.draft(period="check", rank=2, kind=Kind.CHECK_IN),
        capped.draft(period="once", rank=1, policy=Policy.NEVER_TWICE),
    )
    with pytest.raises(Killed):
        capped.sweep(merge=merge)
    assert len({(row["message_id"], row["intent_at"]) for row in capped.rows()}) == 1

    capped.wait(minutes=5)
    reports = capped.sweep(merge=merge)
    assert (reports["once"].state, reports["check"].state) == (State.UNKNOWN, State.SENT)
    assert texts(capped)[1:] == ["check"]
    assert len({outgoing.message_id for outgoing in capped.channel.sent}) == 1
    assert [name for name in slots(capped) if name.startswith("any")] == ["any/2026-07-01/1"]


def test_a_member_that_is_cancelled_meanwhile_is_not_in_the_message(capped):
    def prepare(due, now):
        if due.period == "b":
            with capped.engine.begin() as connection:
                connection.execute(update(DELIVERY).where(DELIVERY.c.attempts == 1).values(state=State.CANCELLED))
                connection.execute(
                    update(DELIVERY)
                    .where(DELIVERY.c.nudge_id.in_(select(NUDGE.c.id).where(NUDGE.c.period == "a")))
                    .values(state=State.LEASED)
                )
        return say_period(due, now)

    capped.answer = prepare
    capped.post(*(capped.draft(period=period, rank=rank) for rank, period in enumerate("ab")))
    capped.sweep(merge=merge)
    assert texts(capped) == ["a"]
    assert slots(capped)


def test_a_merge_that_raises_is_tried_again(capped, caplog):
    def broken(parts):
        raise KeyError("Ada Lovelace")

    capped.post(*(capped.draft(period=period, rank=rank) for rank, period in enumerate("ab")))
    reports = capped.sweep(merge=broken)
    assert {report.state for report in reports.values()} == {State.PENDING}
    assert "Lovelace" not in caplog.text + reports["a"].detail
    assert slots(capped) == []
    capped.wait(minutes=2)
    capped.sweep(merge=merge)
    assert texts(capped) == ["a\nb"]


# Waking up


@pytest.mark.parametrize("merging", [None, merge])
def test_after_a_week_of_sleep_nothing_stale_goes_out_and_the_rest_comes_day_by_day(capped, merging):
    monday = datetime(2026, 6, 29, 12, tzinfo=UTC)
    for day in range(7):
        due = monday + day * DAY
        capped.post(
            capped.draft(period=f"check {day}", kind=Kind.CHECK_IN, due_at=due, expires_at=due + 4 * HOUR, rank=1),
            capped.draft(period=f"motivation {day}", due_at=due, expires_at=due + 8 * HOUR, rank=3),
            capped.draft(period=f"letter {day}", kind=Kind.SUMMARY, due_at=due, rank=2),
        )
    capped.now = monday + 7 * DAY
    woke = capped.now
    capped.sweep(merge=merging, together=30 * MINUTE)

    assert not [text for text in texts(capped) if "check" in text or "motivation" in text]
    assert {state for period, state in states(capped).items() if "letter" not in period} == {State.EXPIRED}
    while State.PENDING in states(capped).values():
        capped.wait(minutes=10)
        capped.sweep(merge=merging)
    with capped.engine.connect() as connection:
        per_day = connection.execute(
            select(func.substr(SLOT.c.name, 1, 14).label("day"), func.count())
            .where(SLOT.c.name.not_like("%+%"))
            .group_by("day")
        ).all()
    assert all(number <= 2 for _, number in per_day)
    assert len([text for text in texts(capped) if "letter" in text]) >= 1
    assert {state for period, state in states(capped).items() if "letter" in period} == {State.SENT}
    if merging:
        assert len(texts(capped)) == 1  # one message, not a flood
    assert capped.now - woke <= 4 * DAY


def test_a_backlog_of_expired_ones_is_settled_without_preparing_any(capped):
    capped.post(*(capped.draft(period=str(n), expires_at=capped.now + HOUR) for n in range(1200)))
    capped.wait(hours=2)
    assert len(capped.sweep()) == 1200
    assert capped.prepared == []


# Whoever travels


def messages_by_day(world, zones: list[tuple[datetime, str]]) -> dict[str, int]:
    """How many messages went out on each day of the calendar where the person was then."""
    counted: dict[str, int] = {}
    with world.engine.connect() as connection:
        for moment in connection.scalars(select(DELIVERY.c.sent_at).where(DELIVERY.c.sent_at.is_not(None))):
            zone = [name for since, name in zones if since <= moment][-1]
            day = f"{moment.astimezone(ZoneInfo(zone)).date()} {zone}"
            counted[day] = counted.get(day, 0) + 1
    return counted


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("there", "back"),
    [
        ("Europe/Berlin", "America/New_York"),
        ("America/New_York", "Europe/Berlin"),
        ("Pacific/Auckland", "Pacific/Honolulu"),
        ("Pacific/Honolulu", "Pacific/Auckland"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago"),
    ],
)
@pytest.mark.parametrize("hour", [1, 9, 17])
def test_whoever_changes_zone_gets_no_double_and_no_day_without(capped, there, back, hour):
    start = datetime(2026, 11, 2, tzinfo=UTC)
    moves = [(start, there), (start + 2 * DAY + hour * HOUR, back)]
    capped.now, zone = start, there
    for number in range(7 * 24 // 2):
        if capped.now >= moves[1][0] and zone == there:
            zone = back
            with capped.engine.begin() as connection:
                move(connection, "p1", back)
        capped.post(period=str(number), kind=Kind.CHECK_IN, timezone=zone, expires_at=capped.now + HOUR)
        capped.sweep()
        capped.wait(hours=2)

    counted = messages_by_day(capped, moves)
    assert max(counted.values()) <= 2
    stays = [(start, there, moves[1][0]), (moves[1][0], back, capped.now)]
    for since, name, until in stays:
        for day in whole_days(since, until, ZoneInfo(name)):
            assert counted[f"{day} {name}"] == 2


def whole_days(since: datetime, until: datetime, zone: ZoneInfo) -> list[date]:
    days = [since.astimezone(zone).date() + n * DAY for n in range(9)]
    return [
        day
        for day in days
        if since <= local_instant(day, time(0), zone) and local_instant(day + DAY, time(0), zone) <= until
    ]


def test_what_is_open_follows_its_recipient(capped):
    capped.post(due_at=datetime(2026, 7, 2, 6, 30, tzinfo=UTC), timezone="Europe/Berlin")
    with capped.engine.begin() as connection:
        assert move(connection, "p1", "America/New_York") == 1
        assert move(connection, "p1", "America/New_York") == 0
    capped.now = datetime(2026, 7, 2, 6, 30, tzinfo=UTC)  # 02:30 in New York
    capped.sweep()
    assert capped.row()["not_before"] == datetime(2026, 7, 2, 12, tzinfo=UTC)


def test_what_is_refused_for_good_needs_no_place_later(capped):
    capped.channel.script = [Permanent("550")]
    every_hour(capped, *[Kind.CHECK_IN] * 4)
    assert len(slots(capped)) == 1


def test_a_slot_goes_with_its_nudge(capped):
    every_hour(capped, Kind.CHECK_IN)
    with capped.engine.begin() as connection:
        connection.execute(NUDGE.delete())
    assert slots(capped) == []


@pytest.mark.sqlite
def test_companions_are_found_by_their_address(capped):
    with capped.engine.connect() as connection:
        here = DELIVERY.c.address.in_(["a"]) & DELIVERY.c.not_before.is_not(None)
        statement = leases._open(waiting=True).where(here).compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    assert any("ix_delivery_open_address" in row[3] for row in plan)
