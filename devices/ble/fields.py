"""Tables of fields, and the decoder that is made of one.

A characteristic of the fitness services is a word of flags and the fields that it says are there, without gaps, little
endian. A table lists them in the specification's order. What a flags word and a length amount to is worked out once
(`Layout`); after that a frame costs one `struct` call and one division a field.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, takewhile
from operator import itemgetter, truediv
from struct import Struct
from typing import Final, NamedTuple

from devices.ble.measurement import CUT, Counter, Flaw, Measurement, Quantity
from devices.ble.zeros import DOUBTS, Doubt, doubtful

Frame = bytes | bytearray
Decode = Callable[[Frame], Measurement]

U24: Final = "3x"
"""`struct` has no number of three bytes: it is stepped over, and read with the byte before it as one of four."""
_U32: Final = Struct("<I").unpack_from
_BEAT_BYTES: Final = 2
_BEATS_PER_S: Final = 1024
_LAYOUTS: Final = 256
"""A device sends one or two; who sends more is making them up, and shall not fill the memory."""


def _unsaid(_: int) -> None:
    """What flags say that do not say."""


@dataclass(frozen=True, slots=True)
class Narrow:
    """How some hardware sends a field in one byte, whose length gives it away; without a unit it is stepped over."""

    flaw: Flaw
    per_unit: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a characteristic.

    Attributes:
        quantity: what it is; None for what nobody needs, which is stepped over.
        format: of `struct`, or `U24`.
        per_unit: how many of it make one of the quantity's unit.
        bit: of the flags that says whether it is there; None where it always is.
        present_when: what the bit is then.
        not_available: the number that says that there is none.
        narrow: another form that is met.
    """

    quantity: Quantity | None
    format: str
    per_unit: float = 1
    bit: int | None = None
    present_when: int = 1
    not_available: int | None = None
    narrow: Narrow | None = None

    @property
    def size(self) -> int:
        return Struct(self.format).size

    def is_present(self, flags: int) -> bool:
        return self.bit is None or flags >> self.bit & 1 == self.present_when

    def narrowed(self) -> "Field":
        if self.narrow is None or self.narrow.per_unit is None:
            return replace(self, quantity=None, format="B")
        return replace(self, format="B", per_unit=self.narrow.per_unit)


