"""Mutants of real and generated files, by the fast lane alone: a recording or our own error, soon, in little memory.

What is recorded can be measured: `appraise` never meets a fault.

`COACH_MUTANTS` says how many; `make release` asks for tens of thousands.
"""

import os
import random
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.appraisal import Appraisal, appraise
from coach.demo import sessions
from devices.errors import FitError
from devices.fit import fast
from devices.fit.activity import assemble
from devices.fit.clock import FIT_EPOCH
from devices.fit.parts import frame
from devices.fit.write import write

MUTANTS = int(os.environ.get("COACH_MUTANTS", "1500"))
PORTIONS = 10  # for several processes
LONGEST_FILE = 200_000  # bytes; a larger one has more of the same, and takes the time of ten
LONGEST_S = 20  # for what takes some milliseconds
MOST_MORE = 300_000_000  # bytes of memory, over all mutants of a portion
TELLING = (0, 1, 2, 4, 7, 0x0D, 0x10, 0x40, 0x60, 0x7F, 0x80, 0x86, 0x88, 0x8E, 0xE0, 0xFF)
"""Bytes that headers, sizes and base types are made of."""
HUGE_FLOATS = (1e15, 1e18, 1e300, -1e300, -100.0, 2.0**53, 2.5e11, 1e-300, float("inf"), 604_800.0)
HUGE_NUMBERS = (0, 1, 2**31, 2**32 - 1, 2**40, 2**53, 2**62, 2**63 - 2, 250_000_000_000)
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOW = round((START - FIT_EPOCH).total_seconds())

Mutation = Callable[[bytearray, random.Random], None]


def bytes_changed(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 3, 30))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def definitions_changed(data: bytearray, chance: random.Random) -> None:
    """The first bytes hold the definitions: where a decoder trips, if anywhere."""
    for _ in range(chance.choice((1, 2, 5))):
        data[chance.randrange(14, min(400, len(data)))] = chance.choice(TELLING)


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def a_piece_left_out(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(14, len(data))
    del data[at : at + chance.randrange(1, 300)]


def a_piece_twice(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(14, len(data))
    data[at:at] = data[at : at + chance.randrange(1, 300)]


def noise(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(14, len(data))
    data[at : at + 100] = chance.randbytes(100)


def huge_values(data: bytearray, chance: random.Random) -> None:
    """One message more, of fields of eight bytes that hold what no device sends, and often a time that one does."""
    kind, base = chance.choice((("d", 0x89), ("q", 0x8E), ("Q", 0x8F)))
    values = HUGE_FLOATS if kind == "d" else HUGE_NUMBERS
    number = chance.choice((18, 18, 18, 19, 20, 21, 34, 101))  # session, lap, record, event, activity, length
    fields = {
        2: chance.choice((NOW, chance.choice(values))),
        7: chance.choice(values),
        253: chance.choice((NOW, chance.choice(values))),
    }
    fields |= {field: chance.choice(values) for field in chance.sample((*range(30), 44), k=3)}
    head = struct.pack("<BBBHB", 0x4F, 0, 0, number, len(fields))
    sent = struct.pack(f"<{len(fields)}{kind}", *fields.values())
    message = head + b"".join(bytes((each, 8, base)) for each in fields) + b"\x0f" + sent
    data[:] = frame(bytes(data[14:-2]) + message)


MUTATIONS: tuple[Mutation, ...] = (
    *(bytes_changed, definitions_changed, cut, a_piece_left_out, a_piece_twice, noise),
    *(huge_values, huge_values),
)


@pytest.fixture(scope="module")
def generated() -> list[bytes]:
    return [
        write(sessions.walk(START, 3, hill_minutes=1)),
        write(sessions.ride(START, 3)),
        write(sessions.swim(START, 8)),
        write(sessions.walk(START, 2)) + write(sessions.ride(START, 2)),
    ]


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_of_generated_files(generated: list[bytes], portion: int):
    look_through(generated, portion, MUTANTS // PORTIONS // 2)


@pytest.mark.corpus
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_of_real_files(corpus: Path, portion: int):
    files = [data for path in sorted(corpus.rglob("*.fit")) if len(data := path.read_bytes()) < LONGEST_FILE]
    look_through(files, portion, MUTANTS // PORTIONS // 2)


def look_through(files: list[bytes], portion: int, mutants: int) -> None:
    before = _peak()
    for number in range(mutants):
        chance = random.Random(f"{portion} {number}")  # so that one that fails can be had again
        data = bytearray(chance.choice(files))
        for mutation in chance.choices(MUTATIONS, k=chance.choice((1, 1, 2))):
            if len(data) > 14:
                mutation(data, chance)
        with _in_time():
            look_at(bytes(data))
    assert _peak() - before < MOST_MORE


def look_at(data: bytes) -> None:
    """Everything that is read late is read now."""
    refused: FitError | None = None
    try:
        messages = fast.decode(data)
        for column in messages.records:
            messages.records[column]
        for rows in messages.rows.values():
            for row in rows:
                dict(row)
        assert assemble(messages)
        appraised = appraise(data)
        assert isinstance(appraised, Appraisal), appraised.reason
    except FitError as error:
        refused = error
    if refused:
        assert refused.reason.endswith(".")
        assert refused.offset is None or 0 <= refused.offset <= len(data)


@contextmanager
def _in_time() -> Iterator[None]:
    def too_long(*_: object) -> None:
        pytest.fail(f"took more than {LONGEST_S} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
