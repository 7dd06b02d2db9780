"""Which way of measuring an effort came from."""

from typing import Final

ALGORITHM: Final = 2
"""Kept with every activity. It goes up by one in the change that makes any recording measure differently: other spans
of a predicate, a new predicate, another exercise for a sport, or a threshold that measuring uses. Words of notes do not
count. `coach replay` then tells what differs; what was stored stays until it is measured again.

1: moving, fast, uphill, steep, pedalling, swimming.
2: intensity, downhill, strokes and timer minutes; treadmill walks; devices known to have no barometer.
"""
