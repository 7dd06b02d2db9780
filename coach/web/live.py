"""A session that is being ridden or walked now: what its journal tells, once as a page and then as it comes."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from coach import units
from coach.accounts.limits import TooOftenError
from coach.riding.watching import Seen, Watch
from coach.store.tables import key
from coach.units import Quantity, Units
from coach.web.visit import Own, Visit
from devices.ble import journals

router: Final = APIRouter()

_EVERY_S: Final = 1.0
"""As often as machines say something new."""
_LASTS_S: Final = 300.0
"""Then the browser asks again by itself, and whoever was signed out meanwhile is not told any more."""
_AT_ONCE: Final = 3
"""Streams of an account: browsers open no more than six connections to a host."""
_RETRY_MS: Final = 2000

# What is shown of a session, in this order.
_SHOWN: Final[Mapping[str, Sequence[str]]] = {
    "cycling": ("elapsed", "power", "target", "cadence", "heart", "speed", "distance"),
    "walking": ("elapsed", "speed", "distance", "heart"),
}


@dataclass(frozen=True, slots=True)
class View:
    """A moment as its page shows it: how it stands, and figures by name."""

    state: str
    pain: str
    figures: Mapping[str, str]

    @property
    def told(self) -> str:
        """As the page's script takes it."""
        return json.dumps({"state": self.state, "pain": self.pain, **self.figures}, separators=(",", ":"))


@router.get("/live")
def live(visit: Own) -> Response:
    path = running(visit)
    seen = None if path is None else Watch(path).look(visit.now)
    return visit.page("live.html.j2", view=None if seen is None or seen.is_over else _view(visit, seen))


@router.get("/live/events")
async def events(visit: Own) -> Response:
    """Server-Sent Events; without a session 204, at which a browser asks no more.

    Raises:
        TooOftenError: they look on from so many places already.
    """
    path = await run_in_threadpool(running, visit)
    if path is None:
        return Response(status_code=204)
    if visit.site.streams[visit.account_id] >= _AT_ONCE:
        raise TooOftenError
    return StreamingResponse(told(visit, path), media_type="text/event-stream")


def running(visit: Visit) -> Path | None:
    """The journal of the session that the person does now."""
    return journals.written_for(visit.app.settings.home, str(key(visit.me)))


async def told(visit: Visit, path: Path) -> AsyncIterator[str]:
    """What changes, each second; the session's end, and this program's, end it at once."""
    streams, stopping, clock = visit.site.streams, visit.site.stopping, visit.app.clock
    loop = asyncio.get_running_loop()
    until_s, watch, before = loop.time() + _LASTS_S, Watch(path), ""
    streams[visit.account_id] += 1
    try:
        yield f"retry: {_RETRY_MS}\n\n"
        while loop.time() < until_s and not stopping.is_set():
            seen = await run_in_threadpool(watch.look, clock())
            if seen.is_over:
                yield "event: over\ndata:\n\n"
                return
            now = _view(visit, seen).told
            yield ": still here\n\n" if now == before else f"data: {now}\n\n"
            before = now
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await stopping.wait()
    finally:
        streams[visit.account_id] -= 1


def _view(visit: Visit, seen: Seen) -> View:
    figures = {
        "elapsed": _clock(seen.elapsed_s),
        "power": _whole(seen.power_w, "W"),
        "target": _target(visit, seen.target),
        "cadence": _whole(seen.cadence_rpm, visit.say("live.rpm")),
        "heart": _whole(seen.heart_rate_bpm, visit.say("live.bpm")),
        "speed": _shown(visit, seen.speed_mps, Quantity.SPEED),
        "distance": _shown(visit, seen.distance_m, Quantity.DISTANCE),
    }
    return View(
        state=_state(visit, seen),
        pain="" if seen.pain is None else visit.say("live.pain", score=seen.pain),
        figures={name: figures[name] for name in _SHOWN.get(seen.sport, tuple(figures))},
    )


def _state(visit: Visit, seen: Seen) -> str:
    if seen.lost:
        return visit.say("live.lost", machines=", ".join(seen.lost))
    if seen.elapsed_s is None:
        return visit.say("live.seeking")
    return visit.say("live.paused" if seen.is_paused else "live.recording")


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _whole(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.0f} {unit}"


def _target(visit: Visit, target: str) -> str:
    figure, _, unit = target.partition(" ")
    return f"{figure} {visit.say('live.levels') if unit == 'levels' else unit}" if figure else "–"


def _shown(visit: Visit, value: float | None, quantity: Quantity) -> str:
    return units.shown(value, quantity, Units(visit.me.units), visit.words.messages)
