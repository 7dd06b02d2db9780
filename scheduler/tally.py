"""What this process has counted since it started: for whoever watches it from outside."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from threading import Lock


class Count(StrEnum):
    """What is counted, each by one label that names no person."""

    REQUESTS = "requests"  # by the status of the answer
    FILES = "files"  # by what became of them
    JOBS_FAILED = "jobs_failed"  # by the job
    TASKS_DONE = "tasks_done"  # by the task
    TASKS_FAILED = "tasks_failed"  # each try; likewise


_lock = Lock()
_counted: Counter[tuple[Count, str]] = Counter()


def count(what: Count, label: str) -> None:
    """One more; from any thread."""
    with _lock:
        _counted[what, label] += 1


def counted() -> Mapping[tuple[Count, str], int]:
    """As it is now."""
    with _lock:
        return dict(_counted)
