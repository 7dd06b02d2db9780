"""A `Recording` as a FIT file, laid out as a Garmin device lays it out."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from devices.fit import rows
from devices.fit.clock import FIT_EPOCH
from devices.fit.names import number
from devices.fit.parts import frame
from devices.recording import Device, Recording, Span

_UNIX_S: Final = round(FIT_EPOCH.timestamp())
_LONGEST_NAME: Final = 60  # characters: 240 bytes at worst, of the 255 that a field may have
_APPLICATION: Final = UUID("6d1c2a0e-4b7f-4f0c-9b1e-5c1a7c0ac4ed")
"""Who says so of developers' columns: FIT wants 16 bytes that nobody else has; made up once, kept for good."""
_LOCAL: Final = 1
"""The local message of all that is not a record: records keep local 0 and so their one definition."""


def write(recording: Recording) -> bytes:
    """A whole FIT activity file of one session, which `read` reads back.

    FIT has its own grain: moments to the second, durations to the millisecond, distance 1 cm, altitude 20 cm,
    speed 1 mm/s, cadence 1/128. A value out of FIT's range is written as not known, a sport that FIT does not
    have as generic. Notes have no place in a FIT file.
    """
    start_s = round((recording.start - FIT_EPOCH).total_seconds())
    few = _Few(recording, start_s)
    return frame(
        _encode([few.file_id(), few.sport(), *few.starts_and_stops(), *few.developer_fields()])
        + rows.encode(recording.columns, start_s, recording.developer)
        + _encode([*few.lengths(), *few.laps(), few.session(), few.activity()])
    )


def _encode(messages: Iterable[Any]) -> bytes:
    from fit_tool.fit_file_builder import FitFileBuilder

    builder = FitFileBuilder()
    builder.add_all(list(messages))
    return b"".join(record.to_bytes() for record in builder.records)


def _message(name: str, **fields: object) -> Any:
    """A fit_tool message with these fields set; None, and what FIT has no room for, leaves a field out."""
    from importlib import import_module

    module = import_module(f"fit_tool.profile.messages.{name}_message")
    message = getattr(module, f"{name.title().replace('_', '')}Message")(local_id=_LOCAL)
    for field, value in fields.items():
        if value is not None:
            with suppress(ValueError):  # out of range: a whole ride is worth more than one of its totals
                setattr(message, field, value)
    return message


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


