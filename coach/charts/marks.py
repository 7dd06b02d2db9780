"""What a chart is made of, before it has an ink. Units are CSS pixels; y runs down."""

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its upper left corner at `x`, `y`."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """From point to point, from left to right, with round ends and joints."""

    points: tuple[tuple[float, float], ...]
    stroke: str
    width: float


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    fill: str
    size: float = 12.0
    anchor: Anchor = "middle"


Mark = Box | Line | Dot | Label


@dataclass(frozen=True, slots=True)
class Chart:
    """Marks in the order in which they are painted, on a card of their own.

    Attributes:
        title, description: what somebody hears who does not see it; the description says all that the marks show.
        card: paints the ground, also where the page around it is dark.
        shared: so many of the first marks are the same in many charts, whatever these show.
    """

    width: int
    height: int
    title: str
    description: str
    card: Box
    marks: tuple[Mark, ...]
    shared: int = 0
