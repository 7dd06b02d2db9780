"""What the tests of the queue start and kill: a worker whose tasks write down what they do, and take their time.

queue_worker.py URL FILE SECONDS
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from coach.store.engine import open_database
from scheduler import queue
from scheduler.queue import Calls, Pace, Task

SLOW = Task("slow", queue="one", tries=3, wait=timedelta(seconds=0.1))
HARDY = Task("hardy", queue="one", tries=20, wait=timedelta(seconds=0.1))
PACE = Pace(look=timedelta(seconds=0.05), alive=timedelta(seconds=0.3), dead=timedelta(seconds=1.2))


def calls(file: Path, seconds: float) -> Calls:
    return dict.fromkeys((SLOW, HARDY), _writing(file, seconds))


def _writing(file: Path, seconds: float) -> Callable[..., None]:
    def slow(what: int) -> None:
        _write(file, f"begun {what} {os.getpid()}")
        time.sleep(seconds)
        _write(file, f"done {what} {os.getpid()}")

    return slow


def _write(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")


if __name__ == "__main__":
    url, file, seconds = sys.argv[1:]
    engine = open_database(url)
    asyncio.run(queue.work(engine, calls(Path(file), float(seconds)), asyncio.Event(), pace=PACE))
