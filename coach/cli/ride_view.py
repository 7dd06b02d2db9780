"""A session as it is seen from the saddle."""

from typing import Final

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from coach.cli.big import big
from coach.plan import Exercise
from coach.riding.picture import Picture
from devices.ble.connections import State
from devices.ble.trainer import Hold

_KEYS: Final = "p pause   0-9 pain (x: 10)   w warning sign   q end"
_KMH_PER_MPS: Final = 3.6
_LAST_SAID: Final = 3
_MARKS: Final = {State.LIVE: ("●", "green"), State.LOST: ("●", "red")}
_BAR: Final = 40


def view(picture: Picture) -> RenderableType:
    """All of it: figures, the plan's item, machines, and what was said last."""
    return Group(
        Columns(_figures(picture), padding=(0, 3)),
        _item(picture),
        Text(" · ").join(_machines(picture)),
        *(Text(sentence) for sentence in picture.said[-_LAST_SAID:]),
        Text(_KEYS, "dim"),
    )


def _figures(picture: Picture) -> list[RenderableType]:
    minutes, seconds = divmod(int(picture.elapsed_s), 60)
    time = _figure("paused" if picture.is_paused else "time", f"{minutes}:{seconds:02}")
    heart = _figure(*_heart(picture))
    if picture.asked.exercise is Exercise.LEVEL_WALK:
        kmh = None if picture.speed_mps is None else picture.speed_mps * _KMH_PER_MPS
        return [time, _figure("km/h", _whole(kmh)), heart]
    hint = picture.cadence_hint
    cadence = _figure("rpm" if hint is None else f"rpm: {hint}", _whole(picture.cadence_rpm), hint and "yellow")
    return [time, _figure(_target(picture), _whole(picture.power_w)), cadence, heart]


def _target(picture: Picture) -> str:
    if picture.hold is Hold.NOT_ASKED:
        return "W"
    held = f", target {picture.target:g}" if picture.target is not None else f", target {picture.hold}"
    return f"W{held}"


def _heart(picture: Picture) -> tuple[str, str, str | None]:
    ceiling, beats = picture.asked.limits.heart_rate_bpm, picture.heart_rate_bpm
    above = ceiling is not None and beats is not None and beats > ceiling
    return ("heart" if ceiling is None else f"heart, up to {ceiling:g}"), _whole(beats), "red" if above else None


def _figure(label: str, value: str, style: str | None = None) -> RenderableType:
    return Panel(Text(big(value), style or "bold", no_wrap=True), title=label, title_align="left", expand=False)


def _whole(value: float | None) -> str:
    return "–" if value is None else str(round(value))


def _item(picture: Picture) -> RenderableType:
    item, left_s = picture.asked.item, picture.left_s
    if item is None or left_s is None:
        return Text("The plan has no item for this.")
    total_s = item.dose.minutes * 60
    minutes, seconds = divmod(round(left_s), 60)
    left = f"{minutes}:{seconds:02} of the plan's {item.dose.minutes} min left"
    row = Table.grid(padding=(0, 1))
    row.add_row(
        ProgressBar(total=total_s, completed=min(picture.active_s, total_s), width=_BAR),
        Text(left if left_s else "the plan's minutes are done"),
    )
    return row


def _machines(picture: Picture) -> list[Text]:
    pain = [] if picture.pain is None else [Text(f"pain {picture.pain}")]
    unsaved = [Text("disk full: in memory", "red")] if picture.waiting_bytes else []
    return [*(_machine(*each) for each in picture.machines), *pain, *unsaved]


def _machine(name: str, state: State) -> Text:
    mark, style = _MARKS.get(state, ("○", "yellow"))
    return Text.assemble((mark, style), f" {name}", ("" if state is State.LIVE else f" {state}", "dim"))
