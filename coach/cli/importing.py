"""`coach import`: files in, one line each, a bar while it lasts."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from coach import shapes
from coach.app import App, open_app
from coach.cli.output import clock, err, kilometres, out, print_json_line, shares_terminal
from coach.ingest import Ingested, Outcome, ingest
from coach.signs import visible
from coach.store import people
from coach.store.engine import reading
from coach.store.tables import Person
from coach.workers import for_so_many
from devices.fit.sources import Source, find

_STYLES = {
    Outcome.STORED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.DUPLICATE: "dim",
    Outcome.REFUSED: "red",
}


def run(paths: list[Path], who: str | None, *, as_json: bool) -> int:
    """The exit code: 1 where a file was refused."""
    app = open_app()
    return take(app, whose(app, who), lambda: find(paths), as_json=as_json)


def whose(app: App, who: str | None) -> Person:
    """The person of that name, or the only one there is.

    Raises:
        NotSetUpError, UsageError: as `people.find_person`.
    """
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        session.expunge(person)
        return person


def take(app: App, person: Person, find_sources: Callable[[], Sequence[Source]], *, as_json: bool) -> int:
    """Import what is found, tell of each file as it is done, and give the exit code: 1 where one was refused."""
    counts = dict.fromkeys(Outcome, 0)
    with _progress() as progress:
        task = progress.add_task("import", total=None)
        sources = find_sources()
        progress.update(task, total=len(sources))
        for result in ingest(app.engine, person, sources, app.clock, for_so_many(len(sources))):
            counts[result.outcome] += 1
            progress.advance(task)
            if as_json:
                print_json_line(shapes.ingested(result))
            else:
                out.print(described(result), soft_wrap=True)
    if not as_json:
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        total = sum(counts.values())
        out.print(f"{total} file{'' if total == 1 else 's'}{': ' if told else ''}{told}.")
    return 1 if counts[Outcome.REFUSED] else 0


class FilesPerSecond(ProgressColumn):
    """How fast it goes, over the last seconds."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} files/s", style="progress.data.speed")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        FilesPerSecond(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=err,
        transient=True,
        redirect_stdout=shares_terminal(),
        disable=not err.is_terminal,
    )


def described(result: Ingested) -> Text:
    told = Text(f"{result.outcome:<9} ", style=_STYLES[result.outcome])
    reason = "" if result.outcome is Outcome.DUPLICATE else result.reason or ""
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
