from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fitparse.records import DEV_TYPES

from devices.fit.reference import decode

RECORD, SESSION, HEART_RATE_EVENTS = 20, 18, 132
TIMESTAMP, SPEED, DISTANCE, HEART_RATE = 253, 6, 5, 3
NOW = 1_000_000_000


def test_values_are_in_fit_units_and_invalid_ones_are_absent(message, file_id, chain):
    session = message(SESSION, [(TIMESTAMP, "I", NOW), (9, "I", 12345), (16, "B", 0xFF), (5, "B", 11)])
    messages = decode(chain([file_id, session]))
    assert messages.damage is None
    assert messages.first("session") == {"timestamp": NOW, "total_distance": 123.45, "sport": "walking"}
    assert messages.first("file_id") == {"type": "activity", "manufacturer": "garmin"}


def test_records_become_columns(message, chain):
    records = [
        message(RECORD, [(TIMESTAMP, "I", NOW), (HEART_RATE, "B", 100)]),
        message(RECORD, [(TIMESTAMP, "I", NOW + 1), (HEART_RATE, "B", 0xFF)]),
        message(RECORD, [(TIMESTAMP, "I", NOW + 2)], endian=">"),
    ]
    columns = decode(chain(records)).records
    assert columns.keys() == {"timestamp", "heart_rate"}
    assert columns["timestamp"].tolist() == [NOW, NOW + 1, NOW + 2]
    np.testing.assert_array_equal(columns["heart_rate"], [100, np.nan, np.nan])


def test_a_field_as_sent_wins_over_one_unpacked_from_another(message, chain):
    """`speed` unpacks into `enhanced_speed`, which here stands for itself."""
    record = message(RECORD, [(73, "I", 5000), (SPEED, "H", 4000)])
    columns = decode(chain([record])).records
    assert columns["enhanced_speed"].tolist() == [5.0]
    assert columns["speed"].tolist() == [4.0]


def test_a_developer_field_does_not_hide_the_native_one(message, chain):
    developer = message(207, [(3, "B", 0)])
    name = bytes([0x41, 0, 0, 206, 0, 4, 0, 1, 2, 1, 1, 2, 2, 1, 2, 3, 9, 7])
    described = name + bytes([1, 0, 0, 2]) + b"distance\0"
    record = bytes([0x62, 0, 0, RECORD, 0, 1, DISTANCE, 4, 0x86, 1, 0, 1, 0, 2])
    values = (12300).to_bytes(4, "little") + b"\x07"
    messages = decode(chain([developer, described, record + values]))
    assert messages.damage is None
    assert messages.records["distance"].tolist() == [123.0]


def test_developer_fields_are_forgotten_between_files(message, chain):
    decode(chain([message(207, [(3, "B", 0)])]))
    assert DEV_TYPES
    decode(chain([message(0, [(0, "B", 4)])]))
    assert not DEV_TYPES


def test_compressed_timestamps(message, chain):
    stamped = message(RECORD, [(TIMESTAMP, "I", 96), (HEART_RATE, "B", 100)], local=1)
    plain = message(RECORD, [(HEART_RATE, "B", 101)], local=0)
    compressed = bytes([0x80 | 3, 102, 0x80 | 31, 103, 0x80 | 0, 104])
    records = decode(chain([stamped, plain + compressed])).records
    np.testing.assert_array_equal(records["timestamp"], [96, np.nan, 99, 127, 128])
    assert records["heart_rate"].tolist() == [100, 101, 102, 103, 104]


def test_every_part_of_a_chain_is_read(message, file_id, chain):
    record = message(RECORD, [(HEART_RATE, "B", 100)])
    strap = message(HEART_RATE_EVENTS, [(6, "B", 100)])
    messages = decode(chain([file_id, record], [file_id, strap], [file_id, record]))
    assert len(messages.of("file_id")) == 3
    assert messages.records["heart_rate"].tolist() == [100, 100]


def test_good_messages_before_damage_are_kept_and_the_next_part_too(message, file_id, chain):
    undefined = b"\x0b"
    messages = decode(chain([file_id, undefined], [file_id]))
    assert len(messages.of("file_id")) == 2
    assert messages.damage
    assert messages.damage.offset == 14 + len(file_id) + 1
    assert "could not be read to its end" in messages.damage.reason


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(bytes([0x40, 0, 0, 20, 0, 1, 253, 3, 0x86]), id="a size that is no multiple"),
        pytest.param(bytes([0x40, 0, 0, 20, 0, 1, 3, 0, 0x02, 0]), id="no size at all"),
        pytest.param(bytes([0x60, 0, 0, 20, 0, 0, 1, 0, 1, 9]), id="a developer field nobody described"),
        pytest.param(bytes([0x40, 0, 0, 20, 0, 255]), id="a definition over the end"),
    ],
)
def test_whatever_fitparse_raises_is_damage(bad: bytes, file_id, chain):
    messages = decode(chain([file_id, bad]))
    assert messages.damage
    assert messages.first("file_id")["type"] == "activity"


def test_files_are_told_apart_when_threads_decode_together(message, file_id, chain):
    data = chain([file_id, message(207, [(3, "B", 0)]), message(RECORD, [(HEART_RATE, "B", 100)])])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(decode, [data] * 20))
    assert all(messages.damage is None for messages in found)
