"""The bar of a long import. Loaded only where there is a terminal for it: it takes as long as importing a few files."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

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

from coach.cli.output import err, shares_terminal
from coach.ingest.files import Ingested


class PerSecond(ProgressColumn):
    """How fast it goes, over the last seconds."""

    def __init__(self, things: str) -> None:
        super().__init__()
        self._things = things

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} {self._things}/s", style="progress.data.speed")


@contextmanager
def tracking() -> Iterator[Callable[[Iterable[Ingested], int], Iterable[Ingested]]]:
    """A bar from now on, which results move as they pass; they are so many."""
    with progress("files") as bar:
        task = bar.add_task("import", total=None)

        def track(results: Iterable[Ingested], total: int) -> Iterator[Ingested]:
            bar.update(task, total=total)
            for result in results:
                bar.advance(task)
                yield result

        yield track


def progress(things: str) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        PerSecond(things),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=err,
        transient=True,
        redirect_stdout=shares_terminal(),
    )
