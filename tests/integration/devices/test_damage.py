"""A damaged file gives what could be read, or a FitError; never anything else, and never nothing said."""

import random
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np
import pytest

from devices.errors import FitError
from devices.fit import FitFile, read
from devices.fit.write import write
from devices.recording import Lap, Length, Recording, Span, Totals

SEED = 20260302


def recording(sport: str, sub_sport: str, **columns: object) -> Recording:
    time_s = np.arange(0, 180, 3, dtype=np.float64)
    moving = {name: value + time_s / 10 for name, value in columns.items()}
    swim = sport == "swimming"
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=datetime(2026, 3, 2, 12, tzinfo=UTC),
        totals=Totals(elapsed_s=180, timer_s=150, distance_m=200),
        columns=MappingProxyType({"time_s": time_s, **moving}),
        timer=(Span(0, 60), Span(90, 180)),
        laps=(Lap(Span(0, 100), 100), Lap(Span(100, 180), 100)),
        lengths=tuple(Length(Span(n * 30, n * 30 + 25), True, "freestyle", 12) for n in range(6)) if swim else (),
        pool_length_m=25 if swim else None,
        utc_offset=timedelta(hours=1),
    )


FILES = {
    "walk": write(recording("walking", "generic", speed_mps=1, altitude_m=200, latitude_deg=47, cadence_rpm=50)),
    "ride": write(recording("cycling", "indoor_cycling", power_w=100, heart_rate_bpm=90, cadence_rpm=60)),
    "swim": write(recording("swimming", "lap_swimming", heart_rate_bpm=90)),
}


def outcome(data: bytes) -> FitFile | FitError:
    """What came of it, looked over."""
    try:
        found = read(data)
    except FitError as error:
        found = error
    if isinstance(found, FitFile):
        look_over(found)
    wrong = found.damage if isinstance(found, FitFile) else found
    if wrong:
        assert wrong.reason.endswith(".")
        assert wrong.offset is None or 0 <= wrong.offset <= len(data)
    return found


def look_over(file: FitFile) -> None:
    assert file.recordings
    for found in file.recordings:
        assert found.start.tzinfo is UTC
        assert {len(column) for column in found.columns.values()} <= {found.records}
        if found.records:
            assert (np.diff(found.columns["time_s"]) >= 0).all()
        for span in (*found.timer, *(lap.span for lap in found.laps)):
            assert 0 <= span.start_s <= span.end_s
            assert {type(edge) for edge in span} == {float}


@pytest.mark.parametrize("name", FILES)
def test_cut_anywhere(name: str):
    data = FILES[name]
    most = 0
    for length in range(0, len(data), 7):
        found = outcome(data[:length])
        if isinstance(found, FitFile):
            assert found.damage
            assert found.damage.offset is not None
            kept = found.recordings[0].records
            assert kept >= most, "more bytes, fewer records"
            most = kept
    assert most == read(data).recordings[0].records


@pytest.mark.parametrize("name", FILES)
def test_any_bytes_changed(name: str):
    chance = random.Random(SEED)
    said = 0
    for _ in range(200):
        data = bytearray(FILES[name])
        for _ in range(chance.choice((1, 1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found = outcome(bytes(data))
        said += isinstance(found, FitError) or found.damage is not None
    assert said >= 195, "a change that no checksum finds should be one in 65,536"


@pytest.mark.parametrize("name", FILES)
def test_any_definition_changed(name: str):
    """The first bytes hold the definitions: where a decoder trips, if anywhere."""
    chance = random.Random(SEED + 1)
    for _ in range(200):
        data = bytearray(FILES[name])
        for _ in range(2):
            data[chance.randrange(14, 250)] = chance.choice((0, 1, 2, 4, 7, 0x40, 0x60, 0x80, 0x86, 0x88, 0xFF))
        outcome(bytes(data))


def test_noise_behind_a_signature():
    chance = random.Random(SEED + 2)
    for size in range(0, 600, 3):
        outcome(FILES["walk"][:14] + chance.randbytes(size))


@pytest.mark.corpus
@pytest.mark.parametrize(
    "file",
    [
        "walk/garmin-fenix-5-walk.fit",
        "ride/unterminated-strings.fit",
        "swim/activity_217470507.fit",
        "ride/elemnt-bolt-no-application-id-inside-developer-data-id.fit",
        "other/antfs-dump.63.fit",
    ],
)
def test_real_files_with_any_bytes_changed(corpus, file: str):
    whole = (corpus / file).read_bytes()
    chance = random.Random(SEED + 3)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 5, 50))):
            data[chance.randrange(14, len(data))] = chance.randrange(256)
        outcome(bytes(data[: chance.randrange(len(data))] if chance.random() < 0.2 else data))
