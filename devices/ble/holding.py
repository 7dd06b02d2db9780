"""A file held by this process for itself; the operating system lets go of it however the process ends."""

import sys
from contextlib import suppress

if sys.platform == "win32":
    import msvcrt

    def hold(descriptor: int) -> bool:
        """Whether it could be had: nobody else holds it."""
        with suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            return True
        return False
else:
    import fcntl

    def hold(descriptor: int) -> bool:
        """Whether it could be had: nobody else holds it."""
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False
