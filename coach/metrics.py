"""Figures of the service, in the text format of Prometheus (version 0.0.4). No label is a person's."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from coach import tasks
from coach.app import App
from coach.store.engine import reading
from scheduler import backlog, queue, tally
from scheduler.tables import State
from scheduler.tally import Count

MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"

# A day has every hour in it, and is forgotten soon enough for an alarm to end.
_SPAN: Final = timedelta(days=1)
# Clinical rules, section 9: within 15 minutes.
_LATE: Final = timedelta(minutes=15)

_QUEUES: Final = tuple(task.queue for task in tasks.TASKS)

_STATM: Final = Path("/proc/self/statm")

Sample = tuple[Mapping[str, str], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One name with its samples."""

    name: str
    kind: str
    told: str
    samples: Sequence[Sample]


_COUNTED: Final[Mapping[Count, tuple[str, str, str]]] = {
    Count.REQUESTS: ("coach_requests_total", "status", "Answers to requests, by their status."),
    Count.FILES: ("coach_files_total", "outcome", "Files that were to be imported, by what became of them."),
    Count.JOBS_FAILED: ("coach_jobs_failed_total", "job", "Runs of a job that ended in an error."),
    Count.TASKS_DONE: ("coach_tasks_done_total", "task", "Tasks that were done."),
    Count.TASKS_FAILED: (
        "coach_tasks_failed_total",
        "task",
        "Tries of a task that ended in an error, or were dropped.",
    ),
}


def exposition(app: App) -> str:
    """All there is to tell now."""
    return "".join(line for each in (*_of_process(), *_of_counts(), *_of_database(app)) for line in _lines(each))


def _of_counts() -> Iterator[Metric]:
    now = tally.counted()
    for what, (name, label, told) in _COUNTED.items():
        samples = [({label: value}, float(number)) for (each, value), number in sorted(now.items()) if each is what]
        yield Metric(name, "counter", told, samples)


def _of_database(app: App) -> Iterable[Metric]:
    now = app.clock()
    with reading(app.engine) as session:
        rules = backlog.by_rule(session, now - _SPAN, _LATE)
        wait = backlog.oldest_wait(session, now)
        waiting = {each.queue: each for each in queue.waiting(session.connection())}
    states = [({"rule": of.rule, "state": state.value}, float(of.states[state])) for of in rules for state in State]
    late = [({"rule": of.rule}, float(of.late)) for of in rules]
    worst = [({"rule": of.rule}, of.worst.total_seconds()) for of in rules]
    numbers = [({"queue": each}, float(waiting[each].number) if each in waiting else 0.0) for each in _QUEUES]
    ages = [({"queue": each}, waiting[each].oldest.total_seconds() if each in waiting else 0.0) for each in _QUEUES]
    return (
        Metric("coach_tasks_waiting", "gauge", "Tasks that might be done by now, by queue.", numbers),
        Metric("coach_task_oldest_wait_seconds", "gauge", "Age of the oldest of those, by queue.", ages),
        Metric("coach_deliveries", "gauge", "Deliveries of nudges due in the last day, by rule and state.", states),
        Metric("coach_deliveries_late", "gauge", "Of those, sent more than 15 minutes after they might go.", late),
        Metric("coach_delivery_lateness_seconds_max", "gauge", "Of those, how late the latest was sent.", worst),
        Metric(
            "coach_delivery_oldest_wait_seconds",
            "gauge",
            "Age of the oldest delivery that might go.",
            [({}, wait.total_seconds())],
        ),
    )


def _of_process() -> Iterator[Metric]:
    yield Metric("process_cpu_seconds_total", "counter", "Time of the processor.", [({}, time.process_time())])
    if (memory := _memory_bytes()) is not None:
        yield Metric("process_resident_memory_bytes", "gauge", "Memory that is in use.", [({}, memory)])


def _memory_bytes() -> float | None:
    """None where the system does not say."""
    try:
        import resource

        return float(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except (ImportError, OSError):
        return None


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.told}\n# TYPE {metric.name} {metric.kind}\n"
    for labels, value in metric.samples:
        inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{metric.name}{f'{{{inside}}}' if inside else ''} {value!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
