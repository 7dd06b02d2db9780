"""What is written reads back equal, here and with other decoders."""

import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import fitdecode
import fitparse
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.fit import fast, read, reference
from devices.fit.messages import RECORD, ROW_MESSAGES
from devices.fit.profile import names_of
from devices.fit.write import write
from devices.recording import Device, Lap, Length, Recording, Span, Totals

GRAINS = {
    "heart_rate_bpm": (30, 220, 1),
    "cadence_rpm": (0, 200, 1 / 128),
    "power_w": (0, 2000, 1),
    "speed_mps": (0, 30, 1 / 1000),
    "distance_m": (0, 200_000, 1 / 100),
    "altitude_m": (-400, 5000, 1 / 5),
    "grade_pct": (-45, 45, 1 / 100),
    "temperature_c": (-30, 50, 1),
    "latitude_deg": (-90, 90, 180 / 2**31),
    "longitude_deg": (-180, 179, 180 / 2**31),
}
"""Lowest and highest value to try, and FIT's grain."""

OF_SPORT = {
    ("walking", "generic"): (
        "cadence_rpm",
        "speed_mps",
        "distance_m",
        "altitude_m",
        "latitude_deg",
        "grade_pct",
    ),
    ("cycling", "indoor_cycling"): ("cadence_rpm", "power_w", "heart_rate_bpm", "distance_m"),
    ("swimming", "lap_swimming"): ("temperature_c", "distance_m"),
    ("hiking", None): ("heart_rate_bpm", "altitude_m", "longitude_deg"),
}
DEVICES = (
    Device("garmin", "fr645m", 3304719638),
    Device("development", "coach", None),
    Device("coros", "851", 1),
    Device("wahoo_fitness", None, None),
)
NEWER = {"workout_feel", "workout_rpe"}
"""Fields that fitparse has no name for; fitdecode does not know that exertion is in tenths."""
STROKES = (None, "freestyle", "backstroke", "breaststroke", "butterfly", "drill", "mixed")
milliseconds = st.integers(0, 7_200_000).map(lambda value: value / 1000)


@st.composite
def columns(draw, names: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    steps = draw(st.lists(st.integers(0, 300), max_size=20))
    if not steps:
        return MappingProxyType({})
    found = {"time_s": np.cumsum(steps, dtype=np.float64)}
    for name in names:
        low, high, grain = GRAINS[name]
        whole = st.integers(round(low / grain), round(high / grain))
        values = draw(st.lists(st.none() | whole, min_size=len(steps), max_size=len(steps)))
        if any(value is not None for value in values):
            found[name] = np.array(values, dtype=np.float64) * grain
    return MappingProxyType(found)


@st.composite
def spans(draw, grain_s: float = 1) -> tuple[Span, ...]:
    """In order and disjoint; starts are whole seconds, as FIT's are."""
    steps = draw(st.lists(st.integers(1, 500), max_size=8).filter(lambda steps: len(steps) % 2 == 0))
    edges = np.cumsum(steps).tolist()
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Span(float(start), round(float(end) - grain_s + 1, 3)) for start, end in pairs)


@st.composite
def developers(draw, rows: int) -> Mapping[str, np.ndarray]:
    """Columns of 32-bit floats under names that FIT does not have, none of them empty."""
    value = st.floats(-(2**53), 2**53, width=32) | st.just(np.nan)
    names = draw(st.lists(st.sampled_from(["pain", "Form Power", "gap_ü"]), unique=True, max_size=2))
    made = {name: np.array([0.5, *draw(st.lists(value, min_size=rows - 1, max_size=rows - 1))]) for name in names}
    return MappingProxyType(made)


