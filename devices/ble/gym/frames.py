"""What machines send, as bytes: the other side of the decoders, written from the same field tables."""

import struct
from collections.abc import Mapping
from typing import Final

# Flags of Indoor Bike Data and Treadmill Data. Bit 0 is More Data: speed stands only where it is 0.
_MORE_DATA: Final = 1 << 0
_BIKE: Final = {"cadence": 1 << 2, "distance": 1 << 4, "resistance": 1 << 5, "power": 1 << 6, "heart_rate": 1 << 9}
_BELT: Final = {"distance": 1 << 2, "incline": 1 << 3, "heart_rate": 1 << 8}


def _u24(value: float) -> bytes:
    return (round(value) & 0xFFFFFF).to_bytes(3, "little")


def indoor_bike(
    speed_kmh: float | None = None,
    *,
    cadence_rpm: float | None = None,
    distance_m: float | None = None,
    resistance: bytes | None = None,
    power_w: int | None = None,
    heart_rate_bpm: int | None = None,
) -> bytes:
    """Indoor Bike Data, 0x2AD2; what is None is not sent, and without a speed more data follows."""
    fields = {
        "cadence": None if cadence_rpm is None else struct.pack("<H", round(cadence_rpm * 2)),
        "distance": None if distance_m is None else _u24(distance_m),
        "resistance": resistance,
        "power": None if power_w is None else struct.pack("<h", power_w),
        "heart_rate": None if heart_rate_bpm is None else bytes([heart_rate_bpm]),
    }
    return _flagged(speed_kmh, fields, _BIKE)


def treadmill(speed_kmh: float, *, distance_m: float, incline_percent: float) -> bytes:
    """Treadmill Data, 0x2ACD."""
    fields = {"distance": _u24(distance_m), "incline": struct.pack("<hh", round(incline_percent * 10), 0)}
    return _flagged(speed_kmh, fields, _BELT)


def _flagged(speed_kmh: float | None, fields: Mapping[str, bytes | None], bits: Mapping[str, int]) -> bytes:
    sent = {name: data for name, data in fields.items() if data is not None}
    flags = sum(bits[name] for name in sent) | (_MORE_DATA if speed_kmh is None else 0)
    speed = b"" if speed_kmh is None else struct.pack("<H", round(speed_kmh * 100))
    return struct.pack("<H", flags) + speed + b"".join(sent.values())


def cycling_power(power_w: int, crank_revolutions: int, crank_time_s: float) -> bytes:
    """Cycling Power Measurement, 0x2A63, with cranks."""
    return struct.pack("<HhHH", 1 << 5, power_w, crank_revolutions & 0xFFFF, round(crank_time_s * 1024) & 0xFFFF)


def csc(wheel_revolutions: int, wheel_time_s: float, crank_revolutions: int, crank_time_s: float) -> bytes:
    """CSC Measurement, 0x2A5B, with wheel and cranks."""
    wheel = struct.pack("<IH", wheel_revolutions & 0xFFFFFFFF, round(wheel_time_s * 1024) & 0xFFFF)
    crank = struct.pack("<HH", crank_revolutions & 0xFFFF, round(crank_time_s * 1024) & 0xFFFF)
    return bytes([0b11]) + wheel + crank


def rsc(speed_mps: float, steps_per_minute: int) -> bytes:
    """RSC Measurement, 0x2A53."""
    return struct.pack("<BHB", 0, round(speed_mps * 256), steps_per_minute)


def heart_rate(bpm: int) -> bytes:
    """Heart Rate Measurement, 0x2A37, in one byte."""
    return bytes([0, bpm])
