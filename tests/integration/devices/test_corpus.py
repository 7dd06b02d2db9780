"""Every real file against what index.csv says of it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import fitdecode
import numpy as np
import pytest

from devices.errors import FitError
from devices.fit import FitFile, read
from devices.fit.write import write
from devices.recording import Recording

pytestmark = pytest.mark.corpus

TOLERANCE = 0.01
DAMAGED = {"other/strava-android-app-201.10-b1218918.fit": 472, "ride/nick.fit": 14391}
"""Files that are cut or changed, and how many records are good."""
NEVER_SET = {
    "other/antfs-dump.63.fit": "2012-02-13T11:23:51+00:00",
    "other/compressed-speed-distance.fit": "2012-02-13T11:16:16+00:00",
    "swim/activity_217470507.fit": "2012-09-01T15:18:04+00:00",
}
"""Files of a device whose clock was never set, and where they are put."""
FROM_THE_STRAP = {"swim/event_timestamp.fit"}
"""Files whose records have no heart rate; a strap's own messages have."""
WITHOUT_PULSE = {"ride/0134902991.fit", "ride/null_compressed_speed_dist.fit"}
"""Files whose every heart rate is 0."""
UNTIMED = {"swim/swim.fit"}
EVENTS_TELL_ANOTHER_STORY = {
    "ride/xpress-4x-2020-10-17.fit",  # no event at its automatic pauses
    "ride/0134902991.fit",  # no timer events, and records for longer than its session says
    "swim/activity_217470507.fit",  # its timer went on in a rest of the pool
    "swim/activity_424479793.fit",  # likewise
}

whole = pytest.mark.corpus(without=DAMAGED)

Decode = Callable[[str], FitFile | FitError]


@pytest.fixture(scope="session")
def decode(corpus: Path) -> Decode:
    """Each file is decoded once; all tests look at the same result."""

    @cache
    def once(file: str) -> FitFile | FitError:
        try:
            return read((corpus / file).read_bytes())
        except FitError as error:
            return error

    return once


@pytest.fixture
def fit(decode: Decode, facts: dict[str, str]) -> FitFile:
    found = decode(facts["file"])
    assert isinstance(found, FitFile)
    return found


def test_every_file_is_read_and_only_the_damaged_are_damaged(fit: FitFile, facts: dict[str, str]):
    assert (fit.damage is not None) == (facts["file"] in DAMAGED)


@whole
def test_sports(fit: FitFile, facts: dict[str, str]):
    assert distinct(recording.sport for recording in fit.recordings) == facts["sport"]
    subs = distinct(recording.sub_sport for recording in fit.recordings if recording.sub_sport)
    assert subs == facts["sub_sport"]
    assert len(fit.recordings) == int(facts["sessions"])


def distinct(names) -> str:
    return "+".join(dict.fromkeys(names))


def test_device(fit: FitFile, facts: dict[str, str]):
    device = fit.recordings[0].device
    assert device.manufacturer == facts["maker"]
    if facts["maker"] == "garmin":
        assert device.product == facts["product"]


@whole
def test_counts(fit: FitFile, facts: dict[str, str]):
    records = 0 if facts["file"] in UNTIMED else int(facts["records"])
    assert sum(recording.records for recording in fit.recordings) == records
    assert sum(len(recording.lengths) for recording in fit.recordings) == int(facts["lengths"])
    assert sum(len(recording.laps) for recording in fit.recordings) == int(facts["laps"])


@whole
@pytest.mark.parametrize(
    ("fact", "total"), [("duration_s", "elapsed_s"), ("distance_m", "distance_m"), ("ascent_m", "ascent_m")]
)
def test_totals(fit: FitFile, facts: dict[str, str], fact: str, total: str):
    said = [getattr(recording.totals, total) for recording in fit.recordings]
    known = sum(value for value in said if value is not None)
    assert known == pytest.approx(float(facts[fact] or 0), rel=TOLERANCE)


@whole
def test_pool(fit: FitFile, facts: dict[str, str]):
    (pool_length_m,) = {recording.pool_length_m for recording in fit.recordings}
    assert pool_length_m == (float(facts["pool_length_m"]) if facts["pool_length_m"] else None)
    swum_m = sum(length.active for length in fit.recordings[0].lengths) * (pool_length_m or 0)
    if swum_m:
        assert swum_m == pytest.approx(float(facts["distance_m"]), rel=TOLERANCE)


@whole
@pytest.mark.parametrize(
    ("fact", "column"),
    [
        ("heart_rate", "heart_rate_bpm"),
        ("cadence", "cadence_rpm"),
        ("power", "power_w"),
        ("position", "latitude_deg"),
    ],
)
def test_columns_are_there(fit: FitFile, facts: dict[str, str], fact: str, column: str):
    """The index counts a field that at least one record in a hundred has, were it 0."""
    if (facts["file"], fact) in {(file, "heart_rate") for file in WITHOUT_PULSE}:
        facts = facts | {fact: "0"}
    if (facts["file"], fact) in {(file, "heart_rate") for file in FROM_THE_STRAP}:
        facts = facts | {fact: "1"}
    found = [recording.column(column) for recording in fit.recordings]
    shares = [np.isfinite(values).mean() for values in found if values is not None]
    assert (max(shares, default=0) >= 0.01) == (facts[fact] == "1")


