"""What a kind of machine is, what can be wrong with one, and what it has sent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from devices.ble.gym.machine import Machine


@dataclass
class Faults:
    """What is wrong with a machine; may be changed while it runs.

    Attributes:
        silent: connected, and says nothing.
        taken: another app has it: it hangs up on whoever connects.
        refuses: control is not permitted.
        split: a frame comes in two, More Data first.
        one_byte_resistance: as the specification's text says, and no hardware does.
        mph: speed is sent in miles an hour, as if those were kilometres.
        frozen: power is not told any more, all else is.
        deaf: it takes commands and answers none.
    """

    silent: bool = False
    taken: bool = False
    refuses: bool = False
    split: bool = False
    one_byte_resistance: bool = False
    mph: bool = False
    frozen: bool = False
    deaf: bool = False


class Sent(NamedTuple):
    """A frame as it left the machine, by the machine's own clock."""

    at_s: float
    characteristic: int
    data: bytes


Frames = Callable[["Machine", float], Iterable[tuple[int, bytes]]]
"""The frames of a moment, each with its characteristic."""


@dataclass(frozen=True)
class Model:
    """What a kind of machine is: its services with their characteristics, and its frames of a moment.

    Attributes:
        services: for each, its characteristics: bytes that can be read, or None for what is notified.
        is_controlled: it has a control point.
    """

    name: str
    services: Mapping[int, Mapping[int, bytes | None]]
    frames: Frames
    is_controlled: bool = False
    serial: str = "G-0001"
