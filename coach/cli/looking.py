"""`coach activities`, `coach activity` and `coach plan`: to look at, nothing changes."""

from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.output import clock, kilometres, out, print_json, table, when
from coach.effort.model import Predicate
from coach.plan import Exercise, facts
from coach.signs import visible
from coach.store import activities as stored
from coach.store import people, performances
from coach.store.engine import reading
from coach.store.tables import key


def activities(who: str | None, limit: int | None, *, as_json: bool) -> None:
    with reading(open_app().engine) as session:
        person = people.find_person(session, who)
        found = stored.of_person(session, key(person), limit=limit)
        if as_json:
            print_json([shapes.activity(each) for each in found])
            return
        if not found:
            out.print("Nothing was recorded yet. `coach import PATH` takes FIT files in.")
            return
        zone = ZoneInfo(person.timezone)
        listed = table(">id", "when", "sport", "counts as", ">time", ">distance", "device")
        for each in found:
            row = each.activity
            listed.add_row(
                str(row.id),
                when(row.started_at, zone),
                _sport(row.sport, row.sub_sport),
                facts(Exercise(row.exercise)).one if row.exercise else "–",
                clock(each.best("elapsed_s")),
                kilometres(each.best("distance_m")),
                visible(" ".join(filter(None, (row.manufacturer, row.product))))
                or ("self-report" if row.original_id is None else "–"),
            )
        out.print(listed)


def activity(activity_id: int, who: str | None, *, as_json: bool) -> None:
    with reading(open_app().engine) as session:
        person = people.find_person(session, who)
        measured = stored.one(session, key(person), activity_id)
        efforts = performances.efforts_of([activity_id], session).get(activity_id, {})
        overlaps = stored.overlapping(session, measured.activity)
        if as_json:
            print_json(shapes.activity_in_full(measured, overlaps, efforts))
            return
        row = measured.activity
        out.print(
            Text(
                f"{_sport(row.sport, row.sub_sport)}, {when(row.started_at, ZoneInfo(person.timezone))}",
                "bold",
            )
        )
        out.print(Text(f"counts as {row.exercise or 'nothing in a plan'}: {row.exercise_reason}"))
        sources: tuple[stored.Source, ...] = ("person",) if row.original_id is None else ("device", "coach")
        figures = table("", *(f">{_WHOSE[source]}" for source in sources))
        for name, label in _FIGURES.items():
            told = [getattr(measured.totals.get(source), name, None) for source in sources]
            if any(value is not None for value in told):
                figures.add_row(label, *("–" if value is None else f"{value:,.1f}" for value in told))
        out.print(figures)
        for predicate, effort in sorted(efforts.items(), key=lambda each: _ORDER[each[0]]):
            if effort.spans or effort.note is None:
                out.print(Text(f"{predicate}: {effort.minutes:.1f} min"))
        for remark in dict.fromkeys(effort.note for effort in efforts.values() if effort.note):
            out.print(Text(f"{remark[:1].upper()}{remark[1:]}.", "dim"))
        if (felt := _felt(measured)) is not None:
            out.print(Text(felt))
        if overlaps:
            others = ", ".join(f"#{each}" for each in overlaps)
            out.print(Text(f"There is more than one of this time ({others}); it counts once.", "dim"))
        for note in row.notes:
            out.print(Text(visible(note), "dim"))


def _felt(measured: stored.Measured) -> str | None:
    """What the person told us of effort and water."""
    label = measured.label
    if label is None or (label.borg is None and label.water_c is None):
        return None
    borg = None if label.borg is None else f"felt like {label.borg} of 20"
    water = None if label.water_c is None else f"water of {label.water_c:g} °C"
    return f"You said: {', '.join(filter(None, (borg, water)))}."


_ORDER = {predicate: index for index, predicate in enumerate(Predicate)}
_WHOSE = {"device": "device", "coach": "coach", "person": "self-report"}
_FIGURES = {
    "elapsed_s": "elapsed, s",
    "timer_s": "timer, s",
    "moving_s": "moving, s",
    "distance_m": "distance, m",
    "ascent_m": "ascent, m",
    "avg_heart_rate_bpm": "heart rate, mean",
    "max_heart_rate_bpm": "heart rate, highest",
    "avg_cadence_rpm": "cadence, rpm",
    "avg_power_w": "power, W",
}


def _sport(sport: str, sub_sport: str | None) -> str:
    return sport if sub_sport in (None, "generic") else f"{sport} ({sub_sport})".replace("_", " ")