def test_columns_hold_together(fit: FitFile):
    for recording in fit.recordings:
        columns = recording.columns
        assert {column.dtype for column in columns.values()} <= {np.dtype(np.float64)}
        assert not any(column.flags.writeable for column in columns.values())
        assert {len(column) for column in columns.values()} <= {recording.records}
        assert not any(np.isinf(column).any() for column in columns.values())
        if recording.records:
            assert columns["time_s"][0] >= 0
            assert (np.diff(columns["time_s"]) >= 0).all()


@whole
def test_timer_runs_inside_the_session_and_as_long_as_it_says(fit: FitFile, facts: dict[str, str]):
    for recording in fit.recordings:
        edges = [edge for span in recording.timer for edge in span]
        assert edges
        assert edges == sorted(edges)
        if facts["file"] in EVENTS_TELL_ANOTHER_STORY:
            continue
        ran_s = sum(span.duration_s for span in recording.timer)
        assert ran_s == pytest.approx(recording.totals.timer_s, rel=TOLERANCE, abs=3)


@pytest.mark.parametrize(("file", "start"), NEVER_SET.items())
def test_clock_that_was_never_set(decode: Decode, file: str, start: str):
    fit = decode(file)
    assert isinstance(fit, FitFile)
    (recording,) = fit.recordings
    assert recording.start.isoformat() == start
    assert recording.utc_offset is None
    assert "clock was never set" in recording.notes[0]


@pytest.mark.parametrize(("file", "records"), DAMAGED.items())
def test_good_records_before_the_damage_are_kept(decode: Decode, file: str, records: int):
    fit = decode(file)
    assert isinstance(fit, FitFile)
    assert fit.damage
    assert fit.damage.offset
    (recording,) = fit.recordings
    assert recording.records == records


def test_a_year_2085_is_left_out_and_said(decode: Decode):
    recording = only(decode, "other/strava-android-app-201.10-b1218918.fit")
    assert recording.start.year == 2021
    assert recording.columns["time_s"][-1] < 3600
    assert recording.notes == ("1 of 473 records have no time or an absurd one and were left out.",)


def test_records_without_time_are_left_out_and_said(decode: Decode):
    recording = only(decode, "swim/swim.fit")
    assert recording.records == 0
    assert len(recording.lengths) == 67
    assert recording.notes == ("67 of 67 records have no time or an absurd one and were left out.",)


@pytest.mark.parametrize(
    ("file", "hours"),
    [
        ("walk/2020-08-20-09-34-33.fit", 2),
        ("ride/xpress-4x-2020-10-17.fit", 1),  # two seconds off
        ("swim/swim.fit", -4),
        ("ride/zwift_20250401.fit", None),  # says 1989
        ("ride/mywhoosh_20260111.fit", None),  # says 2046
        ("swim/activity_424479793.fit", None),  # says another month
        ("ride/tacx_flux.fit", None),  # says nothing
    ],
)
def test_utc_offset(decode: Decode, file: str, hours: int | None):
    offset = only(decode, file).utc_offset
    assert (None if offset is None else offset.total_seconds() / 3600) == hours


def test_each_leg_of_a_triathlon_counts_its_own_distance(decode: Decode):
    fit = decode("multisport/track_cs_1451.fit")
    assert isinstance(fit, FitFile)
    for recording in fit.recordings:
        covered_m = np.nanmax(recording.columns["distance_m"])
        assert covered_m == pytest.approx(recording.totals.distance_m, rel=TOLERANCE, abs=10)


def only(decode: Decode, file: str) -> Recording:
    fit = decode(file)
    assert isinstance(fit, FitFile)
    (recording,) = fit.recordings
    return recording


@pytest.mark.parametrize(
    "file",
    [
        "walk/hike_with_coordinates_muggenbrunn.fit",
        "ride/hrv-activity.fit",
        "ride/sample-activity-indoor-trainer.fit",
        "swim/swim.fit",
        "swim/event_timestamp.fit",
        "multisport/sample_mulitple_header.fit",
    ],
)
def test_written_again_it_reads_back_equal(decode: Decode, file: str):
    fit = decode(file)
    assert isinstance(fit, FitFile)
    for recording in fit.recordings:
        data = write(recording)
        again = read(data)
        assert again.damage is None
        (back,) = again.recordings
        for name, column in recording.columns.items():
            np.testing.assert_allclose(back.columns[name], column, rtol=0, atol=GRAINS.get(name, 1e-6))
        for attribute in Recording.__dataclass_fields__.keys() - {"columns", "developer", "notes"}:
            assert getattr(back, attribute) == getattr(recording, attribute), attribute
        with fitdecode.FitReader(data, error_handling=fitdecode.ErrorHandling.RAISE) as frames:
            assert sum(frame.name == "record" for frame in frames if frame.frame_type == FIT_DATA) == back.records


GRAINS = {"altitude_m": 0.11, "distance_m": 0.006, "speed_mps": 0.0006, "cadence_rpm": 0.004}
"""Half of FIT's grain, and a little."""
FIT_DATA = fitdecode.FIT_FRAME_DATA