class _Few:
    """All messages of a recording but its records, made by fit_tool."""

    def __init__(self, recording: Recording, start_s: int) -> None:
        from fit_tool.profile import profile_type

        self.recording = recording
        self.start_s = start_s
        self.profile: Any = profile_type
        time_s = recording.column("time_s")
        ends = [
            recording.totals.elapsed_s or 0,
            *(span.end_s for span in recording.timer),
            *([] if time_s is None else time_s[-1:].tolist()),
        ]
        self.end_s = max(ends)

    def file_id(self) -> Any:
        device = self.recording.device
        product = _product(device)
        return _message(
            "file_id",
            type=self.profile.FileType.ACTIVITY,
            manufacturer=number("Manufacturer", device.manufacturer) or self.profile.Manufacturer.DEVELOPMENT.value,
            product=product,
            product_name=device.product[:_LONGEST_NAME] if device.product and product is None else None,
            serial_number=device.serial_number,
            time_created=self._moment(0),
        )

    def sport(self) -> Any:
        """Told once more at the start: a file that is cut off has no session message."""
        return _message(
            "sport",
            sport=self._enum("Sport", self.recording.sport) or self.profile.Sport.GENERIC,
            sub_sport=self._enum("SubSport", self.recording.sub_sport),
        )

    def starts_and_stops(self) -> Iterator[Any]:
        types = self.profile.EventType
        for span in self.recording.timer:
            for moment, event_type in ((span.start_s, types.START), (span.end_s, types.STOP_ALL)):
                timer = self.profile.Event.TIMER
                yield _message("event", timestamp=self._moment(moment), event=timer, event_type=event_type)

    def developer_fields(self) -> Iterator[Any]:
        if self.recording.developer:
            yield _message("developer_data_id", developer_data_index=rows.DEVELOPER, application_id=_APPLICATION.bytes)
        for index, name in enumerate(self.recording.developer):
            yield _message(
                "field_description",
                developer_data_index=rows.DEVELOPER,
                field_definition_number=index,
                fit_base_type_id=rows.FLOAT32,
                field_name=name[:_LONGEST_NAME],
            )

    def lengths(self) -> Iterator[Any]:
        for index, length in enumerate(self.recording.lengths):
            yield _message(
                "length",
                message_index=index,
                event=self.profile.Event.LENGTH,
                length_type=self.profile.LengthType.ACTIVE if length.active else self.profile.LengthType.IDLE,
                swim_stroke=self._enum("SwimStroke", length.stroke),
                total_strokes=length.strokes,
                **self._stretch(length.span),
            )

    def laps(self) -> Iterator[Any]:
        for index, lap in enumerate(self.recording.laps):
            yield _message(
                "lap",
                message_index=index,
                event=self.profile.Event.LAP,
                total_distance=lap.distance_m,
                **self._stretch(lap.span),
            )

    def session(self) -> Any:
        recording, totals = self.recording, self.recording.totals
        whole, fraction = (None, None) if totals.avg_cadence_rpm is None else divmod(totals.avg_cadence_rpm, 1)
        return _message(
            "session",
            message_index=0,
            timestamp=self._moment(self.end_s),
            event=self.profile.Event.SESSION,
            event_type=self.profile.EventType.STOP,
            start_time=self._moment(0),
            sport=self._enum("Sport", recording.sport) or self.profile.Sport.GENERIC,
            sub_sport=self._enum("SubSport", recording.sub_sport),
            total_elapsed_time=totals.elapsed_s,
            total_timer_time=totals.timer_s,
            total_moving_time=totals.moving_s,
            total_distance=totals.distance_m,
            total_ascent=_whole(totals.ascent_m),
            avg_heart_rate=_whole(totals.avg_heart_rate_bpm),
            max_heart_rate=_whole(totals.max_heart_rate_bpm),
            avg_cadence=_whole(whole),
            avg_fractional_cadence=fraction or None,
            avg_power=_whole(totals.avg_power_w),
            pool_length=recording.pool_length_m,
            workout_rpe=None if recording.exertion is None else round(recording.exertion * 10),
            workout_feel=_whole(recording.feeling),
            first_lap_index=0,
            num_laps=len(recording.laps),
        )

    def activity(self) -> Any:
        offset = self.recording.utc_offset
        local = None if offset is None else self.start_s + round(self.end_s) + round(offset.total_seconds())
        return _message(
            "activity",
            timestamp=self._moment(self.end_s),
            total_timer_time=self.recording.totals.timer_s,
            num_sessions=1,
            type=self.profile.Activity.MANUAL,
            event=self.profile.Event.ACTIVITY,
            event_type=self.profile.EventType.STOP,
            local_timestamp=local,
        )

    def _moment(self, since_start_s: float) -> int:
        """fit_tool's time: milliseconds since 1970."""
        return (_UNIX_S + self.start_s + round(since_start_s)) * 1000

    def _stretch(self, span: Span) -> dict[str, object]:
        return {
            "timestamp": self._moment(span.end_s),
            "event_type": self.profile.EventType.STOP,
            "start_time": self._moment(span.start_s),
            "total_elapsed_time": span.duration_s,
            "total_timer_time": span.duration_s,
        }

    def _enum(self, kind: str, name: str | None) -> Any:
        return None if name is None else getattr(self.profile, kind).__members__.get(name.upper())


def _product(device: Device) -> int | None:
    """The product's number: Garmin's have names, others only send digits or a name of their own."""
    if device.product and device.product.isdecimal():
        return int(device.product)
    return number("GarminProduct", device.product) if device.manufacturer == "garmin" else None
