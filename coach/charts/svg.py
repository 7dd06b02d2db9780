"""A chart as SVG: for a page that holds it, and for whoever takes it from there."""

from html import escape
from typing import Final

from coach.charts.marks import Box, Chart, Dot, Label, Line, Mark

FONTS: Final = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def as_svg(chart: Chart, *, stretched: bool = False) -> str:
    """It is as wide as the page lets it be, and reads aloud as its title and description. One that is stretched fills
    the place that the page's style sheet gives it, in both directions.
    """
    marks = "".join(f"{_mark(each)}\n" for each in (chart.card, *chart.marks))
    size = 'preserveAspectRatio="none"' if stretched else f'width="100%" font-family="{FONTS}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width} {chart.height}" role="img" {size}>\n'
        f"<title>{_text(chart.title)}</title>\n<desc>{_text(chart.description)}</desc>\n{marks}</svg>\n"
    )


def _mark(mark: Mark) -> str:
    match mark:
        case Box():
            rounded = f' rx="{_number(mark.radius)}"' if mark.radius else ""
            place = f'x="{_number(mark.x)}" y="{_number(mark.y)}"'
            size = f'width="{_number(mark.width)}" height="{_number(mark.height)}"'
            return f'<rect {place} {size}{rounded} fill="{mark.fill}"/>'
        case Line():
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in mark.points)
            ends = 'stroke-linecap="round" stroke-linejoin="round"'
            return (
                f'<polyline points="{points}" fill="none" stroke="{mark.stroke}" '
                f'stroke-width="{_number(mark.width)}" {ends}/>'
            )
        case Dot():
            centre = f'cx="{_number(mark.x)}" cy="{_number(mark.y)}"'
            return f'<circle {centre} r="{_number(mark.radius)}" fill="{mark.fill}"/>'
        case Label():
            place = f'x="{_number(mark.x)}" y="{_number(mark.y)}" text-anchor="{mark.anchor}"'
            return f'<text {place} font-size="{_number(mark.size)}" fill="{mark.fill}">{_text(mark.text)}</text>'


def _text(text: str) -> str:
    """Escaped; without the control characters that XML cannot hold."""
    return escape("".join(each for each in text if each.isprintable()))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
