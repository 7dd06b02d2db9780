"""How long `coach import FILE` takes from a cold start, beside `python -c "import sqlmodel, numpy"`.

    python tests/benchmarks/cold_start.py --rounds 9

Whole processes that take turns, byte code compiled beforehand as in an installed program; each import is of a file
that is new. The table has the medians.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from corpus import contents, distinct, show

COACH = Path(sys.executable).with_name("coach")
BARE = (sys.executable, "-c", "import sqlmodel, numpy")
SETUP = (COACH, "setup", "--name", "Robin", "--timezone", "Europe/Berlin", "--condition", "disc_herniation")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the import of one file from a cold start.")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="of which the median counts (9)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error("--rounds is 1 or more")
    data = contents()[0][0]
    with tempfile.TemporaryDirectory(prefix="coach-benchmark-") as folder:
        home = Path(folder)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COACH_", "PYTHON"))}
        environment = kept | {"COACH_HOME": str(home / "home"), "PYTHONPYCACHEPREFIX": str(home / "compiled")}
        _wall_s(SETUP, environment)
        times = [
            (_wall_s(BARE, environment), _wall_s((COACH, "import", _new(home, data, number)), environment))
            for number in range(rounds + 1)
        ][1:]  # the first compiles
    bare_s, import_s = (median(column) for column in zip(*times, strict=True))
    ratio = median(ours / bare for bare, ours in times)
    show(
        ("", "s", "ratio"),
        [("import sqlmodel, numpy", f"{bare_s:.2f}", "1.00"), ("coach import FILE", f"{import_s:.2f}", f"{ratio:.2f}")],
    )


def _new(folder: Path, data: bytes, number: int) -> Path:
    path = folder / f"{number}.fit"
    path.write_bytes(distinct(data, number))
    return path


def _wall_s(command: tuple[str | Path, ...], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