@st.composite
def recordings(draw) -> Recording:
    (sport, sub_sport), names = draw(st.sampled_from(sorted(OF_SPORT.items(), key=str)))
    swim = sport == "swimming"
    found = draw(columns(names))
    timer = draw(spans())
    ends = [span.end_s for span in timer] + ([found["time_s"][-1]] if found else [])
    elapsed_s = round(float(max([1, *ends])) + draw(milliseconds), 3)
    return Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=datetime(2026, 3, 29, tzinfo=UTC) + timedelta(seconds=draw(st.integers(-(10**8), 10**8))),
        device=draw(st.sampled_from(DEVICES)),
        totals=Totals(
            elapsed_s=elapsed_s,
            timer_s=draw(st.none() | milliseconds),
            moving_s=draw(st.none() | milliseconds),
            distance_m=draw(st.integers(1, 10**7)) / 100,
            ascent_m=draw(st.none() | st.integers(0, 9000)),
            avg_heart_rate_bpm=draw(st.none() | st.integers(30, 220)),
            max_heart_rate_bpm=draw(st.none() | st.integers(30, 220)),
            avg_cadence_rpm=draw(st.none() | st.integers(0, 200 * 128).map(lambda value: value / 128)),
            avg_power_w=draw(st.none() | st.integers(0, 2000)),
        ),
        developer=draw(developers(len(found["time_s"]))) if found else MappingProxyType({}),
        columns=found,
        timer=timer or (Span(0.0, float(int(elapsed_s))),),
        laps=tuple(
            Lap(span, draw(st.none() | st.integers(0, 10**6).map(lambda value: value / 100)))
            for span in draw(spans(0.25))
        ),
        lengths=tuple(
            Length(
                span,
                draw(st.booleans()),
                draw(st.sampled_from(STROKES)),
                draw(st.none() | st.integers(0, 99)),
            )
            for span in (draw(spans(0.5)) if swim else ())
        ),
        pool_length_m=draw(st.sampled_from((25.0, 22.86, 50.0))) if swim else None,
        exertion=draw(st.none() | st.integers(0, 100).map(lambda tenths: tenths / 10)),
        feeling=draw(st.none() | st.integers(0, 100).map(float)),
        utc_offset=draw(st.none() | st.integers(-48, 56).map(lambda value: timedelta(minutes=15 * value))),
    )


@settings(max_examples=60, deadline=None)
@given(recordings())
def test_it_reads_back_equal(recording: Recording):
    data = write(recording)
    file = read(data)
    assert file.damage is None
    (back,) = file.recordings
    assert_equal(back, recording)
    assert_as_others_read_it(data)


def assert_as_others_read_it(data: bytes) -> None:
    """Every value of every message, by the fast lane, fitparse and fitdecode."""
    ours, by_fitparse, by_fitdecode = fast.decode(data), reference.decode(data), fitdecoded(data)
    assert by_fitparse.damage is None
    records = by_fitdecode["record"]
    assert ours.records.rows == by_fitparse.records.rows == len(records)
    for name in set(ours.records).union(*records) - {"timestamp"} | set(by_fitparse.records):
        column = ours.records[name]
        expected = [row.get(name, [np.nan])[0] for row in records]
        np.testing.assert_array_equal(column, np.array(expected, dtype=np.float64), err_msg=name)
        if name in names_of(RECORD) and not np.isnan(column).all():
            np.testing.assert_array_equal(column, by_fitparse.records[name], err_msg=name)
    for message in ROW_MESSAGES:
        rows = [without_newer(row) for row in ours.of(message)]
        assert rows == [without_newer(row) for row in by_fitparse.of(message)]
        for row, said in zip(rows, map(without_newer, by_fitdecode[message]), strict=True):
            assert row.keys() == said.keys(), message
            assert all(row[name] in said[name] for name in row), message


def without_newer(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in row if name not in NEWER and not name.startswith("unknown")}


def fitdecoded(data: bytes) -> Mapping[str, list[dict[str, list[object]]]]:
    """All messages by name, and what each field says; also as its number where its name may be newer than ours."""
    found = defaultdict(list)
    with fitdecode.FitReader(data, processor=None, error_handling=fitdecode.ErrorHandling.RAISE) as frames:
        for each in frames:
            if each.frame_type == fitdecode.FIT_FRAME_DATA:
                said = {field.name: [field.value, field.raw_value] for field in each.fields if field.value is not None}
                found[each.name].append(
                    {name: two if isinstance(two[0], str) else two[:1] for name, two in said.items()}
                )
    return found


