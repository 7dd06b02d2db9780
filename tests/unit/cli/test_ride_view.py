"""The view from the saddle, as text."""

import io

import pytest
from rich.console import Console

from coach.cli.big import big
from coach.cli.ride_view import view
from coach.plan import Dose, Exercise, Prescription, Role
from coach.plan.thresholds import Band
from coach.riding.asked import Asked
from coach.riding.picture import Picture
from devices.ble.connections import State
from devices.ble.ramp import Limits
from devices.ble.trainer import Hold

ITEM = Prescription(
    exercise=Exercise.EXERCISE_BIKE,
    role=Role.PRIMARY,
    dose=Dose(sessions=3, minutes=10),
    ceiling=Dose(sessions=4, minutes=30),
)
ASKED = Asked(Exercise.EXERCISE_BIKE, ITEM, Limits(40, 121), 3, cadence_rpm=Band(60, 80))


def picture(**changes) -> Picture:
    known = {
        "asked": ASKED,
        "elapsed_s": 125.0,
        "active_s": 120.0,
        "is_paused": False,
        "power_w": 38.4,
        "cadence_rpm": 66.0,
        "heart_rate_bpm": 104,
        "speed_mps": 5.0,
        "hold": Hold.HOLDING,
        "target": 40.0,
        "machines": (("Bike", State.LIVE), ("Strap", State.SOUGHT)),
        "pain": None,
        "waiting_bytes": 0,
        "said": ("Bike is connected.",),
    }
    return Picture(**known | changes)


def shown(picture: Picture) -> str:
    console = Console(file=io.StringIO(), width=110, force_terminal=False)
    console.print(view(picture))
    return console.file.getvalue()


def test_all_that_matters_is_there():
    told = shown(picture())
    for part in (
        "time",
        "W, target 40",
        "rpm",
        "heart, up to 121",
        "8:00 of the plan's 10 min left",
        "● Bike",
        "○ Strap sought",
    ):
        assert part in told
    for line in big("104").splitlines():
        assert line in told
    assert "Bike is connected." in told


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"cadence_rpm": 52.0}, "a little faster, 60-80 rpm"),
        ({"cadence_rpm": 91.0}, "a little slower, 60-80 rpm"),
        ({"is_paused": True}, "paused"),
        ({"hold": Hold.RELEASED, "target": None}, "target released"),
        ({"active_s": 900.0}, "the plan's minutes are done"),
        ({"pain": 4}, "pain 4"),
        ({"waiting_bytes": 10}, "disk full: in memory"),
        ({"asked": Asked(Exercise.EXERCISE_BIKE, None, Limits(), 3)}, "The plan has no item for this."),
        ({"asked": Asked(Exercise.LEVEL_WALK, None, Limits(), 3)}, "km/h"),
    ],
)
def test_what_is_otherwise(changes, part):
    assert part in shown(picture(**changes))


def test_what_nobody_told_is_no_number():
    told = shown(picture(power_w=None, cadence_rpm=None, heart_rate_bpm=None))
    assert told.count("▀▀▀") >= 3


def test_big_digits_are_five_lines_of_three():
    lines = big("0123456789").splitlines()
    assert len(lines) == 5
    assert {len(line) for line in lines} == {39}
    assert len({tuple(line[place : place + 3] for line in lines) for place in range(0, 40, 4)}) == 10
