"""How pages name a session: what it was, when, and what recorded it."""

from datetime import UTC, datetime

from coach.effort.cadence import steps_per_minute
from coach.plan import Exercise, facts
from coach.signs import visible
from coach.store.activities import Measured
from coach.store.tables import Activity
from coach.units import Quantity, Units, shown
from coach.web.visit import Visit
from config.messages.calendar import weekday, whole
from devices.recording import Column

UNKNOWN = "–"


def what(row: Activity, visit: Visit) -> str:
    """`Walk`; for what no plan asks for its sport."""
    if row.exercise is not None:
        name = facts(Exercise(row.exercise), visit.words.messages).one
    elif visit.words.own.has(f"sport.{row.sport}"):
        name = visit.say(f"sport.{row.sport}")
    else:
        name = visible(row.sport).replace("_", " ")
    return name[:1].upper() + name[1:]


def when(at: datetime, visit: Visit) -> str:
    """`Thursday, 4 June 2026, 14:48`."""
    local, words = at.astimezone(visit.zone), visit.words.messages
    day = whole(local.date(), words)
    return visit.say("sessions.when", weekday=weekday(local.date(), words), day=day, time=f"{local:%H:%M}")


def clock_at(posix_s: float, visit: Visit) -> str:
    return f"{datetime.fromtimestamp(posix_s, UTC).astimezone(visit.zone):%H:%M:%S}"


def in_short(measured: Measured, visit: Visit) -> tuple[str, ...]:
    """`25 min`, `1.17 km`, `Garmin fenix5`: what of it is known."""
    seconds, metres = measured.best("timer_s") or measured.best("elapsed_s"), measured.best("distance_m")
    told = (
        None if seconds is None else visit.say("sessions.minutes", minutes=round(seconds / 60)),
        None if not metres else shown(metres, Quantity.DISTANCE, Units(visit.me.units), visit.words.messages),
        _device(measured.activity, visit),
    )
    return tuple(filter(None, told))


def _device(row: Activity, visit: Visit) -> str:
    if row.original_id is None:
        return visit.say("sessions.by_hand")
    product = None if (row.product or "").isdigit() else row.product  # a number that only its maker knows
    name = visible(" ".join(filter(None, (row.manufacturer, product))))
    return name[:1].upper() + name[1:] if name else visit.say("sessions.some_device")


def duration(seconds: float | None) -> str:
    """`1:02:03`."""
    if seconds is None:
        return UNKNOWN
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def figure(value: float | None, visit: Visit, digits: int = 0) -> str:
    return UNKNOWN if value is None else f"{value:.{digits}f}".replace(".", visit.words.messages.text("number.point"))


def cadence_name(row: Activity) -> str:
    """What a device counts: steps, turns of the pedals, strokes; as the name of a text."""
    if row.exercise == Exercise.LEVEL_WALK or row.sport in {"walking", "hiking", "running"}:
        return "steps"
    return "turns" if row.sport in {"cycling", "fitness_equipment"} else "strokes"


def cadence(row: Activity, values: Column) -> Column:
    """As people count it: steps of both legs."""
    return steps_per_minute(values) if cadence_name(row) == "steps" else values
