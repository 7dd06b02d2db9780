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
from coach.ingest import Ingested


class FilesPerSecond(ProgressColumn):
    """How fast it goes, over the last seconds."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} files/s", style="progress.data.speed")


@contextmanager
def tracking() -> Iterator[Callable[[Iterable[Ingested], int], Iterable[Ingested]]]:
    """A bar from now on, which results move as they pass; they are so many."""
    with progress() as bar:
        task = bar.add_task("import", total=None)

        def track(results: Iterable[Ingested], total: int) -> Iterator[Ingested]:
            bar.update(task, total=total)
            for result in results:
                bar.advance(task)
                yield result

        yield track


def progress() -> Progress:
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
    )
