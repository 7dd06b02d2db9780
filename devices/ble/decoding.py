"""From a table to the function that reads its frames.

A device sends one layout or two, some thousand times an hour. So each is worked out once and compiled, as `dataclass`
compiles its methods: what is left for a frame is one `struct` call and one division a field.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import Any, Final, NamedTuple, cast

from devices.ble.fields import U24, Field, Frame
from devices.ble.measurement import CUT, Measurement, Quantity
from devices.ble.tables import Layout, Table
from devices.ble.zeros import DOUBTS, doubtful

Decode = Callable[[Frame], Measurement]

_LAYOUTS: Final = 256
"""Who sends more of them is making them up, and shall not fill the memory."""
_BEATS_PER_S: Final = 1024


def decoder(table: Table) -> Decode:
    """What reads the frames of a characteristic. It never raises, whatever the bytes."""
    head = itemgetter(*range(table.flag_bytes))

    @lru_cache(_LAYOUTS)
    def reader(head: int | tuple[int, ...], length: int) -> Decode:
        flags = int.from_bytes(bytes([head] if isinstance(head, int) else head), "little")
        return _compiled(table.layout(flags, length))

    def decode(frame: Frame) -> Measurement:
        try:
            flags = head(frame)
        except IndexError:
            return CUT
        return reader(flags, len(frame))(frame)

    return decode


class _Number(NamedTuple):
    """A field as it stands in the source."""

    name: str
    quantity: Quantity
    field: Field

    @property
    def raw(self) -> Sequence[str]:
        """The names of what `struct` makes of it."""
        return (self.name, f"{self.name}_high") if self.field.format == U24 else (self.name,)

    @property
    def value(self) -> str:
        number = f"({self.name} + 65536 * {self.name}_high)" if self.field.format == U24 else self.name
        return f"{self.quantity.name}: {number} / {self.field.per_unit}"


def _compiled(layout: Layout) -> Decode:
    """What reads the frames of one layout. Its source is made of the table alone; for a heart rate it is

    def read(frame):
        (n0, b0, ) = unpack(frame)
        values = {HEART_RATE_BPM: n0 / 1, }
        doubts = () if n0 else doubtful(values)
        return new(Measurement, (values, flaws + doubts, counters, contact, running, (b0 / 1024, )))
    """
    numbers = [
        _Number(f"n{index}", field.quantity, field)
        for index, field in enumerate(layout.fields)
        if field.quantity is not None
    ]
    there = {number.quantity: number.name for number in numbers}
    raw = [name for number in numbers for name in number.raw]
    beats = [f"b{index}" for index in range(layout.beats)]
    zeros = [there[doubt.zero] for doubt in DOUBTS if doubt.needs <= there.keys()]
    times = _listed(f"{beat} / {_BEATS_PER_S}" for beat in beats)
    source = [
        "def read(frame):",
        f"    ({_listed(raw + beats)}) = unpack(frame)",
        f"    values = {{{_listed(number.value for number in numbers)}}}",
        *(
            f"    if {number.name} == {number.field.not_available}: del values[{number.quantity.name}]"
            for number in numbers
            if number.field.not_available is not None
        ),
        f"    doubts = () if {' and '.join(zeros) or True} else doubtful(values)",
        f"    return new(Measurement, (values, flaws + doubts, counters, contact, running, ({times})))",
    ]
    names: dict[str, Any] = {
        **Quantity.__members__,
        **layout._asdict(),
        "Measurement": Measurement,
        "doubtful": doubtful,
        "new": tuple.__new__,
        "unpack": Struct(layout.format).unpack_from,
    }
    exec("\n".join(source), names)  # noqa: S102 (of a frame there is nothing in it but how many bytes it has)
    return cast("Decode", names["read"])


def _listed(items: Iterable[str]) -> str:
    return "".join(f"{item}, " for item in items)
