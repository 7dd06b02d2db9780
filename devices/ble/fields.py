"""One field of a characteristic: the rows that the tables of this package are made of."""

from dataclasses import dataclass, replace
from struct import calcsize
from typing import Final

from devices.ble.measurement import Flaw, Quantity

Frame = bytes | bytearray
"""What a notification brings."""

U24: Final = "HB"
"""`struct` has no number of three bytes: two of them, and what they hold 65,536 of."""


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
        return calcsize(f"<{self.format}")

    def is_present(self, flags: int) -> bool:
        return self.bit is None or flags >> self.bit & 1 == self.present_when

    def narrowed(self) -> "Field":
        if self.narrow is None or self.narrow.per_unit is None:
            return replace(self, quantity=None, format="x")
        return replace(self, format="B", per_unit=self.narrow.per_unit)