def assert_equal(back: Recording, recording: Recording) -> None:
    assert back.columns.keys() == recording.columns.keys()
    for name, column in recording.columns.items():
        np.testing.assert_allclose(back.columns[name], column, atol=1e-7, rtol=0)
    assert back.developer.keys() == recording.developer.keys()
    for name, column in recording.developer.items():
        np.testing.assert_array_equal(back.developer[name], column)
    for attribute in Recording.__dataclass_fields__.keys() - {"columns", "developer", "notes"}:
        assert getattr(back, attribute) == getattr(recording, attribute), attribute


WALK = Recording(
    sport="walking",
    sub_sport="generic",
    start=datetime(2026, 3, 2, 12, tzinfo=UTC),
    device=Device("development", "coach"),
    totals=Totals(elapsed_s=120, timer_s=90, distance_m=150),
    columns=MappingProxyType(
        {
            "time_s": np.array([0.0, 60, 120]),
            "cadence_rpm": np.array([55.5, np.nan, 60]),
            "distance_m": np.array([0, 75, 150.0]),
        }
    ),
    timer=(Span(0, 60), Span(90, 120)),
    laps=(Lap(Span(0, 120), 150),),
    utc_offset=timedelta(hours=-3, minutes=-30),
)


def test_other_decoders_take_it():
    data = write(WALK)
    with fitdecode.FitReader(
        io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE, error_handling=fitdecode.ErrorHandling.RAISE
    ) as frames:
        by_name = [frame.name for frame in frames if isinstance(frame, fitdecode.FitDataMessage)]
    assert by_name == ["file_id", "sport", *["event"] * 4, *["record"] * 3, "lap", "session", "activity"]
    with fitparse.FitFile(data) as file:
        (session,) = file.get_messages("session")
        assert session.get_value("sport") == "walking"
        assert session.get_value("total_distance") == 150


def test_other_decoders_read_a_developers_columns():
    pain = np.array([1.5, np.nan, 4.0])
    data = write(replace(WALK, developer=MappingProxyType({"pain": pain})))
    with fitparse.FitFile(data) as file:
        by_fitparse = [record.get_value("pain") for record in file.get_messages("record")]
    assert by_fitparse == [1.5, None, 4.0]
    with fitdecode.FitReader(io.BytesIO(data), error_handling=fitdecode.ErrorHandling.RAISE) as frames:
        records = [each for each in frames if isinstance(each, fitdecode.FitDataMessage) and each.name == "record"]
        assert [each.get_value("pain", fallback=None) for each in records] == [1.5, None, 4.0]


def test_what_fit_has_no_room_for_is_not_known():
    columns = {
        "time_s": np.array([0.0, 1.4]),
        "heart_rate_bpm": np.array([300.0, 99.6]),
        "power_w": np.array([-5.0, 65_535.0]),
        "altitude_m": np.array([np.inf, -501]),
    }
    (back,) = read(write(Recording("cycling", None, WALK.start, columns=MappingProxyType(columns)))).recordings
    assert back.columns.keys() == {"time_s", "heart_rate_bpm"}
    assert back.columns["time_s"].tolist() == [0, 1]
    np.testing.assert_array_equal(back.columns["heart_rate_bpm"], [np.nan, 100])


def test_a_total_or_a_name_that_does_not_fit_does_not_lose_the_ride():
    odd = Recording(
        sport="cycling",
        sub_sport=None,
        start=WALK.start,
        device=Device("development", "é" * 400),
        totals=Totals(elapsed_s=60, distance_m=1e9, ascent_m=-4, max_heart_rate_bpm=300),
        lengths=(Length(Span(0, 1), active=True, strokes=-3),),
    )
    (back,) = read(write(odd)).recordings
    assert back.totals == Totals(elapsed_s=60)
    assert back.device.product == "é" * 60
    assert back.lengths == (Length(Span(0, 1), active=True),)


def test_an_unknown_sport_is_generic_and_an_unknown_maker_is_none():
    recording = Recording("quidditch", "broom", WALK.start, device=Device("hogwarts"), totals=Totals(elapsed_s=1))
    (back,) = read(write(recording)).recordings
    assert (back.sport, back.sub_sport, back.device.manufacturer) == ("generic", None, "development")
