import pytest

from devices.errors import NotFitError
from devices.fit.parts import Part, checksum, frame, header, split

BODY = b"\x40" + bytes(30)


def test_checksum_is_crc_16_arc():
    assert checksum(b"123456789") == 0xBB3D


def test_a_whole_file():
    assert split(frame(BODY)) == ((Part(14, 14 + len(BODY)),), ())


def test_a_header_of_twelve_bytes_and_one_of_sixteen():
    for start in (b"\x0c" + header(0)[1:12], b"\x10" + header(0)[1:14] + b"??"):
        (part,), _ = split(start[:4] + len(BODY).to_bytes(4, "little") + start[8:] + BODY)
        assert part == Part(len(start), len(start) + len(BODY))


def test_a_chain_is_read_to_its_end():
    parts, damages = split(frame(BODY) + frame(BODY[:5]) + frame(b""))
    assert [part.end - part.begin for part in parts] == [len(BODY), 5, 0]
    assert damages == ()


def test_a_chain_without_end_is_read_no_further():
    parts, (damage,) = split(frame(b"") * 1_002)
    assert len(parts) == 1_000
    assert "More than 1,000 files" in damage.reason
    assert damage.offset == 16 * 1_000


def test_a_header_whose_own_checksum_is_zero_is_whole():
    """It may be; the checksum of the file covers it."""
    start = header(len(BODY))[:12] + b"\0\0"
    whole = start + BODY + checksum(start + BODY).to_bytes(2, "little")
    assert split(whole) == ((Part(14, 14 + len(BODY)),), ())


def test_a_damaged_part_does_not_hide_the_next():
    broken = bytearray(frame(BODY))
    broken[20] ^= 1
    parts, (damage,) = split(bytes(broken) + frame(BODY))
    assert len(parts) == 2
    assert "checksum" in damage.reason
    assert damage.offset == 14 + len(BODY)


@pytest.mark.parametrize("cut", [1, 2, 3, 20])
def test_a_cut_file_says_what_is_missing(cut: int):
    data = frame(BODY)[:-cut]
    (part,), (damage,) = split(data)
    assert part == Part(14, min(len(data), 14 + len(BODY)))
    assert f"last {cut} bytes are missing" in damage.reason
    assert damage.offset == len(data)


def test_a_header_that_was_never_finished_keeps_what_follows():
    data = frame(BODY)
    parts, (damage,) = split(data[:4] + bytes(4) + data[8:])
    assert parts == (Part(14, len(data)),)
    assert "never finished" in damage.reason


def test_what_follows_the_last_part_is_left_out():
    (_,), (damage,) = split(frame(BODY) + b"\n\n")
    assert damage.reason == "2 bytes after its end are not FIT."
    assert damage.offset == 14 + len(BODY) + 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello, I am no FIT file", "does not begin as one"),
        (b"\x0e\x10\x00\x00", "does not begin as one"),
        (b"PK\x03\x04 and so on", ".zip"),
        (b"\x1f\x8b and so on", ".fit.gz"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><gpx>", "GPX or TCX"),
        (b"\n<!doctype html>", "web page"),
        (b'{"error": "login"}', "JSON"),
    ],
)
def test_strangers_are_told_apart(data: bytes, words: str):
    with pytest.raises(NotFitError, match=words) as refusal:
        split(data)
    assert refusal.value.offset == 0
