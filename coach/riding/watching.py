"""A live session as its journal tells it, for whoever looks on from elsewhere. No radio is needed for that."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from devices.ble import journals
from devices.ble.entries import Entry, Kind
from devices.ble.measurement import Quantity
from devices.ble.sources import Source, Sources
from devices.ble.tail import Tail
from devices.ble.uuids import assigned

_LIVE: Final = "live"  # of a link, in the recorder's words


@dataclass(frozen=True, slots=True)
class Seen:
    """A moment of a live session.

    Attributes:
        elapsed_s: since the first machine was connected; None before.
        target: what the trainer holds, with its unit; empty for nothing.
        lost: the machines that are looked for again.
        pain: what the person said last, 0-10.
    """

    sport: str = ""
    elapsed_s: float | None = None
    heart_rate_bpm: float | None = None
    power_w: float | None = None
    cadence_rpm: float | None = None
    speed_mps: float | None = None
    distance_m: float | None = None
    target: str = ""
    is_paused: bool = False
    is_over: bool = False
    lost: tuple[str, ...] = ()
    pain: int | None = None


class Watch:
    """Looks on at the session of a journal, from its beginning."""

    def __init__(self, path: Path) -> None:
        self._tail = Tail(path)
        self._seen = Seen()
        self._sources = Sources()
        self._began_s: float | None = None
        self._last_s = 0.0
        self._names: dict[int, str] = {}
        self._links: dict[int, bool] = {}
        self._distances: dict[Source, _Way] = {}

    def look(self, now: datetime) -> Seen:
        """What there is to see by now."""
        try:
            entries = list(self._tail.read())
            written_at = self._tail.path.stat().st_mtime
        except OSError:  # it is kept
            return replace(self._seen, is_over=True)
        for entry in entries:
            self._last_s = max(self._last_s, entry.at_s)
            self._take(entry)
        at_s = self._last_s + max(0.0, now.timestamp() - written_at)
        left = not entries and not journals.is_written(self._tail.path)
        return replace(
            self._seen,
            elapsed_s=None if self._began_s is None else at_s - self._began_s,
            heart_rate_bpm=self._sources.now(Quantity.HEART_RATE_BPM, at_s),
            power_w=self._sources.now(Quantity.POWER_W, at_s),
            cadence_rpm=self._sources.now(Quantity.CADENCE_RPM, at_s),
            speed_mps=self._sources.now(Quantity.SPEED_MPS, at_s),
            distance_m=self._distances[min(self._distances)].gone_m if self._distances else None,
            is_over=self._seen.is_over or left,
            lost=tuple(self._names.get(each, "?") for each, is_live in self._links.items() if not is_live),
        )

    def _take(self, entry: Entry) -> None:
        match entry.kind:
            case Kind.START:
                self._seen = replace(self._seen, sport=str(entry.said["sport"]))
            case Kind.DEVICE:
                self._names[entry.device] = str(entry.said["name"])
            case Kind.LINK:
                self._link(entry)
            case Kind.FRAME:
                self._frame(entry)
            case Kind.PAIN:
                self._seen = replace(self._seen, pain=entry.body[0])
            case Kind.TARGET:
                self._seen = replace(self._seen, target=entry.text)
            case Kind.PAUSE | Kind.RESUME:
                self._seen = replace(self._seen, is_paused=entry.kind is Kind.PAUSE)
            case Kind.END:
                self._seen = replace(self._seen, is_over=True)

    def _link(self, entry: Entry) -> None:
        self._links[entry.device] = entry.text == _LIVE
        if self._began_s is None and entry.text == _LIVE:
            self._began_s = entry.at_s

    def _frame(self, entry: Entry) -> None:
        for value in self._sources.feed(entry.device, assigned(entry.characteristic), entry.frame, entry.at_s):
            if value.source.quantity is Quantity.DISTANCE_M:
                self._distances.setdefault(value.source, _Way(value.value)).reach(value.value)


@dataclass(slots=True)
class _Way:
    """How far it went, by a counter that had a figure before, and may begin again."""

    at_m: float
    gone_m: float = 0.0

    def reach(self, at_m: float) -> None:
        self.gone_m += max(0.0, at_m - self.at_m)
        self.at_m = at_m
