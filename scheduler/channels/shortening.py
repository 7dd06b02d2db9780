"""Texts for services that take only so much."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Final

_ELLIPSIS: Final = " …"


def shortened(text: str, limit: int, size: Callable[[str], int] = len) -> str:
    """The text whole, or its first words and an ellipsis: at most `limit` (4 or more) as `size` measures it."""
    text = text.strip()
    if size(text) <= limit:
        return text
    most = bisect_right(range(len(text)), limit, key=lambda length: size(text[:length] + _ELLIPSIS)) - 1
    head = text[:most]
    if not (text[most].isspace() or head[-1:].isspace()):
        head = " ".join(head.rsplit(maxsplit=1)[:1])  # the last word would be cut; a single one is
    return head.rstrip() + _ELLIPSIS


def bytes_of(text: str) -> int:
    """How long it is on the wire, in bytes of UTF-8."""
    return len(text.encode())
