"""Sessions on the gym: connected, recorded, lost, found again, controlled and released."""

import asyncio
from dataclasses import replace

import pytest

from devices.ble import journals
from devices.ble.connections import State
from devices.ble.entries import Kind
from devices.ble.gym import models
from devices.ble.gym.rider import Rider
from devices.ble.identity import Identity
from devices.ble.measurement import Quantity
from devices.ble.ramp import POWER, RESISTANCE, Limits
from devices.ble.reasons import Reason
from devices.ble.recorder import recorded
from devices.ble.session import Session
from devices.ble.trainer import Hold
from devices.errors import BluetoothError
from devices.fit.read import read

EIGHT = (
    models.BIKE,
    models.STRAP,
    models.POWER_METER,
    models.CADENCE_SENSOR,
    models.FOOT_POD,
    models.TREADMILL,
    models.STRAP,
    models.CADENCE_SENSOR,
)


def frames(path):
    return [each for each in journals.read(path).entries if each.kind is Kind.FRAME]


def test_a_scan_names_what_a_session_can_be_recorded_from(compressed):
    async def happens(bench):
        for model in (models.BIKE, models.STRAP, models.SCALES):
            await bench.gym.add(model)
        found = await bench.radio.scan()
        assert {(each.name, each.services[0].name) for each in found} == {
            ("Gym Bike", "fitness machine"),
            ("Gym Strap", "heart rate strap"),
        }

    compressed(happens)


def test_eight_machines_at_4_hz_lose_nothing(compressed):
    async def happens(bench):
        machines = [await bench.gym.add(model) for model in EIGHT]
        session = bench.session()
        async with session.running():
            await bench.until(lambda: all(each.state is State.LIVE for each in session.connections), 30)
            await asyncio.sleep(60)
            assert session.recorder.now(Quantity.POWER_W) is not None
            for machine in machines:
                machine.faults.silent = True
            await asyncio.sleep(1)
        session.recorder.journal.close()
        sent = [(each.characteristic, each.data) for machine in machines for each in machine.sent]
        got = [(each.characteristic, each.frame) for each in frames(session.recorder.journal.path)]
        assert len(sent) > 8 * 4 * 60
        assert sorted(got) == sorted(sent)

    compressed(happens)


