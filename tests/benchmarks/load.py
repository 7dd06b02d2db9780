"""What a week of many persons asks of the service, and whether it is there in time.

    python tests/benchmarks/load.py --persons 1000
    python tests/benchmarks/load.py --persons 1000 --workers 2
    python tests/benchmarks/load.py --persons 1000 --database postgresql --workers 2

All parts are real and in processes of their own: the service (`coach serve`; of several, the others are `coach run`,
and on SQLite only that one plans and delivers), a mail server, and this one, from which watches bring what they
recorded over HTTP. The service's clock is set from here: it goes as fast as any other, and jumps over the hours in
which nothing is measured. Everybody lives in one time zone, so that all summaries are due in the same minute.

`the week`: some of them live seven days: five sessions each are uploaded in the evening, three of four mornings are
told of, and whatever the rules say goes out. The clock stops where a rule speaks. It gives what a person costs in
messages and bytes.

`the busiest hour`: everybody is there, it is Sunday evening, and uploads come at the rate of an hour in which a share
of all persons (`--busiest`) bring one each; sampled: for `--window` seconds of it, and at least `--uploads` of them, so
that of few persons more come than their share is.

`Monday`: the service starts at 04:00, plans the summaries of all, and words them. Once that is done the clock jumps to
08:00, when everybody is looked at again, and then to 08:30, when they are due; where it lasts longer than until then,
letters are late. From then on uploads come at the same rate.

`the rush` (`--rush N`): all summaries of N persons are due in the same minute, and the night before is not waited for:
some are planned for and worded, the others have copies.

With `--strict` the exit code is 1 where a summary is over ten minutes late, or an upload waits for over a second.
"""

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace

from corpus import show
from crowd import populate
from living import a_week
from mailing import mail_server
from paper import on_paper
from peaks import Model, busiest, monday
from rush import rush
from stack import DATABASES, Clock, Database
from watching import Figures

_OUT_WITHIN_S, _WAITS_AT_MOST_S = 600.0, 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a week of many persons.")
    parser.add_argument(
        "--persons", type=int, default=1000, metavar="N", help="on Monday and in the busiest hour (1000)"
    )
    parser.add_argument("--sample", type=int, default=20, metavar="N", help="who live the week (20)")
    parser.add_argument("--database", choices=tuple(DATABASES), default="sqlite")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes of the service (1)")
    parser.add_argument("--busiest", type=float, default=0.15, help="share who upload in the busiest hour (0.15)")
    parser.add_argument("--window", type=float, default=60, metavar="S", help="of that hour (60)")
    parser.add_argument("--uploads", type=int, default=60, metavar="N", help="at least, in the window (60)")
    parser.add_argument("--rush", type=int, default=0, metavar="N", help="and the rush of so many (none)")
    parser.add_argument("--json", action="store_true", help="figures as an object")
    parser.add_argument("--strict", action="store_true", help="fail past the aims")
    given = parser.parse_args()
    if min(given.persons, given.sample, given.workers, given.window, given.uploads) < 1 or not 0 < given.busiest <= 1:
        parser.error("--persons, --sample, --workers, --window and --uploads are 1 or more, --busiest a share")
    if given.database == "sqlite" and given.workers > 2:
        parser.error("SQLite bears one scheduler, and pages beside it: --workers is 1 or 2")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and all that was started with it
    model = Model(given.persons, given.workers, given.busiest, given.window, given.uploads)
    found = measured(model, given.sample, given.database)
    if given.rush:
        found |= rushed(replace(model, persons=given.rush), given.database)
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        tell_all(found, given.database, model)
        on_paper(found, model.busiest)
    sys.exit(past(found) if given.strict else None)


def measured(model: Model, sample: int, kind: str) -> dict[str, Figures]:
    clock = Clock()
    found: dict[str, Figures] = {}
    with mail_server() as mail:
        with DATABASES[kind]() as database:
            found["the week"] = a_week(database, mail, clock, sample, model.workers)
        with DATABASES[kind]() as database:
            found["made"] = made(database, model.persons)
            found["the busiest hour"] = busiest(database, mail, clock, model)
            found["Monday"] = monday(database, mail, clock, model, found["the busiest hour"]["CPU ms an upload"])
    return found


def rushed(model: Model, kind: str) -> dict[str, Figures]:
    with mail_server() as mail, DATABASES[kind]() as database:
        return {f"the rush of {model.persons:,}": rush(database, mail, Clock(), model)}


def made(database: Database, persons: int) -> Figures:
    began = time.monotonic()
    with database.opened() as engine:
        empty = database.bytes(engine)
        crowd = populate(engine, persons)
        grown = database.bytes(engine) - empty
    return {"s": time.monotonic() - began, "rows a person": crowd.rows, "kB a person": grown / persons / 1000}


def tell_all(found: Mapping[str, Figures], kind: str, model: Model) -> None:
    sys.stdout.write(f"{model.persons:,} persons, {kind}, {model.workers} of the service; ")
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n\n")
    for part, figures in found.items():
        show((part, ""), [(name, f"{figure:,.{_places(figure)}f}") for name, figure in figures.items()])


def _places(figure: float) -> int:
    return 0 if figure >= 100 else 1 if figure >= 10 else 3


def past(found: Mapping[str, Figures]) -> str | None:
    aims = {"s late, at most": _OUT_WITHIN_S, "s an upload waits, at most": _WAITS_AT_MOST_S}
    over = [
        f"{part}, {name}: {figures[name]:.3g}, past {aim:g}"
        for part, figures in found.items()
        for name, aim in aims.items()
        if figures.get(name, 0) > aim
    ]
    return "; ".join(over) or None


if __name__ == "__main__":
    main()
