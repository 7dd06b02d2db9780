"""The median, without numpy's: that one loads masked arrays first, which takes a command as long as three files."""

import numpy as np

from devices.recording import Column


def median(values: Column) -> float:
    """The value in the middle; the mean of the two where there are two. `values` are some, and all known."""
    half = len(values) // 2
    ordered = np.partition(values, (half - 1, half) if len(values) > 1 else half)
    return float(ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2)
