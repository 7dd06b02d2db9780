"""Each state and each way into it, on a real SQLite file."""

import asyncio
import logging
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from scheduler import delivery, leases
from scheduler.channels.base import Delivered, Outgoing, Permanent, Transient, Unknown
from scheduler.merging import Letter
from scheduler.messages import Cancelled, Message, Policy, Suppressed
from scheduler.outbox import Address, State
from scheduler.verdicts import MOST_TRIES, Verdict

LEASE = timedelta(minutes=5)
OUTGOING = Outgoing("ada@example.org", Message("x", "y"), "<1@example.org>")


def claim_and_stop(world, *, intent: bool):
    """A worker that dies after its claim, or after its intent."""
    with world.engine.begin() as connection:
        (claim,) = leases.claim(connection, world.now, world.now + LEASE, 10).claims()
        if intent:
            outgoing = Outgoing(claim.address, Message("x", "y"), "<first@example.org>")
            leases.hold(connection, [Letter((claim,), outgoing, world.now)], world.now, world.now + LEASE)
    return claim


def test_pending_leased_sent(world):
    world.post()
    (report,) = world.sweep()
    row = world.row()

    assert report.state is row["state"] is State.SENT
    assert row["sent_at"] == row["intent_at"] == world.now
    assert row["message_id"] == f"<{row['id'].hex}@example.org>" == world.channel.sent[0].message_id
    assert (row["title"], row["text"]) == ("Your week is ready", "Take a look?")
    assert (row["attempts"], row["not_before"], row["token"], row["detail"]) == (1, None, None, None)
    assert world.channel.rested == 1


def test_a_letter_is_packed_in_the_thread_that_worded_it(world):
    threads = []

    def prepare(due, now):
        threads.append(threading.get_ident())
        return Message("x", "y")

    def pack(outgoing):
        threads.append(threading.get_ident())
        return outgoing._replace(packed=outgoing.message_id.encode())

    world.answer, world.channel.pack = prepare, pack
    world.post(*(world.draft(period=str(number)) for number in range(6)))
    assert [report.state for report in world.sweep()] == [State.SENT] * 6
    assert len(set(threads)) == 1 < len(threads) == 12
    assert all(each.packed == each.message_id.encode() for each in world.channel.sent)


def test_what_packing_raises_is_left_to_the_send(world):
    def pack(outgoing):
        raise ValueError("it cannot be packed")

    world.channel.pack = pack
    world.post()
    assert world.sweep()[0].state is State.SENT


def test_what_is_sent_stays_sent(world):
    world.post()
    world.sweep()
    world.post()
    world.wait(days=2)

    assert world.sweep() == []
    assert len(world.channel.sent) == 1


def test_nothing_goes_out_before_it_is_due(world):
    world.post(due_at=world.now + timedelta(seconds=1))
    assert world.sweep() == []
    world.wait(seconds=1)
    assert len(world.sweep()) == 1


def test_a_sweep_goes_on_until_nothing_is_due(world):
    world.post(*(world.draft(period=str(number)) for number in range(25)))
    assert len(world.sweep(batch=10)) == 25


def test_prepare_sees_the_nudge_after_its_claim_has_committed(world):
    def prepare(due, now):
        assert world.row()["state"] is State.LEASED
        assert world.row()["intent_at"] is None
        assert now == world.now
        assert (due.recipient_id, due.rule, due.period) == ("p1", "R1", "a1")
        assert due.zone.key == "Europe/Berlin"
        return Message("x", "y")

    world.answer = prepare
    world.post(timezone="Europe/Berlin")
    assert world.sweep()[0].state is State.SENT


def test_the_intent_has_committed_when_the_channel_is_called(world):
    seen = []

    class Channel:
        async def send(self, outgoing):
            seen.append(world.row())
            return Delivered()

        async def rest(self):
            pass

    world.post()
    world.sweep(channels={"test": Channel()})

    assert (seen[0]["state"], seen[0]["intent_at"], seen[0]["sent_at"]) == (State.LEASED, world.now, None)
    assert seen[0]["message_id"] is not None


