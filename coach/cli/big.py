"""Digits that are read from a bike."""

from typing import Final

_ROWS: Final = (
    "███ ▄█  ███ ███ █ █ ███ ███ ███ ███ ███             ",
    "█ █  █    █   █ █ █ █   █     █ █ █ █ █           ▀ ",
    "█ █  █  ███ ███ ███ ███ ███   █ ███ ███ ▀▀▀         ",
    "█ █  █  █     █   █   █ █ █   █ █ █   █           ▄ ",
    "███ ▄█▄ ███ ███   █ ███ ███   █ ███ ███             ",
)
_LETTERS: Final = "0123456789– :"
_WIDTH: Final = 4


def big(text: str) -> str:
    """Digits, dashes and colons, five lines high."""
    places = [_LETTERS.index(letter) * _WIDTH for letter in text]
    return "\n".join("".join(row[place : place + _WIDTH] for place in places).rstrip() for row in _ROWS)
