"""`coach import`: files in, one line each, a bar while it lasts."""

from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from coach import shapes
from coach.app import open_app
from coach.cli.output import clock, err, kilometres, out, print_json_line, shares_terminal
from coach.ingest import Ingested, Outcome, ingest
from coach.store import people
from coach.store.engine import reading
from coach.workers import for_so_many
from devices.fit.sources import find

_STYLES = {
    Outcome.STORED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.DUPLICATE: "dim",
    Outcome.REFUSED: "red",
}


def run(paths: list[Path], who: str | None, *, as_json: bool) -> int:
    """The exit code: 1 where a file was refused."""
    app = open_app()
    with reading(app.engine) as session:
        person = people.find_person(session, who)
        session.expunge(person)
    counts = dict.fromkeys(Outcome, 0)
    with _progress() as progress:
        task = progress.add_task("import", total=None)
        sources = find(paths)
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
        out.print(f"{total} file{'' if total == 1 else 's'}: {told}.")
    return 1 if counts[Outcome.REFUSED] else 0


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        redirect_stdout=shares_terminal(),
        disable=not err.is_terminal,
    )


def described(result: Ingested) -> Text:
    told = Text(f"{result.outcome:<9} ", style=_STYLES[result.outcome])
    told.append(result.path, style="default")
    for each in result.activities:
        row = each.activity
        told.append(
            f"  {row.sport} {row.started_at:%Y-%m-%d}, {clock(each.best('elapsed_s'))}, "
            f"{kilometres(each.best('distance_m'))}",
            style="default",
        )
    if result.reason and result.outcome is not Outcome.DUPLICATE:
        told.append(f"  {result.reason}", style="default")
    return told
