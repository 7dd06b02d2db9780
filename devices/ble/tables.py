"""A characteristic of the fitness services as a table: a word of flags, and the fields that it says are there.

They follow one another without gaps, little endian, in the specification's order. Flags and length together say what a
frame holds; hardware that sends other lengths than its flags say is met half-way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Final, NamedTuple

from devices.ble.fields import Field
from devices.ble.measurement import Counter, Flaw

_BEAT_BYTES: Final = 2


class Layout(NamedTuple):
    """What frames of one flags word and one length hold: the fields after the flags, then so many times between beats.

    The others are as in `Measurement`.
    """

    flag_bytes: int
    fields: tuple[Field, ...]
    beats: int
    flaws: tuple[Flaw, ...]
    counters: tuple[Counter, ...]
    contact: bool | None
    running: bool | None

    @property
    def format(self) -> str:
        """Of `struct`, for the numbers of all fields that have a quantity, and the times."""
        fields = "".join(f"{field.size}x" if field.quantity is None else field.format for field in self.fields)
        return f"<{self.flag_bytes}x{fields}{self.beats}H"


def _unsaid(_: int) -> None:
    """What flags say that do not say."""


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
        """What a frame of this length holds; it has its flags whole."""
        room = length - self.flag_bytes
        fields, flaws = self._fitting(flags, room)
        beats = 0
        if Flaw.SHORT not in flaws:
            beats, left = self._beyond(flags, room - _size(fields))
            flaws += (Flaw.TRAILING,) if left else ()
        there = {field.quantity for field in fields}
        counters = tuple(each for each in self.counters if {each.revolutions, each.event} <= there)
        return Layout(
            self.flag_bytes, fields, beats, flaws, counters, contact=self.contact(flags), running=self.running(flags)
        )

    def _fitting(self, flags: int, room: int) -> tuple[tuple[Field, ...], tuple[Flaw, ...]]:
        """The fields that are in so many bytes, and what had to be supposed for that.

        As the specification has them; else with resistance, or pace, in one byte; else those that are there whole. Of a
        frame that was cut, nothing is sure from where a narrow form would have moved all that follows.
        """
        written = tuple(field for field in self.fields if field.is_present(flags))
        if _size(written) <= room:
            return written, ()
        for flaw in dict.fromkeys(field.narrow.flaw for field in written if field.narrow):
            narrow = tuple(
                field.narrowed() if field.narrow and field.narrow.flaw is flaw else field for field in written
            )
            if _size(narrow) == room:
                return narrow, (flaw,)
        ends = accumulate(field.size for field in written)
        whole = takewhile(lambda each: each[1] <= room and not each[0].narrow, zip(written, ends, strict=True))
        return tuple(field for field, _ in whole), (Flaw.SHORT,)

    def _beyond(self, flags: int, room: int) -> tuple[int, int]:
        """How many times between beats are in so many bytes, and how many bytes are left."""
        tells_beats = self.beats_bit is not None and flags >> self.beats_bit & 1
        return divmod(room, _BEAT_BYTES) if tells_beats else (0, room)


def _size(fields: Iterable[Field]) -> int:
    return sum(field.size for field in fields)
