"""Heart rate that a strap recorded under water, and sent to the watch afterwards as `hr` messages.

Most of them hold eight beats, each with the low twelve bits of the strap's own clock (1/1024 s); now and then one
holds the whole clock and the time of day.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.fit.columnar import Block
from devices.fit.layout import Slot
from devices.fit.stamps import counted
from devices.recording import Column

_TIME256, _BPM, _CLOCK, _CLOCK_12 = 1, 6, 9, 10  # fields of `hr` in the profile
_FRACTION: Final = 0
_TICKS_PER_S: Final = 1024
_MODULUS: Final = 1 << 12
_NO_BEAT: Final = 255
_FRESH_S: Final = 5.0
"""A beat says something of the heart for so long; straps send one every second or so."""


class _Beats(NamedTuple):
    """Beats of some messages: place in the file, clock in ticks, whether only its low bits, time of day or NaN."""

    places: NDArray[np.intp]
    ticks: Column
    short: NDArray[np.bool_]
    time: Column
    bpm: Column


def filled(heart_rate: Column | None, stamps: Column, blocks: Sequence[Block]) -> Column | None:
    """The heart rate of records, with the strap's where the watch had none.

    Args:
        heart_rate: as recorded, beats a minute, NaN where none; None for no column at all.
        stamps: the records' times.
        blocks: of `hr` messages.
    """
    beats = [each for block in blocks for each in _beats(block)]
    if not beats:
        return heart_rate
    order = np.argsort(np.concatenate([each.places for each in beats]), kind="stable")
    ticks = np.concatenate([each.ticks for each in beats])[order]
    short = np.concatenate([each.short for each in beats])[order]
    time = np.concatenate([each.time for each in beats])[order]
    bpm = np.concatenate([each.bpm for each in beats])[order]
    at = counted(ticks, short, _MODULUS) / _TICKS_PER_S
    # Each whole clock tells how far the strap's time is from that of day, until the next one does.
    anchor = np.maximum.accumulate(np.where(np.isnan(time), -1, np.arange(len(time))))
    sure = (anchor >= 0) & (bpm != _NO_BEAT) & (bpm > 0)
    at = (at + (time - at)[anchor])[sure]
    by_time = np.argsort(at, kind="stable")
    at, bpm = at[by_time], bpm[sure][by_time]
    known = heart_rate if heart_rate is not None else np.full(len(stamps), np.nan)
    if not len(at):
        return heart_rate
    before = np.searchsorted(at, stamps, side="right") - 1
    near = (before >= 0) & (stamps - at[np.maximum(before, 0)] <= _FRESH_S)
    return np.where(~(known > 0) & near, bpm[np.maximum(before, 0)], known)


def _beats(block: Block) -> Iterator[_Beats]:
    slots = {slot.number: slot for slot in block.layout.native if slot.values}
    if _BPM not in slots:
        return
    bpm = _matrix(block, slots[_BPM])
    if _CLOCK in slots:
        ticks = _matrix(block, slots[_CLOCK])
        whole_time = np.full(ticks.shape, np.nan)
        whole_time[:, 0] = block.stamps + _fraction(block, slots)
        short = False
    elif _CLOCK_12 in slots:
        ticks = _twelve_bits(_matrix(block, slots[_CLOCK_12]).astype(np.int64))
        whole_time = np.full(ticks.shape, np.nan)
        short = True
    else:
        return
    width = min(ticks.shape[1], bpm.shape[1])
    yield _Beats(
        places=np.repeat(block.places, width),
        ticks=ticks[:, :width].ravel().astype(np.float64),
        short=np.full(len(block.places) * width, short),
        time=whole_time[:, :width].ravel(),
        bpm=bpm[:, :width].ravel().astype(np.float64),
    )


def _fraction(block: Block, slots: dict[int, Slot]) -> Column | float:
    """The part of a second that `timestamp` leaves out."""
    for number, parts in ((_FRACTION, 32768), (_TIME256, 256)):
        if number in slots:
            raw = _matrix(block, slots[number])[:, 0].astype(np.float64)
            return np.where(raw == slots[number].base.invalid, 0.0, raw / parts)
    return 0.0


def _matrix(block: Block, slot: Slot) -> NDArray[np.generic]:
    return block.raw(slot).reshape(len(block.places), -1)


def _twelve_bits(sent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Two clocks in each three bytes, the low bits first."""
    whole = sent[:, : sent.shape[1] // 3 * 3].reshape(len(sent), -1, 3)
    first = whole[:, :, 0] | (whole[:, :, 1] & 0x0F) << 8
    second = whole[:, :, 1] >> 4 | whole[:, :, 2] << 4
    return np.stack([first, second], axis=2).reshape(len(sent), -1)
