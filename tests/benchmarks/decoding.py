"""How fast a FIT file is read, beside fitparse (Python) and fitfast (Rust) on the same files.

    python tests/benchmarks/decoding.py --rounds 5

Ours is the full job: checksum, records, developers' fields, laps, lengths, sessions, all columns looked at. fitparse
hands out its messages, fitfast its dictionaries. Files that one of a pair cannot read are left out of its row. The
lanes take turns in one process; a ratio is that of CPU time in one round, and the table has the median round.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from statistics import median

import fitfast
import fitparse
from corpus import by_fitparse, contents, show

from devices.errors import DeviceError
from devices.fit import fast
from devices.fit.activity import assemble

Lane = Callable[[bytes], object]

_ONCE_EACH = 5  # of the quick lanes, in a round: the best counts


def ours(data: bytes) -> object:
    messages = fast.decode(data)
    for name in messages.records:
        messages.records[name]  # a column is made when it is looked at
    return assemble(messages)


def by_fitfast(data: bytes) -> object:
    return fitfast.parse(data)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure decoding, beside fitparse and fitfast.")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of which the median counts (5)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error("--rounds is 1 or more")
    files, kind = contents()
    files = [data for data in files if _reads(ours, data)]
    rows = []
    for name, theirs, times in ((_named("fitparse"), by_fitparse, 1), (_named("fitfast"), by_fitfast, _ONCE_EACH)):
        both = [data for data in files if _reads(theirs, data)]
        size = sum(map(len, both)) / 1e6
        pairs = [(_cpu_s(theirs, both, times), _cpu_s(ours, both, _ONCE_EACH)) for _ in range(rounds)]
        their_s, our_s = (median(column) for column in zip(*pairs, strict=True))
        ratio = median(theirs_s / ours_s for theirs_s, ours_s in pairs)
        rows.append(
            (
                name,
                f"{len(both)}",
                f"{their_s / len(both) * 1000:,.2f}",
                f"{our_s / len(both) * 1000:,.2f}",
                f"{size / our_s:,.0f}",
                f"{ratio:,.1f}",
            )
        )
    say = sys.stdout.write
    say(f"{kind} files, CPU time; Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    show(("", "files both read", "its ms a file", "ours", "our MB/s", "ratio"), rows)


def _named(package: str) -> str:
    return f"{package} {version(package)}"


def _cpu_s(lane: Lane, files: list[bytes], times: int) -> float:
    """The least CPU time that the lane took for all files, of so many times."""
    return min(_timed(lane, files) for _ in range(times))


def _timed(lane: Lane, files: list[bytes]) -> float:
    begun = time.process_time()
    for data in files:
        lane(data)
    return time.process_time() - begun


def _reads(lane: Lane, data: bytes) -> bool:
    try:
        lane(data)
    except (DeviceError, fitparse.FitParseError, fitfast.FitDecodeError, TypeError, KeyError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
