"""What a chart is made of, before it has an ink. Units are CSS pixels; y runs down.

Tuples: a letter's chart has some sixty marks, each of which is made and looked up anew.
"""

from typing import Literal, NamedTuple

Anchor = Literal["start", "middle", "end"]


class Box(NamedTuple):
    """A rectangle with its upper left corner at `x`, `y`."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0.0


class Line(NamedTuple):
    """From point to point, from left to right, with round ends and joints."""

    points: tuple[tuple[float, float], ...]
    stroke: str
    width: float


class Dot(NamedTuple):
    x: float
    y: float
    radius: float
    fill: str


class Label(NamedTuple):
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    fill: str
    size: float = 12.0
    anchor: Anchor = "middle"


Mark = Box | Line | Dot | Label


class Chart(NamedTuple):
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
