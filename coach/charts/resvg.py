"""SVG as pixels, by resvg, with the font that comes along: a bare machine has none."""

from pathlib import Path
from typing import Final

from config.document import PACKAGED

FONT: Final = PACKAGED / "fonts" / "Inter-Regular.otf"


def rasterised(svg: str, scale: float = 1.0, font: Path = FONT) -> bytes:
    """A PNG of an SVG, `scale` pixels for each CSS pixel of its view box. No font but ours is looked at."""
    from resvg_py import svg_to_bytes

    png: bytes = svg_to_bytes(
        svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=[str(font)], font_family="Inter"
    )
    return bytes(png)