class Layout(NamedTuple):
    """What frames of one flags word and one length hold.

    Attributes:
        unpack: the raw numbers: one for each of `quantities`, then the times between beats.
        per_unit: as in `Field`, for each of `quantities`.
        wide: quantities of three bytes: which, where the byte before them is, and their `per_unit`.
        absent: the values that say that there is none.
        doubts: the rules of `devices.ble.zeros` that may apply.
        flaws, counters, contact, running: as in `Measurement`.
    """

    unpack: Callable[[Frame], tuple[int, ...]]
    quantities: tuple[Quantity, ...]
    per_unit: tuple[float, ...]
    wide: tuple[tuple[Quantity, int, float], ...]
    absent: tuple[tuple[Quantity, float], ...]
    doubts: tuple[Doubt, ...]
    flaws: tuple[Flaw, ...]
    counters: tuple[Counter, ...]
    contact: bool | None
    running: bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """A characteristic.

    Attributes:
        flag_bytes: how long its flags word is.
        fields: in the specification's order.
        beats_bit: of the flags that says that times between heart beats follow, u16 in 1/1024 s, as many as there is
            room for.
        counters: which of its fields count turns.
        contact, running: what its flags say of either.
    """

    flag_bytes: int
    fields: tuple[Field, ...]
    beats_bit: int | None = None
    counters: tuple[Counter, ...] = ()
    contact: Callable[[int], bool | None] = _unsaid
    running: Callable[[int], bool | None] = _unsaid

    def layout(self, flags: int, length: int) -> Layout:
        fields, flaws = self._fitting(flags, length)
        ends = list(accumulate((field.size for field in fields), initial=self.flag_bytes))
        beats = 0
        if Flaw.SHORT not in flaws:
            beats, left = self._beyond(flags, length - ends[-1])
            flaws += (Flaw.TRAILING,) if left else ()
        formats = "".join(_skip(field) if field.quantity is None else field.format for field in fields)
        read = {field.quantity: field for field in fields if field.quantity is not None}
        plain = {quantity: field for quantity, field in read.items() if field.format != U24}
        return Layout(
            Struct(f"<{self.flag_bytes}x{formats}{beats}H").unpack_from,
            tuple(plain),
            tuple(field.per_unit for field in plain.values()),
            tuple(
                (field.quantity, at - 1, field.per_unit)
                for field, at in zip(fields, ends, strict=False)
                if field.format == U24 and field.quantity is not None
            ),
            tuple(
                (quantity, field.not_available / field.per_unit)
                for quantity, field in read.items()
                if field.not_available is not None
            ),
            tuple(doubt for doubt in DOUBTS if doubt.needs <= read.keys()),
            flaws,
            tuple(each for each in self.counters if {each.revolutions, each.event} <= read.keys()),
            self.contact(flags),
            self.running(flags),
        )

    def _beyond(self, flags: int, room: int) -> tuple[int, int]:
        """How many times between beats follow the fields, and how many bytes follow those."""
        tells_beats = self.beats_bit is not None and flags >> self.beats_bit & 1
        return divmod(room, _BEAT_BYTES) if tells_beats else (0, room)

    def _fitting(self, flags: int, length: int) -> tuple[list[Field], tuple[Flaw, ...]]:
        """The fields that a frame of this length holds, and what had to be supposed for that.

        As the specification has them; else with resistance, or pace, in one byte; else those that are there whole. Of a
        frame that was cut, nothing is sure from where a narrow form would have moved all that follows.
        """
        written = [field for field in self.fields if field.is_present(flags)]
        room = length - self.flag_bytes
        if _size(written) <= room:
            return written, ()
        for flaw in dict.fromkeys(field.narrow.flaw for field in written if field.narrow):
            narrow = [field.narrowed() if field.narrow and field.narrow.flaw is flaw else field for field in written]
            if _size(narrow) == room:
                return narrow, (flaw,)
        ends = accumulate(field.size for field in written)
        whole = takewhile(lambda each: each[1] <= room and not each[0].narrow, zip(written, ends, strict=True))
        return [field for field, _ in whole], (Flaw.SHORT,)


def decoder(table: Table) -> Decode:
    """What reads the frames of a characteristic. It never raises, whatever the bytes."""
    head = itemgetter(*range(table.flag_bytes))

    @lru_cache(_LAYOUTS)
    def layout_of(head: int | tuple[int, ...], length: int) -> Layout:
        return table.layout(int.from_bytes(bytes([head] if isinstance(head, int) else head), "little"), length)

    def decode(frame: Frame) -> Measurement:
        try:
            layout = layout_of(head(frame), len(frame))
        except IndexError:
            return CUT
        raw = layout.unpack(frame)
        values = dict(zip(layout.quantities, map(truediv, raw, layout.per_unit), strict=False))
        for quantity, at, per_unit in layout.wide:
            values[quantity] = (_U32(frame, at)[0] >> 8) / per_unit
        for quantity, value in layout.absent:
            if values[quantity] == value:
                del values[quantity]
        flaws = layout.flaws
        if layout.doubts and 0.0 in values.values():
            flaws += doubtful(values, layout.doubts)
        beats = raw[len(layout.quantities) :]
        return Measurement(
            values,
            flaws,
            layout.counters,
            layout.contact,
            layout.running,
            tuple(each / _BEATS_PER_S for each in beats) if beats else (),
        )

    return decode


def _size(fields: Iterable[Field]) -> int:
    return sum(field.size for field in fields)


def _skip(field: Field) -> str:
    return f"{field.size}x"
