"""How long each step may take, and why that long. Handed in, so that whoever knows better can say so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds.

    Attributes:
        scan_s: machines advertise every 0.1 to 1 s, and a strap that has just been wetted every 2: each is heard
            several times.
        find_s: a trainer needs some turns of the pedals to wake, and a person needs time to mount.
        slice_s: adapters that scan do not connect: a scan lets go after this, so that one lost sensor does not keep
            the others out. Found, it ends at once.
        connect_s: BlueZ gives up on a connection after 20 to 25 itself; past that it hangs.
        step_s: an answer takes two connection intervals, less than 0.1 s; the protocol would wait for 30.
        silent_s: machines send every 0.25 to 1 s; between 5 and 10 without data a link is dead (a power meter that
            turns again after a rest is back before the person is).
        first_wait_s: BlueZ needs a moment to clear what is left of a link; bleak-retry-connector waits as long.
        longest_wait_s: who is back is to be connected within 2 s, after any number of attempts that failed.
    """

    scan_s: float = 8.0
    find_s: float = 30.0
    slice_s: float = 2.0
    connect_s: float = 25.0
    step_s: float = 5.0
    silent_s: float = 7.0
    first_wait_s: float = 0.25
    longest_wait_s: float = 1.5


USUAL = Timing()