@pytest.mark.parametrize(
    ("answer", "state"), [(Cancelled("scored"), State.CANCELLED), (Suppressed("paused"), State.SUPPRESSED)]
)
def test_prepare_declines(world, answer, state):
    world.answer = answer
    world.post()

    assert world.sweep()[0].state is world.row()["state"] is state
    assert world.row()["detail"] == answer.reason
    assert world.channel.sent == []


def test_past_its_time_it_expires_unprepared(world):
    world.post(expires_at=world.now + timedelta(hours=1))
    world.wait(hours=1)

    assert world.sweep()[0].state is State.EXPIRED
    assert world.prepared == []


@pytest.mark.parametrize(("urgent", "state"), [(False, State.PENDING), (True, State.SENT)])
def test_quiet_hours(world, urgent, state):
    world.now = datetime(2026, 3, 28, 22, tzinfo=UTC)  # 23:00 in Berlin, the night of the change
    world.post(urgent=urgent, timezone="Europe/Berlin")
    world.sweep()

    assert world.row()["state"] is state
    if not urgent:
        assert world.row()["not_before"] == datetime(2026, 3, 29, 6, tzinfo=UTC)
        assert (world.row()["attempts"], world.row()["token"]) == (0, None)
        world.wait(hours=8)
        assert world.sweep()[0].state is State.SENT


def test_what_quiet_hours_would_make_too_late_expires(world):
    world.now = datetime(2026, 7, 1, 22, tzinfo=UTC)
    world.post(expires_at=datetime(2026, 7, 2, 7, tzinfo=UTC))
    assert world.sweep()[0].state is State.EXPIRED


def test_transient_waits_longer_each_time_and_keeps_its_message_id(world):
    world.channel.script = [Transient("451 busy"), Transient("451 busy")]
    world.post()
    waits = []
    for _ in range(2):
        assert world.sweep()[0].state is State.PENDING
        assert world.row()["intent_at"] is None
        assert world.sweep() == []
        waits.append(world.row()["not_before"] - world.now)
        world.now = world.row()["not_before"]

    assert world.sweep()[0].state is State.SENT
    assert waits[1] / waits[0] == pytest.approx(2)
    assert len({outgoing.message_id for outgoing in world.channel.sent}) == 1
    assert world.row()["attempts"] == 3


def test_transient_until_it_is_too_late_keeps_the_reason(world):
    world.channel.script = [Transient("451 busy")]
    world.post(expires_at=world.now + timedelta(seconds=30))
    world.sweep()
    world.wait(minutes=5)

    assert world.sweep()[0].state is State.EXPIRED
    assert "451 busy" in world.row()["detail"]


def test_permanent_fails_with_its_reason(world):
    world.channel.script = [Permanent("550 no such user")]
    world.post()

    assert world.sweep()[0].state is State.FAILED
    assert world.row()["detail"] == "550 no such user"


@pytest.mark.parametrize("answer", [Unknown("lost"), OSError("ada@example.org"), TimeoutError()])
def test_unknown_is_sent_again_with_the_same_message_id(world, answer):
    world.channel.script = [answer]
    world.post()

    assert world.sweep()[0].state is State.PENDING
    assert world.row()["intent_at"] == world.now
    assert "ada@" not in world.row()["detail"]
    world.wait(minutes=5)
    assert world.sweep()[0].state is State.SENT
    assert len({outgoing.message_id for outgoing in world.channel.sent}) == 1


def test_unknown_is_left_alone_where_twice_is_worse_than_never(world):
    world.channel.script = [Unknown("lost")]
    world.post(policy=Policy.NEVER_TWICE)

    assert world.sweep()[0].state is State.UNKNOWN
    world.wait(days=1)
    assert world.sweep() == []


@pytest.mark.parametrize("policy", Policy)
def test_a_lease_that_ran_out_before_intent_is_taken_up_again(world, policy):
    world.post(policy=policy)
    claim_and_stop(world, intent=False)

    assert world.sweep() == []
    world.now += LEASE
    assert world.sweep()[0].state is State.SENT
    assert world.row()["attempts"] == 2


