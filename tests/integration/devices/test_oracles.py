"""The fast lane against two others that know FIT: what they can read is equal, to the last bit."""

import contextlib
from functools import cache
from pathlib import Path

import fitdecode
import numpy as np
import pytest

from devices.fit import fast, reference
from devices.fit.messages import RECORD, ROW_MESSAGES, Messages, Table
from devices.fit.profile import fields_of

FITPARSE_STOPS = {
    "other/strava-android-app-201.10-b1218918.fit",
    "ride/coros-dura-medium-20260424150313.fit",
    "ride/coros-pace-2-cycling-misaligned-fields.fit",
    "ride/nick.fit",
    "ride/tpv_dev_fields_20260222.fit",
}
NEITHER_READS = {"ride/tpv_dev_fields_20260222.fit"}
NEWER_THAN_FITPARSE = {("session", "num_lengths"), ("session", "workout_feel"), ("session", "workout_rpe")}


@cache
def both(path: Path) -> tuple[Messages, Messages]:
    """What fitparse makes of a file, once for all tests, and what the fast lane does."""
    data = path.read_bytes()
    return reference.decode(data), fast.decode(data)


@pytest.mark.corpus(without=NEITHER_READS)
def test_columns_are_those_of_fitparse_as_far_as_it_gets(corpus: Path, facts: dict[str, str]):
    theirs, ours = (messages.records for messages in both(corpus / facts["file"]))
    if facts["file"] not in FITPARSE_STOPS:
        assert ours.rows == theirs.rows
    for name in theirs:
        if name.startswith("unknown"):
            continue
        expected, found = theirs[name], ours[name][: theirs.rows]
        if name == "heart_rate":  # ours has a strap's later beats as well
            found = np.where(np.isnan(expected), np.nan, found)
        np.testing.assert_array_equal(found, expected, err_msg=name)


@pytest.mark.corpus(without=FITPARSE_STOPS)
def test_columns_that_fitparse_has_not_are_enums_developers_or_beats(corpus: Path, facts: dict[str, str]):
    theirs, ours = (messages.records for messages in both(corpus / facts["file"]))
    natives = {field.name for field in fields_of(RECORD).values() if not field.names} - {"heart_rate"}
    unexplained = {name for name in natives & set(ours) - set(theirs) if _has_values(ours, name)}
    assert unexplained <= {"target_power", "depth"}  # developers' own, under a native name


def _has_values(table: Table, name: str) -> bool:
    return table[name].ndim == 1 and not np.isnan(table[name]).all()


@pytest.mark.corpus(without=FITPARSE_STOPS)
def test_rows_are_those_of_fitparse(corpus: Path, facts: dict[str, str]):
    theirs, ours = both(corpus / facts["file"])
    for name in ROW_MESSAGES:
        expected = [
            {field: value for field, value in row.items() if not field.startswith("unknown")} for row in theirs.of(name)
        ]
        found = [
            {field: value for field, value in row.items() if (name, field) not in NEWER_THAN_FITPARSE}
            for row in ours.of(name)
        ]
        assert found == expected, name


@pytest.mark.parametrize(
    "file",
    [
        *sorted(FITPARSE_STOPS - NEITHER_READS),
        "other/developer-types-sample.fit",
        "ride/zwift_20250401.fit",
        "ride/xpress-4x-2020-10-17.fit",
        "swim/garmin-fr935-cr.fit",
    ],
)
def test_columns_are_those_of_fitdecode(corpus: Path, file: str):
    data = (corpus / file).read_bytes()
    ours = fast.decode(data).records
    theirs = _fitdecode_records(data)
    names = {field.name for field in fields_of(RECORD).values() if not field.names and not field.components}
    asked = names - {"timestamp", "heart_rate", "enhanced_speed", "enhanced_altitude"}
    for name in sorted(asked & set(ours) & set().union(*theirs)):
        if ours[name].ndim > 1:
            continue
        expected = np.array([row.get(name, np.nan) for row in theirs], dtype=np.float64)
        known = ~np.isnan(expected)
        np.testing.assert_allclose(ours[name][: len(theirs)][known], expected[known], rtol=1e-12, err_msg=name)


def _fitdecode_records(data: bytes) -> list[dict[str, float]]:
    """Native numbers of each record, up to where fitdecode stops."""
    rows: list[dict[str, float]] = []
    reader = fitdecode.FitReader(data, processor=None, error_handling=fitdecode.ErrorHandling.IGNORE)
    with contextlib.suppress(fitdecode.FitError), reader as frames:  # so far it is right
        rows.extend(
            _numbers(frame) for frame in frames if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == RECORD
        )
    return rows


def _numbers(frame: fitdecode.FitDataMessage) -> dict[str, float]:
    return {
        field.name: float(field.value)
        for field in frame.fields
        if isinstance(field.value, int | float) and not isinstance(field.field, fitdecode.types.DevField)
    }
