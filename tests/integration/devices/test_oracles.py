"""The fast lane against two others that know FIT: what they can read is equal, to the last bit."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import fitdecode
import numpy as np
import pytest
from fitdecode.types import DevField, SubField

from devices.fit import fast, reference
from devices.fit.layout import end_of, extent
from devices.fit.messages import RECORD, ROW_MESSAGES, Messages, Table
from devices.fit.parts import Part, frame, split
from devices.fit.profile import fields_of

FITPARSE_STOPS = {
    "other/strava-android-app-201.10-b1218918.fit",
    "ride/coros-dura-medium-20260424150313.fit",
    "ride/coros-pace-2-cycling-misaligned-fields.fit",
    "ride/nick.fit",
    "ride/tpv_dev_fields_20260222.fit",
}
FITPARSE_READS_NOTHING = {"ride/tpv_dev_fields_20260222.fit"}
NAMED_OTHERWISE_SINCE = {"total_cycles"}  # a name for each sport
NEWER_THAN_FITPARSE = {("session", "num_lengths"), ("session", "workout_feel"), ("session", "workout_rpe")}


Said = dict[str, tuple[Any, Any]]
"""A message as fitdecode reads it: by the name of a field what it means, and what was sent."""


@cache
def both(path: Path) -> tuple[Messages, Messages]:
    """What fitparse makes of a file, once for all tests, and what the fast lane does."""
    data = path.read_bytes()
    return reference.decode(data), fast.decode(data)


@pytest.mark.corpus(without=FITPARSE_READS_NOTHING)
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


@pytest.mark.corpus
def test_all_is_as_fitdecode_has_it(corpus: Path, facts: dict[str, str]):
    """Every file: the records with their developers' fields, and the rows, to the last bit."""
    data = (corpus / facts["file"]).read_bytes()
    ours, theirs = fast.decode(data), by_fitdecode(without_empty_fields(data))
    same_columns(ours.records, theirs[RECORD], with_beats="hr" in theirs)
    for message in ROW_MESSAGES:
        for found, expected in zip(ours.of(message), theirs[message], strict=True):
            same_row(message, dict(found), expected)


def same_columns(ours: Table, theirs: Sequence[Said], *, with_beats: bool) -> None:
    """All that either has, but what is bytes and only ever unpacked; enums are numbers in a column."""
    assert ours.rows == len(theirs)
    for name in sorted(set(ours).union(*theirs) - {"compressed_speed_distance"}):
        if name.startswith("unknown"):
            continue
        found = ours.get(name, np.full(ours.rows, np.nan))
        expected = np.full(found.shape, np.nan)
        for at, row in enumerate(theirs):
            if name in row:
                value, sent = row[name]
                expected[at] = np.array(sent if isinstance(value, str) else value, dtype=np.float64)
        if with_beats and name == "heart_rate":
            found = np.where(np.isnan(expected), np.nan, found)
        np.testing.assert_array_equal(found, expected, err_msg=name)


def same_row(message: str, ours: dict[str, object], theirs: Said) -> None:
    """A value that has a name only since is its number in ours."""
    for name in (ours.keys() | theirs.keys()) - NAMED_OTHERWISE_SINCE:
        value, sent = theirs.get(name, (None, None))
        newer = isinstance(value, str) and isinstance(ours.get(name), int)
        assert ours.get(name) == (sent if newer else value), (message, name)


@cache
def every_name(message: str) -> frozenset[str]:
    """Of a message's fields and of all that they can be."""
    fields = fields_of(message).values()
    variants = (form for field in fields for by_value in field.variants.values() for form in by_value.values())
    return frozenset(field.name for field in (*fields, *variants))


def by_fitdecode(data: bytes) -> Mapping[str, Sequence[Said]]:
    """All messages by name, up to where fitdecode stops."""
    found: defaultdict[str, list[Said]] = defaultdict(list)
    reader = fitdecode.FitReader(data, processor=None, error_handling=fitdecode.ErrorHandling.IGNORE)
    with contextlib.suppress(fitdecode.FitError), reader as frames:  # so far it is right
        for each in frames:
            if each.frame_type == fitdecode.FIT_FRAME_DATA and each.name in {RECORD, "hr", *ROW_MESSAGES}:
                found[each.name].append(_said(each))
    return found


def _said(message: fitdecode.FitDataMessage) -> Said:
    """What is known; native before a developer's, and sent before unpacked.

    Its profile is newer than the one that ours rests on; developers' fields count in records alone.
    """

    def counts(field: fitdecode.types.FieldData) -> bool:
        developers = isinstance(field.field, DevField)
        return message.name == RECORD if developers else field.name in every_name(message.name)

    said: Said = {}
    fields = filter(counts, message.fields)
    for field in sorted(fields, key=lambda field: (isinstance(field.field, DevField), field.is_expanded)):
        misfit = isinstance(field.value, tuple) and isinstance(field.field, SubField)
        if not misfit and field.value not in {None, ""}:
            said.setdefault(field.name, (field.value, field.raw_value))
    return said


def without_empty_fields(data: bytes) -> bytes:
    """The same file without its developers' fields of no size, at which fitdecode stops."""
    return b"".join(frame(b"".join(_pieces(data, part))) for part in split(data)[0])


def _pieces(data: bytes, part: Part) -> Iterator[bytes]:
    sizes: dict[int, int] = {}
    at, end = part
    while at < end:
        header = data[at]
        local = header >> 5 & 3 if header & 0x80 else header & 0x0F
        if header & 0x80 or not header & 0x40:
            if local not in sizes:  # fitdecode shall see for itself that nobody announced it
                yield data[at:end]
                return
            yield data[at : at + sizes[local]]
            at += sizes[local]
            continue
        stop = end_of(data, at, end)
        assert stop
        sizes[local] = extent(data[at + 1 : stop]).size
        native = at + 6 + data[at + 5] * 3
        yield data[at:native]
        if native < stop:
            kept = [data[field : field + 3] for field in range(native + 1, stop, 3) if data[field + 1]]
            yield bytes([len(kept)]) + b"".join(kept)
        at = stop
