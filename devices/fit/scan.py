"""One pass over the message headers of a part: which messages there are and where, without reading any."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

from devices.fit.layout import Definition, end_of, extent, layout
from devices.fit.messages import Damage
from devices.fit.parts import Part

# Devices that write one kind of message for minutes on end are worth a look ahead. It costs as much as
# some ten messages in the loop, so one that finds little is not repeated soon.
_STREAK: Final = 8
_LITTLE: Final = 16
_PATIENCE: Final = -64
_LOOKS: Final = (64, 4096)  # how far to look first

_BREATH_BYTES: Final = 1 << 20  # how often they are counted

_COMPRESSED: Final = 0x80  # bits of a header
_DEFINITION: Final = 0x40
_COMPRESSED_LOCALS: Final = 4  # only so many have a header with a time in it

MOST_MESSAGES: Final = 4_000_000
"""A day at ten records a second is 864,000; far beyond, memory runs out before anything is learnt."""
MOST_KINDS: Final = 10_000
"""Real files have 51 at most; each is an object and a list, and a file of nothing else would hold millions."""

_Entry = tuple[int, list[int], Definition | None]


@dataclass(slots=True)
class Allowance:
    """What the parts of a file may still hold, together."""

    messages: int = MOST_MESSAGES
    kinds: int = MOST_KINDS

    def spend(self, found: Iterable[Definition]) -> None:
        for each in found:
            self.kinds -= 1
            self.messages -= _count(each)


def scan(  # noqa: C901 (the one loop that runs once a message; a call in it would double its cost)
    data: bytes, part: Part, wanted: Container[int], allowance: Allowance
) -> tuple[list[Definition], Damage | None]:
    """The definitions of the wanted messages in order, each with the places of its data messages.

    Args:
        data: the file.
        part: where to look.
        wanted: global message numbers; others are passed over.
        allowance: how much of anything is too much; nothing is spent here.

    Returns:
        What was there up to the damage, and the damage; nothing of a part that holds too many messages.
    """
    announced = _Announced(wanted, allowance.kinds)
    table, found = announced.table, announced.found
    last: _Entry | None = None
    streak = 0
    at, end = part
    while at < end:
        breath = min(at + _BREATH_BYTES, end)
        while at < breath:
            entry = table[data[at]]
            if entry is None:
                learnt = announced.learn(data, at, end)
                if isinstance(learnt, Damage):
                    return found, learnt
                at, last = learnt, None
                continue
            size, places, definition = entry
            places.append(at)
            at += size
            if entry is not last:
                last, streak = entry, 0
                continue
            streak += 1
            if streak > _STREAK:
                more = _run(data, at, end, size)
                if more and definition is not None:
                    definition.runs.append(range(at, at + more * size, size))
                at += more * size
                streak = 0 if more > _LITTLE else _PATIENCE
        announced.passed_over.clear()
        if sum(map(_count, found)) > allowance.messages:
            return [], Damage(f"More than {MOST_MESSAGES:,} messages; no recording is that long.", at)
    if at > end and last is not None:
        size, places, _ = last
        if places:
            places.pop()
        return found, Damage("The file ends in the middle of a message. Copy it from the device again.", at - size)
    return found, None


def _count(definition: Definition) -> int:
    return len(definition.single) + sum(map(len, definition.runs))


class _Announced:
    """What each header byte means, as far as definitions have said.

    Attributes:
        table: by header byte; None is one that is not known yet.
        found: the wanted definitions in order.
        passed_over: where messages begin that are not wanted.
    """

    def __init__(self, wanted: Container[int], most: int) -> None:
        self.table: list[_Entry | None] = [None] * 256
        self.found: list[Definition] = []
        self.passed_over: list[int] = []
        self._wanted = wanted
        self._most = most
        self._entries: dict[bytes, _Entry] = {}

    def learn(self, data: bytes, at: int, end: int) -> int | Damage:
        """Take in a header that is not in the table. Returns where to go on."""
        header = data[at]
        if header & _COMPRESSED and (entry := self.table[header >> 5 & _COMPRESSED_LOCALS - 1]) is not None:
            self.table[header] = entry
            if (definition := entry[2]) is not None:
                definition.compressed = True
            return at
        if header & _COMPRESSED or not header & _DEFINITION:
            return Damage("A message was not announced, so the rest cannot be read.", at)
        if (stop := end_of(data, at, end)) is None:
            return Damage("The file ends in the middle of a message. Copy it from the device again.", at)
        words = data[at + 1 : stop]
        # Devices announce the same layout again and again; it stays one.
        entry = self._entries.get(words)
        if entry is None:
            if len(self._entries) >= self._most:
                return Damage(f"More than {MOST_KINDS:,} kinds of message; no recording has so many.", at)
            entry = self._entries[words] = self._entry(words)
        self._announce(header & 0x0F, entry)
        return stop

    def _announce(self, local: int, entry: _Entry) -> None:
        """From now on these headers mean messages of this layout. Reserved bits of a header say nothing."""
        for reserved in (0x00, 0x10, 0x20, 0x30):
            self.table[reserved | local] = entry
        if local < _COMPRESSED_LOCALS:
            first = _COMPRESSED | local << 5
            self.table[first : first + 32] = [None] * 32

    def _entry(self, words: bytes) -> _Entry:
        number, size = extent(words)
        if number not in self._wanted:
            return size, self.passed_over, None
        definition = Definition(layout(words))
        self.found.append(definition)
        return size, definition.single, definition


def _run(data: bytes, at: int, end: int, size: int) -> int:
    """How many whole messages with the header of the one before `at` follow each other from there on."""
    header = data[at - size : at - size + 1]
    whole = (end - at) // size
    for look in (*_LOOKS, whole):
        headers = data[at : at + min(look, whole) * size : size]
        if other := headers.lstrip(header):
            return len(headers) - len(other)
    return max(whole, 0)
