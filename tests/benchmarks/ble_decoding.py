"""What it costs to decode a notification, ours against pycycling on the same frames.

    python tests/benchmarks/ble_decoding.py --rounds 9

Frames of real devices where they are there, else some of our own; of each characteristic that pycycling reads, those on
which it does not raise, right or wrong. Both take turns in one process; a ratio is that of CPU time in one round, and
the table has the median round.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from statistics import median
from typing import Any

from corpus import CORPUS, show
from pycycling.cycling_power_service import _parse_cycling_power_measurement
from pycycling.cycling_speed_cadence_service import _parse_csc_measurement
from pycycling.ftms_parsers import parse_indoor_bike_data
from pycycling.heart_rate_service import _parse_hr_measurement

from devices.ble import csc, cycling_power, heart_rate, indoor_bike

Read = Callable[[bytes], Any]
VECTORS = CORPUS.parent / "ble" / "vectors.json"
OURS = {
    "0x2AD2": ["fe02990bc707b2007200f70000140046005d0000", "4400ca0ca0002c01", "540827010000c101000a005000"],
    "0x2A63": ["2c0000009f000c00e542", "0000c800", "0100c80064"],
    "0x2A5B": ["03a4000000184e4000a74c", "03a600000072524100c050"],
    "0x2A37": ["103eb103", "104472038a03", "0048"],
}
READERS: dict[str, tuple[str, Read, Read]] = {
    "0x2AD2": ("Indoor Bike Data", parse_indoor_bike_data, indoor_bike.decode),
    "0x2A63": ("Cycling Power Measurement", _parse_cycling_power_measurement, cycling_power.decode),
    "0x2A5B": ("CSC Measurement", _parse_csc_measurement, csc.decode),
    "0x2A37": ("Heart Rate Measurement", _parse_hr_measurement, heart_rate.decode),
}
_FRAMES = 20_000
"""Of each characteristic in a round: an hour and more of one that sends four times a second."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure decoding notifications.")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="of which the median counts (9)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error("--rounds is 1 or more")
    frames, kind = _frames()
    rows = []
    for number, (name, theirs, ours) in READERS.items():
        both = [each for each in frames[number] if _is_read(theirs, each)]
        measured = [(_us_a_frame(theirs, both), _us_a_frame(ours, both)) for _ in range(rounds)]
        their_us, our_us = (median(times) for times in zip(*measured, strict=True))
        ratio = median(their / our for their, our in measured)
        rows.append((name, str(len(both)), f"{their_us:.2f}", f"{our_us:.2f}", f"{ratio:.1f}"))
    say = sys.stdout.write
    say(
        f"{kind} frames, CPU time; Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n"
    )
    show(("", "frames", "pycycling us", "ours", "ratio"), rows)


def _frames() -> tuple[dict[str, list[bytes]], str]:
    """By characteristic, and whose they are."""
    if not VECTORS.is_file():
        return {number: [bytes.fromhex(frame) for frame in frames] for number, frames in OURS.items()}, "our own"
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    return {
        number: [bytes.fromhex(each["hex"]) for each in vectors if each["characteristic"] == number]
        for number in READERS
    }, "shared"


def _is_read(read: Read, frame: bytes) -> bool:
    with suppress(Exception):
        read(frame)
        return True
    return False


def _us_a_frame(read: Read, frames: Sequence[bytes]) -> float:
    times = _FRAMES // len(frames)
    begun = time.process_time()
    for _ in range(times):
        for frame in frames:
            read(frame)
    return (time.process_time() - begun) / (times * len(frames)) * 1_000_000


if __name__ == "__main__":
    main()
