"""Characters that are not seen, but steer a terminal: a name that holds them shows as another than it is."""

from re import compile as pattern
from typing import Final

UNSEEN: Final = pattern(
    "["
    "\\x00-\\x1f\\x7f-\\x9f"  # controls: ESC, which begins every command to a terminal, and ends of lines
    "\\u2028\\u2029"  # ends of lines as well
    "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"  # what turns the direction of writing
    "\\ud800-\\udfff"  # what no encoding has
    "]"
)


def visible(text: str) -> str:
    """The text with each sign that is not seen written as its number in hexadecimal, as Python escapes it."""
    return UNSEEN.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)
