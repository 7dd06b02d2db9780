"""`coach import`: files in, one line each, a bar while it lasts."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from coach import shapes
from coach.app import App, open_app
from coach.cli.interrupts import heard_between_steps
from coach.cli.output import clock, err, kilometres, out, print_json_line
from coach.felt import question
from coach.ingest.files import Ingested, Outcome
from coach.ingest.taking import ingest
from coach.plan import Exercise
from coach.signs import visible
from coach.store import people
from coach.store.engine import reading
from coach.store.labels import borg_told
from coach.store.tables import Person, key
from coach.weeks import day_of
from config.messages import catalogue
from devices.fit.sources import Source, find

# To start a worker costs as much as some fifty files; beyond eight, writing is what takes the time.
_WORTH_IT: Final = 100
_MOST_WORKERS: Final = 8

# How hard it felt is remembered for a day or two; who brings in the files of a year is not asked for each.
_REMEMBERED: Final = timedelta(days=2)

_STYLES = {
    Outcome.STORED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.DUPLICATE: "dim",
    Outcome.REFUSED: "red",
}


def run(paths: list[Path], who: str | None, *, again: bool, as_json: bool) -> int:
    """The exit code: 1 where a file was refused."""
    app = open_app()
    return take(app, whose(app, who), lambda: find(paths), again=again, as_json=as_json)


def whose(app: App, who: str | None) -> Person:
    """The person of that name, or the only one there is.

    Raises:
        NotSetUpError, UsageError: as `people.find_person`.
    """
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        session.expunge(person)
        return person


def take(
    app: App, person: Person, find_sources: Callable[[], Sequence[Source]], *, as_json: bool, again: bool = False
) -> int:
    """Import what is found, tell of each file as it is done, and give the exit code: 1 where one was refused."""
    counts = dict.fromkeys(Outcome, 0)
    with _tracking() as track:
        sources = find_sources()
        results = ingest(app.engine, person, sources, app.clock, _workers(len(sources)), again=again)
        # Closed also after Ctrl-C: then the workers are gone before the command is.
        with heard_between_steps() as stop_if_asked, closing(results):
            for result in track(results, len(sources)):
                counts[result.outcome] += 1
                if as_json:
                    print_json_line(shapes.ingested(result))
                else:
                    out.print(described(result), soft_wrap=True)
                    for line in _asked(app, person, result):
                        out.print(Text(line), soft_wrap=True)
                stop_if_asked()
    if not as_json:
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        total = sum(counts.values())
        out.print(f"{total} file{'' if total == 1 else 's'}{': ' if told else ''}{told}.")
    return 1 if counts[Outcome.REFUSED] else 0


def _asked(app: App, person: Person, result: Ingested) -> Iterator[str]:
    """How hard a new session felt, where the plan goes by that and the watch was not told."""
    fresh = [each for each in result.activities if app.clock() - each.activity.ended_at < _REMEMBERED]
    if result.outcome is Outcome.DUPLICATE or not fresh:
        return
    with reading(app.engine) as session:
        for each in fresh:
            row = each.activity
            in_force = people.plan_on(session, key(person), day_of(row.started_at, ZoneInfo(person.timezone)))
            line = question(
                key(row),
                Exercise(row.exercise) if row.exercise else None,
                borg_told(each.label.borg if each.label else None, row.exertion),
                in_force[1] if in_force else None,
                catalogue(person.language),
            )
            if line is not None:
                yield line


def _workers(files: int) -> int:
    """How many processes pay for so many files."""
    cores = os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count()
    return 0 if files < _WORTH_IT else min(cores or 1, _MOST_WORKERS)


@contextmanager
def _tracking() -> Iterator[Callable[[Iterable[Ingested], int], Iterable[Ingested]]]:
    """A bar that results move as they pass, where there is a terminal for it."""
    if not err.is_terminal:
        yield lambda results, _: results
        return
    from coach.cli.bar import tracking

    with tracking() as track:
        yield track


def described(result: Ingested) -> Text:
    told = Text(f"{result.outcome:<9} ", style=_STYLES[result.outcome])
    is_there = result.outcome is Outcome.DUPLICATE and result.activities
    reason = "" if is_there else result.reason or ""
    if not reason.startswith(result.path):  # else the sentence says it
        told.append(f"{visible(result.path)}  ", style="default")
    for each in result.activities:
        row = each.activity
        told.append(
            f"{row.sport} {row.started_at:%Y-%m-%d}, {clock(each.best('elapsed_s'))}, "
            f"{kilometres(each.best('distance_m'))}  ",
            style="default",
        )
    told.append(visible(reason), style="default")
    told.rstrip()
    return told
