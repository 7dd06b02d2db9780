"""`coach sync --to`: what a watch or a folder has goes to a server."""

from pathlib import Path

from rich.text import Text

from coach.cli.output import err, out, print_json_line
from coach.errors import CoachError, NotFoundError
from coach.ingest.files import Outcome
from coach.pushing.pushing import Pushed, destination, fill, push
from coach.pushing.queue import Queue
from coach.pushing.server import AwayError
from coach.signs import visible
from config.settings import load_settings
from devices import watches
from devices.fit.sources import Source, find, within


def run(to: str | None, folder: Path | None, missing: str, *, as_json: bool) -> int:
    """The exit code: 1 where a file was refused. `missing` says that no watch is there.

    Raises:
        NotFoundError: there is neither a watch, nor a folder, nor anything that waits.
        CoachError: the server lets nothing in, or is away; what waits is told.
    """
    queue, server = destination(load_settings(), to)
    counts: dict[str, int] = {}
    sources = _sources(folder)
    if not sources and folder is None and not queue.waiting():
        raise NotFoundError(missing)
    with server:
        try:
            for each in fill(queue, sources):
                _tell(each, counts, as_json=as_json)
            for each in push(queue, server):
                _tell(each, counts, as_json=as_json)
        except CoachError as error:
            raise type(error)(f"{error}{_waiting(queue, error)}") from None
    if not as_json:
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        out.print(f"{sum(counts.values())} files{': ' if told else ''}{told}.")
    return 1 if counts.get(Outcome.REFUSED) else 0


def _sources(folder: Path | None) -> list[Source]:
    if folder is not None:
        return find([folder])
    found = watches.find()
    for watch in found:
        err.print(visible(f"{watch.name}: {watch.folder}"), soft_wrap=True)
    return [source for watch in found for source in within(watch.folder)]


def _tell(each: Pushed, counts: dict[str, int], *, as_json: bool) -> None:
    counts[each.outcome] = counts.get(each.outcome, 0) + 1
    if as_json:
        print_json_line({"path": each.name, "sha256": each.sha256, "outcome": each.outcome, "reason": each.reason})
        return
    reason = "" if each.outcome == Outcome.DUPLICATE else each.reason or ""
    out.print(Text(f"{each.outcome:<9} {visible(each.name)}  {visible(reason)}".rstrip()), soft_wrap=True)


def _waiting(queue: Queue, error: CoachError) -> str:
    count = len(queue.waiting())
    goes_on = "the same command goes on from here" if isinstance(error, AwayError) else "then try again"
    return f" {count} file{'' if count == 1 else 's'} wait; {goes_on}." if count else ""
