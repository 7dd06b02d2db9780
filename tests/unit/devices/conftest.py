"""FIT bytes made by hand, for what no writer would write."""

import struct
from collections.abc import Callable, Sequence

import pytest

from devices.fit.parts import frame

Field = tuple[int, str, int]
"""Field number, struct format of one value ("H", "I", "B", ...), and the value."""

BASE_TYPES = {"b": 0x01, "B": 0x02, "h": 0x83, "H": 0x84, "i": 0x85, "I": 0x86, "f": 0x88, "Z": 0x0D}

Message = Callable[..., bytes]
Chain = Callable[..., bytes]


def fit_message(number: int, fields: Sequence[Field], *, local: int = 0, endian: str = "<") -> bytes:
    """A definition and one message of it."""
    head = struct.pack(endian + "BBBHB", 0x40 | local, 0, endian == ">", number, len(fields))
    kinds = b"".join(bytes([field, struct.calcsize(kind), BASE_TYPES[kind]]) for field, kind, _ in fields)
    values = b"".join(struct.pack(endian + kind, value) for _, kind, value in fields)
    return head + kinds + bytes([local]) + values


@pytest.fixture
def message() -> Message:
    return fit_message


@pytest.fixture
def file_id() -> bytes:
    """An activity made by Garmin."""
    return fit_message(0, [(0, "B", 4), (1, "H", 1)])


@pytest.fixture
def chain() -> Chain:
    """A file of so many parts, each a list of messages."""

    def files(*parts: Sequence[bytes]) -> bytes:
        return b"".join(frame(b"".join(messages)) for messages in parts)

    return files
