"""From a journal to a recording: who is believed, what expires, what pauses, what is left out."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from devices.ble import entries
from devices.ble.assembly import assemble
from devices.ble.entries import Entry, Kind
from devices.ble.gym import frames
from devices.ble.journals import Log
from devices.recording import Span

START = datetime(2026, 6, 1, 17, 30, 0, 600_000, tzinfo=UTC)
BIKE, POWER, CSC, STRAP, POD = range(5)


def log(*told: Entry, sport: str = "cycling") -> Log:
    ordered = sorted(told, key=lambda entry: entry.at_s)
    return Log(START, "1", sport, "indoor_cycling", timedelta(hours=2), tuple(ordered))


def bike(*seconds: float, **values) -> list[Entry]:
    speed_kmh = values.pop("speed_kmh", 20.0)
    return [entries.frame(at, BIKE, 0x2AD2, frames.indoor_bike(speed_kmh, **values)) for at in seconds]


def power(*seconds: float, watts: int) -> list[Entry]:
    return [entries.frame(at, POWER, 0x2A63, frames.cycling_power(watts, round(at), at)) for at in seconds]


def strap(*seconds: float, bpm: int = 100) -> list[Entry]:
    return [entries.frame(at, STRAP, 0x2A37, frames.heart_rate(bpm)) for at in seconds]


def column(log: Log, name: str) -> list[float | None]:
    recording = assemble(log).recording
    found = recording.column(name)
    return [] if found is None else [None if np.isnan(value) else value for value in found.tolist()]


def test_nothing_makes_nothing():
    assert assemble(log()) is None
    assert assemble(log(Entry(Kind.PAUSE, 1.0), Entry(Kind.END, 2.0))) is None
    assert assemble(log(entries.frame(0.0, BIKE, 0x2AD2, b"\x01"))) is None, "a frame of one byte"


def test_it_begins_in_the_second_of_the_first_frame():
    recording = assemble(log(*bike(7.7, 8.7, 9.7))).recording
    assert recording.start == datetime(2026, 6, 1, 17, 30, 8, tzinfo=UTC)
    assert recording.column("time_s").tolist() == [0, 1, 2]
    assert recording.utc_offset == timedelta(hours=2)


def test_the_fitness_machine_is_believed_and_the_power_meter_fills_in():
    told = log(*bike(0, 1, 2, 3, power_w=50), *power(*range(10), watts=70))
    assert column(told, "power_w") == [50] * 6 + [70] * 4, "its last power holds for three seconds"


def test_a_straps_heart_rate_before_a_machines():
    told = log(*bike(0, 1, 2, heart_rate_bpm=60), *strap(1, 2, bpm=110))
    assert column(told, "heart_rate_bpm") == [60, 110, 110]


def test_what_was_not_said_is_not_known():
    told = log(*bike(0, 1, 2, power_w=50), *strap(10))
    assert column(told, "power_w") == [50] * 5 + [None]
    assert assemble(told).gaps == (Span(5, 10),)


def test_a_short_zero_is_left_out_and_told():
    told = log(*bike(0, 1, 2, power_w=50), *bike(3, power_w=0), *bike(4, 5, power_w=50))
    assert column(told, "power_w") == [50, 50, 50, None, 50, 50]
    assert assemble(told).recording.totals.avg_power_w == 50
    assert "1 zeros of the power were too short to be true" in " ".join(assemble(told).recording.notes)


def test_a_pause_by_hand():
    told = log(*bike(*range(20), power_w=50), Entry(Kind.PAUSE, 5.0), Entry(Kind.RESUME, 12.0), Entry(Kind.END, 19.0))
    recording = assemble(told).recording
    assert recording.timer == (Span(0, 5), Span(12, 19))
    assert recording.column("time_s").tolist() == [0, 1, 2, 3, 4, 5, *range(12, 20)]
    assert (recording.totals.elapsed_s, recording.totals.timer_s) == (19, 12)


def test_a_pause_that_is_never_ended():
    told = log(*bike(*range(20), power_w=50), Entry(Kind.PAUSE, 5.0), Entry(Kind.END, 19.0))
    assert assemble(told).recording.timer == (Span(0, 5),)


@pytest.mark.parametrize(("still_s", "timer"), [(4, (Span(0, 23),)), (9, (Span(0, 10), Span(19, 28)))])
def test_standing_still_pauses_after_five_seconds(still_s, timer):
    still = range(10, 10 + still_s)
    told = log(
        *bike(*range(10), power_w=50, cadence_rpm=60),
        *bike(*still, speed_kmh=0.0, power_w=0, cadence_rpm=0),
        *bike(*range(10 + still_s, 20 + still_s), power_w=50, cadence_rpm=60),
    )
    assert assemble(told).recording.timer == timer


def test_a_strap_alone_does_not_pause():
    assert assemble(log(*strap(*range(30)))).recording.timer == (Span(0, 29),)


def test_a_distance_that_begins_again_goes_on():
    told = log(
        *(entry for at in range(5) for entry in bike(at, distance_m=1000 + 5 * at)),
        *(entry for at in range(5, 10) for entry in bike(at, distance_m=5 * (at - 5))),
    )
    assert column(told, "distance_m") == [0, 5, 10, 15, 20, 20, 25, 30, 35, 40]


def test_without_a_distance_it_is_worked_out_from_the_speed():
    recording = assemble(log(*bike(*range(11), speed_kmh=18.0))).recording
    assert recording.totals.distance_m == pytest.approx(11 * 5)


def test_turns_become_a_cadence():
    told = log(*(entries.frame(at, CSC, 0x2A5B, frames.csc(3 * at, at, at, float(at))) for at in range(10)))
    assert column(told, "cadence_rpm")[-1] == 60
    assert column(told, "speed_mps")[-1] == pytest.approx(3 * 2.105)


def test_a_pod_of_one_foot_and_one_of_both():
    for steps, cadence in ((54, 54), (108, 54)):
        told = log(*(entries.frame(at, POD, 0x2A53, frames.rsc(1.3, steps)) for at in range(30)), sport="walking")
        assert column(told, "cadence_rpm")[-1] == cadence


def test_cut_off_it_ends_with_its_last_frame():
    told = log(*bike(0, 1, 2), Entry(Kind.LINK, 60.0, BIKE, b"LINK_LOST"))
    assert assemble(told).recording.totals.elapsed_s == 2
