"""The journal: what was written is read back, up to where it was torn; full disks; who holds it."""

import errno
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ble import entries, journals
from devices.ble.entries import MAGIC, Entry, Kind, Torn
from devices.errors import JournalError

START = datetime(2026, 6, 1, 17, 30, 0, 250_000, tzinfo=UTC)


def begin(home):
    return journals.begin(home, START, "cycling", "indoor_cycling", utc_offset=timedelta(hours=2), owner="7")


def ride(journal, frames):
    journal.append(entries.said(Kind.DEVICE, {"name": "Bike"}, 0.0, 0))
    for number in range(frames):
        journal.append(entries.frame(number / 4, 0, 0x2AD2, bytes([number % 256])))


def test_what_was_written_is_read_back(tmp_path):
    journal = begin(tmp_path)
    ride(journal, 8)
    journal.append(Entry(Kind.PAIN, 1.5, body=bytes([3])))
    journal.append(Entry(Kind.NOTE, 1.75, body="bis später".encode()))
    journal.append(Entry(Kind.END, 2.0))
    log = journals.read(journal.path)
    journal.close()
    assert (log.start, log.owner, log.sport, log.sub_sport, log.utc_offset) == (
        START,
        "7",
        "cycling",
        "indoor_cycling",
        timedelta(hours=2),
    )
    assert log.devices == {0: {"name": "Bike"}}
    assert (log.frames, log.duration_s, log.torn) == (8, 2.0, None)
    assert [each.frame for each in log.entries if each.kind is Kind.FRAME] == [bytes([n]) for n in range(8)]
    assert {each.characteristic for each in log.entries if each.kind is Kind.FRAME} == {0x2AD2}
    assert [each.text for each in log.entries if each.kind is Kind.NOTE] == ["bis später"]


bodies = st.binary(max_size=64)
anything = st.builds(
    Entry, st.sampled_from(Kind), st.integers(0, 10**10).map(lambda us: us / 1e6), st.integers(0, 255), bodies
)


@given(st.lists(anything, max_size=8), st.data())
def test_cut_anywhere_all_before_is_whole(written, data):
    sizes = [len(entries.encode(each)) for each in written]
    whole = MAGIC + b"".join(map(entries.encode, written))
    cut = data.draw(st.integers(len(MAGIC), len(whole)))
    *kept, last = [*entries.decode(whole[:cut]), None]
    if kept and isinstance(kept[-1], Torn):
        last = kept.pop()
    ends = [len(MAGIC) + sum(sizes[: number + 1]) for number in range(len(sizes))]
    assert kept == written[: sum(end <= cut for end in ends)]
    assert (last is None) == (cut in {len(MAGIC), *ends})


@given(st.lists(anything, min_size=1, max_size=4), st.data())
def test_a_flipped_bit_ends_what_is_believed(written, data):
    whole = bytearray(MAGIC + b"".join(map(entries.encode, written)))
    bit = data.draw(st.integers(len(MAGIC) * 8, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    found = list(entries.decode(bytes(whole)))
    assert isinstance(found[-1], Torn)
    assert found[:-1] == written[: len(found) - 1]


def test_no_journal(tmp_path):
    path = tmp_path / "some.open"
    for content in (b"", b"something else", MAGIC, MAGIC + b"\x00"):
        path.write_bytes(content)
        with pytest.raises(JournalError, match="is no journal of a ride"):
            journals.read(path)
    with pytest.raises(JournalError, match="cannot be read: No such file"):
        journals.read(tmp_path / "gone")


def test_it_is_held_while_it_is_written(tmp_path):
    journal = begin(tmp_path)
    with journals.left(journal.path) as is_left:
        assert not is_left
    journal.close()
    with journals.left(journal.path) as is_left:
        assert is_left
        with journals.left(journal.path) as is_left_twice:
            assert not is_left_twice


def test_kept_is_not_open(tmp_path):
    journal = begin(tmp_path)
    journal.close()
    assert journals.found(tmp_path, journals.State.OPEN) == [journal.path]
    kept = journals.keep(journal.path)
    assert journals.found(tmp_path, journals.State.OPEN) == []
    assert journals.found(tmp_path) == [kept]
    assert journals.found(tmp_path / "nowhere") == []


def test_without_room_entries_wait_and_are_written_in_their_order(tmp_path, monkeypatch):
    journal = begin(tmp_path)
    ride(journal, 2)
    write, room = os.write, 30  # within an entry

    def full(descriptor, data):
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, bytes(data)[:room])
        room -= written
        return written

    monkeypatch.setattr(os, "write", full)
    ride(journal, 20)
    assert journal.waiting
    assert journal.trouble == "No space left on device"
    assert isinstance(journals.read(journal.path).torn, Torn)
    room = 10**6
    journal.retry()
    assert (journal.waiting, journal.trouble) == (0, None)
    log = journals.read(journal.path)
    journal.close()
    assert log.torn is None
    assert log.frames == 22


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "journals").write_text("a file is in the way")
    with pytest.raises(JournalError, match="No ride can be recorded in"):
        begin(tmp_path)