def test_a_lease_that_ran_out_after_intent_is_sent_again_with_the_same_message_id(world):
    world.post()
    claim_and_stop(world, intent=True)
    world.now += LEASE

    assert world.sweep()[0].state is State.SENT
    assert world.channel.sent[0].message_id == "<first@example.org>"


def test_a_lease_that_ran_out_after_intent_is_unknown_where_twice_is_worse_than_never(world):
    world.post(policy=Policy.NEVER_TWICE)
    claim_and_stop(world, intent=True)
    world.now += LEASE

    assert world.sweep()[0].state is State.UNKNOWN
    assert world.channel.sent == []
    assert world.row()["intent_at"] is not None


def test_a_lease_moves_nothing_in_the_index(world):
    world.post()
    claim_and_stop(world, intent=False)
    assert (world.row()["not_before"], world.row()["held_until"]) == (world.now, world.now + LEASE)
    world.now += LEASE
    world.sweep()
    assert (world.row()["not_before"], world.row()["held_until"]) == (None, None)


def test_the_intent_holds_it_anew(world):
    world.post()
    claim = claim_and_stop(world, intent=False)
    world.wait(minutes=1)
    with world.engine.begin() as connection:
        leases.hold(connection, [Letter((claim,), OUTGOING, world.now)], world.now, world.now + LEASE)
    assert world.row()["held_until"] == world.now + LEASE


def test_the_fence_keeps_a_late_worker_out(world):
    world.post()
    late = claim_and_stop(world, intent=False)
    world.now += LEASE
    world.sweep()
    before = world.row()

    for write in (
        lambda connection: leases.hold(
            connection, [Letter((late,), OUTGOING, world.now)], world.now, world.now + LEASE
        ),
        lambda connection: leases.settle(connection, [(late, Verdict(State.FAILED, "late", 1, None))]),
    ):
        with pytest.raises(leases.LeaseLostError), world.engine.begin() as connection:
            write(connection)
    assert world.row() == before


def test_what_a_busy_database_did_not_take_of_a_night_is_offered_again(world, monkeypatch):
    settle, refusals = leases.settle, [OperationalError("", {}, Exception("database is locked"))] * 2

    def busy(connection, settled):
        if refusals:
            raise refusals.pop()
        settle(connection, settled)

    monkeypatch.setattr(leases, "settle", busy)
    monkeypatch.setattr(delivery, "BREATH_S", 0.0)
    world.now = world.now.replace(hour=23)
    world.post()
    (put_off,) = world.sweep()
    assert (put_off.state, world.row()["state"], refusals) == (State.PENDING, State.PENDING, [])
    assert world.row()["not_before"] == world.now.replace(hour=8) + timedelta(days=1)


@pytest.mark.sqlite
def test_rows_that_are_numbered_anew_meanwhile_are_found_by_their_keys(world, monkeypatch):
    """As by tidying up (VACUUM), which may number them anew: here, the other way round."""

    ways = set()
    found = leases._found

    def noted(connection, claims):
        ways.add(way := found(connection, claims))
        return way

    monkeypatch.setattr(leases, "_found", noted)
    world.post(period="before", to=(Address("test", "undisturbed"),))
    world.sweep()
    assert ways == {leases.BY_PLACE}

    def number_anew():
        with world.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE aside AS SELECT * FROM delivery")
            connection.exec_driver_sql("DELETE FROM delivery")
            connection.exec_driver_sql("INSERT INTO delivery SELECT * FROM aside ORDER BY rowid DESC")
            connection.exec_driver_sql("DROP TABLE aside")

    class Channel:
        async def send(self, outgoing):
            number_anew()
            return Permanent("550") if "4" in outgoing.message.title else Delivered()

        async def rest(self):
            pass

    def prepare(due, now):
        number_anew()
        return Message(f"No. {due.period}", "y")

    world.answer = prepare
    world.post(*(world.draft(period=str(number), to=(Address("test", f"p{number}"),)) for number in range(5)))
    world.sweep(channels={"test": Channel()})
    became = {row["address"]: (row["title"], row["state"]) for row in world.rows() if row["address"] != "undisturbed"}
    assert leases.BY_KEY in ways
    assert became == {f"p{n}": (f"No. {n}", State.FAILED if n == 4 else State.SENT) for n in range(5)}


