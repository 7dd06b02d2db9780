"""The fast lane on shapes that no real file at hand has, and on any mixture of messages against fitparse."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.fit.fast import decode
from devices.fit.parts import frame
from devices.fit.reference import decode as by_fitparse

RECORD, LAP, LENGTH, SESSION, EVENT, HR = 20, 19, 101, 18, 21, 132
TIMESTAMP, SPEED, DISTANCE, HEART_RATE = 253, 6, 5, 3
NOW = 1_000_000_000
BASE_TYPES = {"b": 0x01, "B": 0x02, "h": 0x83, "H": 0x84, "i": 0x85, "I": 0x86, "f": 0x88, "d": 0x89, "q": 0x8E}

NUMBERS = [
    *((0x00, "B", 0xFF), (0x01, "b", 0x7F), (0x02, "B", 0xFF), (0x0A, "B", 0)),
    *((0x83, "h", 0x7FFF), (0x84, "H", 0xFFFF), (0x8B, "H", 0)),
    *((0x85, "i", 0x7FFFFFFF), (0x86, "I", 0xFFFFFFFF), (0x8C, "I", 0), (0x88, "f", np.nan)),
    *((0x8E, "q", 2**63 - 1), (0x8F, "Q", 2**64 - 1), (0x90, "Q", 0), (0x89, "d", np.nan)),
]
"""The base types that are numbers: how they are sent, and which one means "not known"."""


def definition(number, fields, *, local=0, endian="<", developer=()):
    head = struct.pack(endian + "BBBHB", 0x40 | 0x20 * bool(developer) | local, 0, endian == ">", number, len(fields))
    native = b"".join(bytes(field) for field in fields)
    extra = bytes([len(developer)]) + b"".join(bytes(field) for field in developer) if developer else b""
    return head + native + extra


def test_a_long_run_is_found_and_what_breaks_it_too(message, chain):
    layout = definition(RECORD, [(TIMESTAMP, 4, 0x86), (HEART_RATE, 1, 0x02)])
    other = definition(EVENT, [(0, 1, 0)], local=1)
    run = b"".join(b"\0" + struct.pack("<IB", NOW + n, n % 200) for n in range(10_000))
    broken = run[:6000] + b"\1\0" + run[6000:]
    found = decode(chain([layout, other, broken]))
    assert found.damage is None
    assert found.records.rows == 10_000
    assert found.records["timestamp"].tolist() == [NOW + n for n in range(10_000)]
    assert found.records["heart_rate"].tolist() == [n % 200 for n in range(10_000)]
    assert len(found.of("event")) == 1


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_message_cut_in_the_middle_is_not_read(cut, chain):
    layout = definition(RECORD, [(TIMESTAMP, 4, 0x86), (HEART_RATE, 1, 0x02)])
    for count in (1, 5, 100):
        body = layout + b"".join(b"\0" + struct.pack("<IB", NOW + n, 70) for n in range(count))
        found = decode(frame(body[:-cut]))
        assert found.damage
        assert found.damage.offset == 14 + len(body) - 6
        assert found.records.rows == count - 1


def test_a_layout_that_is_announced_again_stays_one(chain):
    layout = definition(RECORD, [(HEART_RATE, 1, 0x02)])
    again = layout + b"\0\x50" + layout + b"\0\x51" + definition(LAP, [(254, 2, 0x84)]) + b"\0\1\0" + layout + b"\0\x52"
    found = decode(chain([again]))
    assert found.records["heart_rate"].tolist() == [0x50, 0x51, 0x52]
    assert len(found.of("lap")) == 1


def test_all_sixteen_local_messages_and_each_of_them_redefined(chain):
    first = b"".join(definition(RECORD, [(HEART_RATE, 1, 0x02)], local=n) + bytes([n, 60 + n]) for n in range(16))
    second = b"".join(definition(RECORD, [(4, 1, 0x02)], local=n) + bytes([n, 80 + n]) for n in range(16))
    found = decode(chain([first + second]))
    assert found.damage is None
    np.testing.assert_array_equal(found.records["heart_rate"], [*range(60, 76), *[np.nan] * 16])
    np.testing.assert_array_equal(found.records["cadence"], [*[np.nan] * 16, *range(80, 96)])


def test_a_hundred_parts(message, file_id, chain):
    found = decode(chain(*[[file_id, message(RECORD, [(HEART_RATE, "B", n)])] for n in range(100)]))
    assert found.damage is None
    assert len(found.of("file_id")) == 100
    assert found.records["heart_rate"].tolist() == list(range(100))


class TestBounds:
    """Of the whole file, however many parts it has."""

    @pytest.mark.parametrize("parts", [1, 4])
    def test_kinds_of_message(self, chain, parts: int):
        kinds = [
            b"".join(definition(RECORD, [(HEART_RATE, 1, 0x02), (n >> 8, n & 0xFF, 0x02)]) for n in each)
            for each in np.split(np.arange(20_000), parts)
        ]
        pulse = definition(RECORD, [(HEART_RATE, 1, 0x02)]) + b"\0\x50"
        found = decode(chain(*[[pulse + each] for each in kinds]))
        assert found.damage
        assert found.damage.reason == "More than 10,000 kinds of message; no recording has so many."
        assert found.records.rows <= parts

    @pytest.mark.parametrize("parts", [1, 5])
    def test_messages(self, chain, parts: int):
        body = definition(RECORD, []) + b"\0" * (6_000_000 // parts)
        found = decode(chain(*[[body]] * parts))
        assert found.damage
        assert found.damage.reason == "More than 4,000,000 messages; no recording is that long."
        assert found.records.rows == (3_600_000 if parts > 1 else 0)


def test_numbers_of_eight_bytes(chain):
    layout = definition(RECORD, [(TIMESTAMP, 4, 0x86), (DISTANCE, 8, 0x8E), (SPEED, 8, 0x89)])
    body = layout + b"\0" + struct.pack("<Iqd", NOW, 2**40, 1234.5)
    body += b"\0" + struct.pack("<Iqd", NOW, 2**63 - 1, np.nan)
    columns = decode(chain([body])).records
    np.testing.assert_array_equal(columns["distance"], [2**40 / 100, np.nan])
    np.testing.assert_array_equal(columns["speed"], [1.2345, np.nan])


def test_a_float_has_no_bits_that_are_another_field(chain):
    """Of an altitude that is sent as one, `enhanced_altitude` is not unpacked; of a whole number it is."""
    sent = definition(RECORD, [(2, 4, 0x88)]) + b"\0" + struct.pack("<f", np.nan)
    whole = definition(RECORD, [(2, 2, 0x84)]) + b"\0" + struct.pack("<H", 5 * (500 + 300))
    columns = decode(chain([sent + whole])).records
    np.testing.assert_array_equal(columns["enhanced_altitude"], [np.nan, 300])


@pytest.mark.parametrize("size", [0, 3, 255])
def test_a_size_that_its_type_cannot_have_leaves_the_other_fields(size, chain):
    layout = definition(RECORD, [(HEART_RATE, 1, 0x02), (DISTANCE, size, 0x86), (4, 1, 0x02)])
    columns = decode(chain([layout + b"\0\x50" + bytes(size) + b"\x5a"])).records
    assert columns["heart_rate"].tolist() == [0x50]
    assert columns["cadence"].tolist() == [0x5A]
    assert "distance" not in columns or np.isnan(columns["distance"]).all()


def test_a_list_in_a_record_is_a_column_of_rows(chain):
    layout = definition(RECORD, [(17, 4, 0x02)])  # speed_1s
    columns = decode(chain([layout + b"\0\x10\x20\x30\xff"])).records
    np.testing.assert_array_equal(columns["speed_1s"], [[1.0, 2.0, 3.0, np.nan]])


class TestDevelopers:
    DEVELOPER = definition(207, [(3, 1, 2)], local=1) + b"\1\0"

    def described(self, name: bytes, *, base: int, native: int | None = None) -> bytes:
        fields = [(0, 1, 2), (1, 1, 2), (2, 1, 2), (3, len(name), 7), *([(15, 1, 2)] if native is not None else [])]
        tail = bytes([native]) if native is not None else b""
        return definition(206, fields, local=2) + b"\2\0\0" + bytes([base]) + name + tail

    def records(self, size: int, values: bytes) -> bytes:
        layout = definition(RECORD, [(7, 2, 0x84)], local=3, developer=[(0, size, 0)])
        return layout + b"".join(b"\3" + values[at : at + 2 + size] for at in range(0, len(values), 2 + size))

    def test_one_stands_in_where_the_native_field_has_no_value(self, chain):
        values = struct.pack("<HHHH", 200, 111, 0xFFFF, 222)
        body = self.DEVELOPER + self.described(b"watts\0", base=0x84, native=7) + self.records(2, values)
        assert decode(chain([body])).records["power"].tolist() == [200, 222]

    def test_one_of_its_own_keeps_its_name(self, chain):
        values = struct.pack("<Hf", 200, 1.5)
        body = self.DEVELOPER + self.described(b"Leg Spring\0", base=0x88) + self.records(4, values)
        assert decode(chain([body])).records["Leg Spring"].tolist() == [1.5]

    @pytest.mark.parametrize(("base", "kind", "invalid"), NUMBERS)
    def test_each_type_of_number(self, chain, base: int, kind: str, invalid: float):
        size = struct.calcsize(kind)
        values = b"".join(struct.pack("<H" + kind, 200, value) for value in (100, invalid))
        body = self.DEVELOPER + self.described(b"pain\0", base=base) + self.records(size, values)
        np.testing.assert_array_equal(decode(chain([body])).records["pain"], [100, np.nan])

    @pytest.mark.parametrize("base", [0x07, 0x0D])
    def test_text_and_bytes_are_no_numbers(self, chain, base: int):
        body = self.DEVELOPER + self.described(b"pain\0", base=base) + self.records(1, b"\xc8\0d")
        assert set(decode(chain([body])).records) == {"timestamp", "power"}

    def test_a_strap_that_sends_its_pulse_as_a_developers_field(self, chain):
        body = self.DEVELOPER + self.described(b"hr\0", base=0x02, native=HEART_RATE) + self.records(1, b"\xc8\0\x5a")
        assert decode(chain([body])).records["heart_rate"].tolist() == [90]

    def test_floats_that_no_one_can_reckon_with_are_not_known(self, chain):
        """The first is a NaN that signals, of which numpy warns; the third is 3e38."""
        values = b"".join(struct.pack("<HI", 200, raw) for raw in (0x7FA00000, 0x7F800000, 0x7F700000, 0x3FC00000))
        body = self.DEVELOPER + self.described(b"Leg Spring\0", base=0x88) + self.records(4, values)
        np.testing.assert_array_equal(decode(chain([body])).records["Leg Spring"], [np.nan, np.nan, np.nan, 1.5])

    def test_one_that_nobody_described_or_without_size_is_passed_over(self, chain):
        for size in (0, 2):
            found = decode(chain([self.DEVELOPER + self.records(size, bytes([200, 0]) + bytes(size))]))
            assert found.damage is None
            assert found.records["power"].tolist() == [200]


class TestCompressedTimes:
    def test_they_count_on_from_any_message_that_told_a_time(self, message, chain):
        whole = message(RECORD, [(TIMESTAMP, "I", 96), (HEART_RATE, "B", 100)], local=1)
        plain = definition(RECORD, [(HEART_RATE, 1, 0x02)])
        unknown = message(0xFF00, [(TIMESTAMP, "I", 1000)], local=2)
        body = [whole, plain, bytes([0x80 | 3, 101, 0x80 | 31, 102, 0x80 | 0, 103]), unknown, bytes([0x80 | 9, 104])]
        assert decode(chain(body)).records["timestamp"].tolist() == [96, 99, 127, 128, 1001]

    def test_messages_that_are_few_have_them_too(self, message, chain):
        whole = message(RECORD, [(TIMESTAMP, "I", 96)], local=1)
        body = [whole, definition(EVENT, [(0, 1, 0)]), bytes([0x80 | 5, 0])]
        assert decode(chain(body)).of("event") == [{"event": "timer", "timestamp": 101}]


def test_a_straps_beats_fill_the_records_that_have_none(message, chain):
    records = b"".join(
        message(RECORD, [(TIMESTAMP, "I", NOW + n), (HEART_RATE, "B", 99 if n == 1 else 0xFF)]) for n in range(6)
    )
    anchor = message(HR, [(TIMESTAMP, "I", NOW), (9, "I", 4000), (6, "B", 120)])
    clock = [(4000 + 1024 * beat) % 4096 for beat in range(1, 9)]
    packed = b"".join(
        bytes([first & 0xFF, first >> 8 | (second & 0x0F) << 4, second >> 4])
        for first, second in zip(clock[::2], clock[1::2], strict=True)
    )
    beats = definition(HR, [(6, 8, 0x02), (10, 12, 0x0D)]) + b"\0" + bytes(range(121, 129)) + packed
    columns = decode(chain([records], [anchor, beats])).records
    assert columns["heart_rate"].tolist() == [120, 99, 122, 123, 124, 125]


FIELDS = {
    RECORD: [(253, "I"), (3, "B"), (4, "B"), (5, "I"), (6, "H"), (2, "H"), (7, "H"), (73, "I"), (13, "b"), (9, "h")],
    LAP: [(253, "I"), (2, "I"), (7, "I"), (9, "I"), (13, "H"), (17, "B"), (25, "B"), (254, "H")],
    EVENT: [(253, "I"), (0, "B"), (1, "B"), (3, "I"), (2, "H")],
    SESSION: [(253, "I"), (2, "I"), (5, "B"), (6, "B"), (7, "I"), (14, "H"), (18, "B")],
    0xFF00: [(253, "I"), (1, "H")],
}


@st.composite
def layouts(draw):
    number = draw(st.sampled_from(sorted(FIELDS)))
    fields = draw(st.lists(st.sampled_from(FIELDS[number]), min_size=1, unique=True))
    return number, fields, draw(st.sampled_from("<>")), draw(st.integers(0, 15))


@st.composite
def bodies(draw):
    """Messages of a few layouts in any order, each announced before its messages and some again and again."""
    known = draw(st.lists(layouts(), min_size=1, max_size=4))
    body = b""
    for number, fields, endian, local in draw(st.lists(st.sampled_from(known), min_size=1, max_size=12)):
        body += definition(
            number, [(n, struct.calcsize(k), BASE_TYPES[k]) for n, k in fields], local=local, endian=endian
        )
        for _ in range(draw(st.sampled_from([0, 1, 2, 30]))):
            body += bytes([local])
            for _, kind in fields:
                size = struct.calcsize(kind)
                body += draw(
                    st.sampled_from([b"\xff" * size, b"\x7f" * size, b"\x00" * size, b"\x21\x43\x65\x07"[:size]])
                )
    return body


@given(bodies())
def test_any_mixture_reads_as_fitparse_reads_it(body):
    data = frame(body)
    ours, theirs = decode(data), by_fitparse(data)
    assert theirs.damage is None
    assert ours.damage is None
    for name in theirs.records:
        np.testing.assert_array_equal(ours.records[name], theirs.records[name], err_msg=name)
    for name in ("lap", "event", "session"):
        assert ours.of(name) == theirs.of(name)
