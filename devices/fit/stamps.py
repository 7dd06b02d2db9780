"""The time of each message, also of those that send only the last five bits of it in their header."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.fit.columnar import Block
from devices.recording import Column

Mask = NDArray[np.bool_]

_COMPRESSED: Final = 0x80
_LOW_BITS: Final = 0x1F


def compressed(block: Block) -> Mask:
    """Which messages send their time in their header."""
    return np.asarray(block.headers & _COMPRESSED != 0)


def complete(blocks: Sequence[Block]) -> None:
    """Give the blocks of a part their whole times.

    A compressed time is the next moment, from the last time in the file on, whose low five bits it has. So all
    messages of a part are looked at together, in the order of the file.
    """
    order = np.argsort(np.concatenate([block.places for block in blocks]), kind="stable")
    times = np.concatenate([block.stamps for block in blocks])[order]
    short = np.concatenate([compressed(block) for block in blocks])[order]
    low = (np.concatenate([block.headers for block in blocks])[order] & _LOW_BITS).astype(np.float64)
    known = np.flatnonzero(short | ~np.isnan(times))
    times[known] = counted(np.where(short, low, times)[known], short[known], _LOW_BITS + 1)
    whole = np.empty_like(times)
    whole[order] = times
    for block, part in zip(blocks, np.split(whole, np.cumsum([len(each.places) for each in blocks])[:-1]), strict=True):
        block.stamps = part


def counted(values: Column, short: Mask, modulus: int) -> Column:
    """A counter of which some values are whole and some only their remainder (`short`), all of them whole.

    A short value is the next one, from the value before it on, that leaves this remainder; before the first stands 0.
    """
    values, short = np.concatenate(([0.0], values)), np.concatenate(([False], short))
    steps = np.where(short, np.mod(np.diff(np.mod(values, modulus), prepend=0.0), modulus), 0.0)
    ran = np.cumsum(steps)
    whole = np.maximum.accumulate(np.where(short, 0, np.arange(len(values))))
    return np.asarray((values[whole] + ran - ran[whole])[1:], dtype=np.float64)
