"""Forks processes of the program from one that has all its modules, each there to be killed.

clinic.py CLOCK: for each line on stdin, `{"environment": {...}, "words": [...], "said": FILE}`, it says the number of
the process that runs `coach WORDS`. The moment stands in the file CLOCK. What the process says goes to FILE, and once
it has ended its exit code to FILE.NUMBER. A service sweeps ten times a second, and a worker gives nobody up late.
"""

import ctypes
import gc
import json
import os
import signal
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import coach.cli.commands
import coach.cli.pushing
import coach.cli.serving
import coach.service
import coach.web.pages
import coach.working
import scheduler.channels.email
import scheduler.queue_postgresql  # noqa: F401 (with all that a worker loads)
from coach.cli import main
from coach.service import Service, open_service
from scheduler import queue
from scheduler.queue import Pace

CLOCK: Final = Path(sys.argv[1])
OFTEN: Final = timedelta(seconds=0.1)
PACE: Final = Pace(look=OFTEN, alive=timedelta(seconds=0.5), dead=timedelta(seconds=2))
_DIE_WITH_PARENT: Final = 1  # of prctl(2)
PLANNED: Final = "planned"
"""In the home: the last moment at which a service that sweeps alone has planned."""


def clock() -> datetime:
    return datetime.fromisoformat(CLOCK.read_text(encoding="utf-8"))


def plan_and_say(service: Service, plan=Service._plan_some) -> int:
    now, new = service.clock(), plan(service)
    beside = service.settings.home / f"{PLANNED}.new"
    beside.write_text(now.isoformat(), encoding="utf-8")
    beside.replace(service.settings.home / PLANNED)
    return new


def hurry() -> None:
    """The rhythm is the only thing that is not the program's own."""
    coach.cli.serving.open_service = partial(open_service, clock)
    coach.service.PLAN_EVERY = coach.service.WORD_EVERY = coach.service._DELIVER_EVERY = OFTEN
    coach.service.KEEP_EVERY = timedelta(seconds=1)
    queue.work = partial(queue.work, pace=PACE)
    Service._plan_some = plan_and_say


def run(environment: dict[str, str], words: list[str], said: str) -> int:
    os.setsid()
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)  # nobody is left where a run of tests is cut off
    log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.update(environment)
    sys.argv = ["coach", *words]
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def fork() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            given = json.loads(line)
            code = run(**given)
            sys.stdout.flush()
            sys.stderr.flush()
            Path(f"{given['said']}.{os.getpid()}").write_text(str(code), encoding="utf-8")
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    hurry()
    fork()
