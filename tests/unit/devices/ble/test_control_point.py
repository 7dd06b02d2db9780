"""What is asked of a machine, byte by byte; what it answers; and what is never asked of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.ble import control_point
from devices.ble.control_point import Answer, Op, Result, answer, target_cadence, target_power, target_resistance
from devices.ble.machine_status import Event, Status, status


@pytest.mark.parametrize(
    ("command", "frame"),
    [
        (control_point.request_control(), "00"),
        (control_point.reset(), "01"),
        (control_point.stop(), "0801"),
        (control_point.pause(), "0802"),
        (target_power(0), "050000"),
        (target_power(149.6), "059600"),
        (target_power(0x7FFF), "05ff7f"),
        (target_resistance(4.2), "042a00"),
        (target_resistance(100), "04e803"),
        (target_resistance(4.2, one_byte=True), "042a"),
        (target_cadence(72.5), "149100"),
    ],
)
def test_commands(command, frame):
    assert command.hex() == frame


@pytest.mark.parametrize(
    "ask",
    [
        lambda: target_power(-1),
        lambda: target_power(40_000),
        lambda: target_power(float("nan")),
        lambda: target_resistance(-0.1),
        lambda: target_resistance(25.6, one_byte=True),
        lambda: target_cadence(-1),
    ],
)
def test_what_a_field_does_not_hold_is_not_sent(ask):
    with pytest.raises(ValueError, match="A target is between 0 and"):
        ask()


def test_nothing_starts_a_machine_and_nothing_sets_its_speed_or_inclination():
    """No builder writes these op codes: they are named for answers, and nowhere else in the package."""
    forbidden = {Op.START_OR_RESUME, Op.TARGET_SPEED, Op.TARGET_INCLINATION}
    sources = {path: path.read_text(encoding="utf-8") for path in Path(control_point.__file__).parent.glob("*.py")}
    for op in forbidden:
        named = [
            line for source in sources.values() for line in source.splitlines() if re.search(rf"\b{op.name}\b", line)
        ]
        assert named == [f"    {op.name} = 0x{op.value:02x}"]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("800001", Answer(Op.REQUEST_CONTROL, Result.DONE)),
        ("801101", Answer(Op.SIMULATION, Result.DONE)),  # of a real trainer
        ("800402", Answer(Op.TARGET_RESISTANCE, Result.NOT_SUPPORTED)),
        ("800503", Answer(Op.TARGET_POWER, Result.BAD_PARAMETER)),
        ("800504", Answer(Op.TARGET_POWER, Result.FAILED)),
        ("800505", Answer(Op.TARGET_POWER, Result.NOT_PERMITTED)),
        ("8005ff", Answer(Op.TARGET_POWER, Result.UNKNOWN)),
        ("8005", Answer(Op.TARGET_POWER, Result.UNKNOWN)),
        ("80430100", Answer(0x43, Result.DONE)),
        ("80", None),
        ("000001", None),
        ("", None),
    ],
)
def test_answers(frame, expected):
    assert answer(bytes.fromhex(frame)) == expected
    assert answer(bytearray.fromhex(frame)) == expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("ff", Status(Event.CONTROL_LOST)),
        ("01", Status(Event.RESET)),
        ("0201", Status(Event.STOPPED)),
        ("0202", Status(Event.PAUSED)),
        ("02", Status(Event.STOPPED)),
        ("03", Status(Event.STOPPED_BY_SAFETY_KEY)),
        ("04", Status(Event.STARTED)),
        ("056801", Status(Event.SPEED_CHANGED, 1.0)),
        ("06f6ff", Status(Event.INCLINE_CHANGED, -1.0)),
        ("072a", Status(Event.RESISTANCE_CHANGED, 4.2)),
        ("07e803", Status(Event.RESISTANCE_CHANGED, 100.0)),
        ("089600", Status(Event.POWER_CHANGED, 150.0)),
        ("0896", Status(Event.POWER_CHANGED)),
        ("0978", Status(Event.HEART_RATE_CHANGED, 120.0)),
        ("12000000002833", Status(Event.SIMULATION_CHANGED)),
        ("159100", Status(Event.CADENCE_CHANGED, 72.5)),
        ("7f", Status(Event.UNKNOWN)),
        ("", Status(Event.UNKNOWN)),
    ],
)
def test_what_was_done_at_the_machine(frame, expected):
    assert status(bytes.fromhex(frame)) == expected


@settings(deadline=None)
@given(frame=st.binary(max_size=20))
def test_any_bytes_are_read(frame):
    answer(frame)
    status(frame)