def test_a_sweep_that_lost_its_lease_while_sending_says_nothing(world, caplog):
    class Channel:
        async def send(self, outgoing):
            world.now += LEASE
            claim_and_stop(world, intent=False)
            return Delivered()

        async def rest(self):
            pass

    world.post()
    assert world.sweep(channels={"test": Channel()}) == []
    assert world.row()["state"] is State.LEASED
    assert "taken over" in caplog.text


def test_a_prepare_that_raises_is_tried_again_and_stops_nobody_else(world, caplog):
    def prepare(due, now):
        if due.recipient_id == "p1":
            raise KeyError("Ada Lovelace")
        return Message("x", "y")

    world.answer = prepare
    world.post(world.draft(), world.draft(recipient_id="p2"))

    assert {report.state for report in world.sweep()} == {State.PENDING, State.SENT}
    for _ in range(MOST_TRIES - 1):
        world.wait(hours=2)
        (report,) = world.sweep(quiet=SimpleNamespace(next_allowed=lambda now, zone: now))
    assert report.state is State.FAILED
    assert "KeyError at test_delivery.py:" in report.detail
    assert "Lovelace" not in caplog.text + report.detail


@pytest.mark.parametrize("missing", [{"channels": {}}, {"prepare": {}}])
def test_what_is_not_set_up_here_waits(world, missing):
    world.post()
    assert world.sweep(**missing)[0].state is State.PENDING
    assert "not set up" in world.row()["detail"]
    world.wait(minutes=5)
    assert world.sweep()[0].state is State.SENT


def test_one_channel_down_does_not_hold_the_other_up(world):
    world.channel.script = [Transient("down")]
    other = type(world.channel)()
    world.post(to=(Address("test", "ada@example.org"), Address("other", "ada")))
    world.sweep(channels={"test": world.channel, "other": other})

    assert [row["state"] for row in world.rows()] == [State.SENT, State.PENDING]
    assert len({row["message_id"] for row in world.rows()}) == 2


def test_sends_on_one_channel_are_concurrent_within_bounds(world):
    class Channel:
        now = most = 0

        async def send(self, outgoing):
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.005)
            self.now -= 1
            return Delivered()

        async def rest(self):
            pass

    channel = Channel()
    world.post(*(world.draft(period=str(number)) for number in range(20)))
    world.sweep(channels={"test": channel})
    assert 1 < channel.most <= 8


def test_what_cannot_be_written_stops_one_delivery_and_not_the_sweep(world, monkeypatch, caplog):
    settle = leases.settle

    def sometimes(connection, settled):
        if any(claim.due.period == "a1" for claim, _ in settled):
            raise OSError("a row that cannot be written, for ada@example.org")
        return settle(connection, settled)

    monkeypatch.setattr(leases, "settle", sometimes)
    world.post(world.draft(), world.draft(period="a2"))

    (report,) = world.sweep()
    assert report.period == "a2"
    assert "OSError" in caplog.text
    assert "ada@" not in caplog.text


def test_two_sweeps_at_once_send_each_message_once(world):
    world.post(*(world.draft(period=str(number)) for number in range(120)))
    workers = [threading.Thread(target=world.sweep, kwargs={"batch": 7}) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(world.channel.sent) == 120
    assert len({outgoing.message_id for outgoing in world.channel.sent}) == 120
    assert {row["state"] for row in world.rows()} == {State.SENT}


def test_logs_tell_what_happened_and_nothing_of_anyone(world, caplog):
    caplog.set_level(logging.DEBUG, logger="scheduler")
    world.channel.script = [Permanent("550 ada@example.org unknown")]
    world.post()
    world.sweep()

    assert "rule=R1 channel=test state=failed attempt=1" in caplog.text
    for private in ("ada@", "p1", "Your week", "Take a look"):
        assert private not in caplog.text
