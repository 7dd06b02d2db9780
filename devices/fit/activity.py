"""`Messages` -> `Recording`s, one for each session."""

from collections.abc import Sequence

from devices.errors import DamagedFitError, FitError, NotAnActivityError
from devices.fit import spans
from devices.fit.clock import clock
from devices.fit.columns import between, columns, developer, in_time
from devices.fit.messages import Messages, Row, duration, number, text
from devices.fit.names import device, name
from devices.fit.sessions import windows
from devices.recording import Length, Recording, Totals


def assemble(messages: Messages) -> tuple[Recording, ...]:
    """The recordings of a file in order of time; never none.

    Raises:
        NotAnActivityError: a FIT file of another kind.
        DamagedFitError: no session and nothing to make one of, more of them than anybody recorded, or no date.
    """
    _check_kind(messages)
    records, moved = in_time(messages.records)
    sessions = windows(messages, records)
    if not sessions:
        raise _nothing(messages)
    time = clock(messages, sessions[0].start, sessions[-1].end)
    maker = device(messages.first("file_id"))
    recordings = []
    stretches = zip(*(of(messages, sessions) for of in (spans.timers, spans.laps, spans.lengths)), strict=True)
    for session, (timer, laps, lengths) in zip(sessions, stretches, strict=True):
        sport = _sport(session.row, messages)
        pool_length_m = number(session.row, "pool_length") or None
        within = between(records, session.since, session.until)
        recordings.append(
            Recording(
                sport=name("Sport", text(sport, "sport")) or "generic",
                sub_sport=name("SubSport", text(sport, "sub_sport")),
                start=time.date(session.start),
                device=maker,
                totals=_totals(session.row, lengths, pool_length_m),
                columns=columns(within, session.start),
                developer=developer(within),
                timer=timer,
                laps=laps,
                lengths=lengths,
                pool_length_m=pool_length_m,
                exertion=number(session.row, "workout_rpe"),
                feeling=number(session.row, "workout_feel"),
                utc_offset=time.utc_offset,
                notes=tuple(note for note in (time.note, session.note, moved) if note),
            )
        )
    return tuple(recordings)


def _check_kind(messages: Messages) -> None:
    kinds = [kind for row in messages.of("file_id") if (kind := text(row, "type"))]
    if kinds and "activity" not in kinds:
        raise NotAnActivityError(
            f"This FIT file is of the kind '{kinds[0]}' and holds no activity. "
            "Activities lie in the device's folder GARMIN/Activity, or come from its app: 'export original'."
        )


def _nothing(messages: Messages) -> FitError:
    damage = messages.damage
    if damage is None:
        return DamagedFitError("The file holds no session and no records, so there is nothing to save.")
    return DamagedFitError(f"Nothing in the file could be saved. {damage.reason}", offset=damage.offset)


def _sport(session: Row, messages: Messages) -> Row:
    """The row that says the sport: the session, or else the `sport` message, or a lap."""
    rows = (session, messages.first("sport"), messages.first("lap"))
    return next((row for row in rows if "sport" in row), {})


def _totals(row: Row, lengths: Sequence[Length], pool_length_m: float | None) -> Totals:
    """The device's own totals. A distance or a heart rate of 0 is one that was not measured."""
    swum_m = (pool_length_m or 0) * sum(length.active for length in lengths)
    cadence = number(row, "avg_cadence", "avg_running_cadence")
    fraction = number(row, "avg_fractional_cadence") or 0
    return Totals(
        elapsed_s=duration(row, "total_elapsed_time"),
        timer_s=duration(row, "total_timer_time"),
        moving_s=duration(row, "total_moving_time"),
        distance_m=number(row, "total_distance") or swum_m or None,
        ascent_m=number(row, "total_ascent"),
        avg_heart_rate_bpm=number(row, "avg_heart_rate") or None,
        max_heart_rate_bpm=number(row, "max_heart_rate") or None,
        avg_cadence_rpm=None if cadence is None else cadence + fraction,
        avg_power_w=number(row, "avg_power"),
    )