def test_a_lost_link_is_back_within_two_seconds_of_the_machine(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        session = bench.session()
        async with session.running():
            await session.first_live()
            await asyncio.sleep(10)
            bike.vanish()
            await bench.until(lambda: session.connections[0].state is State.SOUGHT, 2)
            assert session.connections[0].reason is Reason.LINK_LOST
            await asyncio.sleep(60)
            assert session.connections[0].state is State.SOUGHT
            assert session.recorder.now(Quantity.POWER_W) is None
            await bike.come_back()
            assert await bench.until(lambda: session.connections[0].state is State.LIVE, 5) < 2
            await asyncio.sleep(10)
        found = recorded(session.recorder.journal.path)
        (gap,) = found.annotations.gaps
        assert 55 < gap.duration_s < 65
        session.recorder.journal.close()
        assert "The connection to Gym Bike was lost." in bench.sentences

    compressed(happens)


def test_a_silent_link_is_made_anew(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        session = bench.session()
        async with session.running():
            await session.first_live()
            await asyncio.sleep(5)
            bike.faults.silent = True
            took_s = await bench.until(lambda: session.connections[0].state is State.LOST, 12)
            assert 5 <= took_s <= 10
            assert session.connections[0].reason is Reason.SILENT
            bike.faults.silent = False
            await bench.until(lambda: session.connections[0].state is State.LIVE, 3)
        session.recorder.journal.close()

    compressed(happens)


def test_a_machine_that_another_app_holds(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        bike.faults.taken = True
        session = bench.session()
        async with session.running():
            with pytest.raises(BluetoothError, match="Close the other app"):
                await session.first_live()
            bike.faults.taken = False
            await bench.until(lambda: session.connections[0].state is State.LIVE, 4)
        session.recorder.journal.close()
        assert bench.sentences.count("refuses the connection") == 1, "said once, not at each attempt"

    compressed(happens)


def test_nobody_there(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        bike.vanish()
        session = bench.session()
        async with session.running():
            with pytest.raises(BluetoothError, match=r"Gym Bike was not found\. Wake it"):
                await session.first_live()
        session.recorder.journal.close()
        assert recorded(session.recorder.journal.path) is None

    compressed(happens)


def test_a_device_without_a_fitness_service(compressed):
    async def happens(bench):
        odd = replace(models.SCALES, services={0x1826: {0x2ACC: bytes(8)}})
        await bench.gym.add(odd)
        session = bench.session()
        async with session.running():
            with pytest.raises(BluetoothError, match="none of the services"):
                await session.first_live()
        session.recorder.journal.close()

    compressed(happens)


def test_two_machines_of_one_name_are_told_apart_by_serial_number(compressed):
    async def happens(bench):
        await bench.gym.add(replace(models.BIKE, serial="A"))
        await bench.gym.add(replace(models.BIKE, serial="B"))
        chosen = Identity("Gym Bike", "another address by now", serial="B")
        session = Session(bench.radio, bench.journal(), [chosen], Limits(), bench.tell)
        async with session.running():
            await session.first_live()
            assert session.connections[0].identity.address == bench.gym.machines[1].address
        session.recorder.journal.close()

    compressed(happens)


def test_a_target_rises_slowly_once_the_person_pedals_and_is_released_at_the_end(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE, Rider(rests=((0, 20),)))
        session = bench.session(Limits(power_w=50))
        async with session.running():
            await session.first_live()
            session.control(session.connections[0], POWER, 80)
            await asyncio.sleep(15 - bike.time_s)
            assert bike.commands == [], "nobody pedals yet"
            await asyncio.sleep(30)
            assert bike.target_w == 50
        session.recorder.journal.close()
        watts = [int.from_bytes(each[1:], "little") for each in bike.commands if each[0] == 0x05]
        assert bike.commands[0] == b"\x00"
        assert watts == [20, 25, 30, 35, 40, 45, 50]
        assert bike.commands[-1] == b"\x01"
        assert {each[0] for each in bike.commands} == {0x00, 0x05, 0x01}, "never started, stopped or resumed"
        assert "80 W is above the limit: 50 W it is." in bench.sentences
        assert bike.target_w is None

    compressed(happens)


def test_released_at_once_and_for_good(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        session = bench.session()
        async with session.running():
            await session.first_live()
            session.control(session.connections[0], POWER, 60)
            await bench.until(lambda: bike.target_w == 60, 30)
            began = bench.at_s
            await session.release("pain 4")
            assert bench.at_s - began < 0.5
            assert bike.target_w is None
            before = len(bike.commands)
            await asyncio.sleep(60)
            assert len(bike.commands) == before
            assert session.trainer.hold is Hold.RELEASED
        session.recorder.journal.close()
        assert "The target is released: pain 4." in bench.sentences

    compressed(happens)


def test_released_while_a_command_is_under_way(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        session = bench.session()
        async with session.running():
            await session.first_live()
            session.control(session.connections[0], POWER, 60)
            await bench.until(lambda: bike.target_w == 30, 30)
            bike.faults.deaf = True  # it takes commands and answers none
            await asyncio.sleep(1.2)
            began = bench.at_s
            releasing = asyncio.create_task(session.release("pain 4"))
            await bench.until(lambda: bike.commands[-1] == b"\x01", 1)
            assert bench.at_s - began < 1
            await releasing
        session.recorder.journal.close()

    compressed(happens)


def test_refused_control_is_said_and_the_ride_recorded(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        bike.faults.refuses = True
        session = bench.session()
        async with session.running():
            await session.first_live()
            session.control(session.connections[0], POWER, 60)
            await asyncio.sleep(30)
        session.recorder.journal.close()
        assert session.trainer.hold is Hold.REFUSED
        assert bench.sentences.count("does not allow control. The ride is recorded without targets.") == 1
        assert bike.commands == [b"\x00"]
        assert recorded(session.recorder.journal.path) is not None

    compressed(happens)


def test_a_target_is_set_again_only_once_the_person_pedals_after_a_reconnect(compressed):
    async def happens(bench):
        rest = (40.0, 80.0)
        bike = await bench.gym.add(models.BIKE, Rider(rests=(rest,)))
        session = bench.session()
        async with session.running():
            await session.first_live()
            session.control(session.connections[0], POWER, 60)
            await bench.until(lambda: bike.target_w == 60, 30)
            await asyncio.sleep(45 - bike.time_s)
            bike.vanish()
            await bike.come_back()
            await bench.until(lambda: session.connections[0].state is State.LIVE, 5)
            before = len(bike.commands)
            await asyncio.sleep(75 - bike.time_s)
            assert len(bike.commands) == before, "nobody pedals"
            await bench.until(lambda: bike.target_w == 60, 30)
            assert bike.time_s > rest[1]
            assert bike.commands[before][0] == 0x00, "the hand-shake begins anew"
        session.recorder.journal.close()

    compressed(happens)


def test_a_fast_heart_eases_the_target(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        await bench.gym.add(models.STRAP, Rider(power_w=100))
        session = bench.session(Limits(heart_rate_bpm=110))
        async with session.running():
            await bench.until(lambda: all(each.state is State.LIVE for each in session.connections), 10)
            session.control(session.connections[0], POWER, 60)
            await asyncio.sleep(240)
            assert bike.target_w < 60
        session.recorder.journal.close()
        assert "The heart rate is above 110: the target is eased." in bench.sentences

    compressed(happens)


def test_a_treadmill_is_never_told_anything(compressed):
    async def happens(bench):
        belt = await bench.gym.add(models.TREADMILL, Rider(speed_mps=1.2))
        session = bench.session()
        async with session.running():
            await session.first_live()
            for manner in (POWER, RESISTANCE):
                session.control(session.connections[0], manner, 20)
                await asyncio.sleep(5)
        session.recorder.journal.close()
        assert belt.commands == []

    compressed(happens)


def test_one_byte_resistance_split_frames_and_a_frozen_power(compressed):
    async def happens(bench):
        bike = await bench.gym.add(models.BIKE)
        session = bench.session()
        async with session.running():
            await session.first_live()
            for fault in ("one_byte_resistance", "split"):
                setattr(bike.faults, fault, True)
                await asyncio.sleep(5)
                for quantity in (Quantity.POWER_W, Quantity.CADENCE_RPM, Quantity.SPEED_MPS):
                    assert session.recorder.now(quantity) > 0
                setattr(bike.faults, fault, False)
            bike.faults.frozen = True  # speed and cadence go on, power is not sent any more
            await asyncio.sleep(5)
            assert session.recorder.now(Quantity.POWER_W) is None
            assert session.recorder.now(Quantity.CADENCE_RPM) > 0
        session.recorder.journal.close()

    compressed(happens)


def test_miles_that_were_sent_as_kilometres_are_converted(compressed):
    async def happens(bench):
        belt = await bench.gym.add(models.TREADMILL, Rider(speed_mps=1.3))
        belt.faults.mph = True
        session = bench.session(journal=bench.journal("walking", "treadmill"))
        async with session.running():
            await session.first_live()
            await asyncio.sleep(300)
        session.recorder.journal.close()
        found = recorded(session.recorder.journal.path)
        (walk,) = read(found.fit_path.read_bytes()).recordings
        assert walk.sport == "walking"
        assert walk.column("speed_mps").mean() == pytest.approx(1.3, rel=0.02)
        assert walk.totals.distance_m == pytest.approx(1.3 * 300, rel=0.03)

    compressed(happens)
