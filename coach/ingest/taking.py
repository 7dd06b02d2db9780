"""Files are taken in their order: read, appraised where they are new, and handed on to be written."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from time import monotonic
from typing import Final

from sqlalchemy import Engine

from coach.appraisal import Appraisal, Appraiser, Refusal, digest
from coach.ingest.files import File, Ingested
from coach.ingest.writing import hear, not_new, written
from coach.store import activities, labels
from coach.store.bodies import body_of
from coach.store.engine import kept_open, reading
from coach.store.tables import Person, key
from devices.errors import DeviceError
from devices.fit.sources import Source
from scheduler import tally
from scheduler.clock import Clock
from scheduler.tally import Count

# A commit costs as much as reading a file; but nobody should wait for results, or lose more to a power cut.
_BATCH: Final = 20
_BATCH_S: Final = 0.5

_FEW: Final = 3
"""Of more files it is quicker to look up once which contents are there, years of them, than to ask for each."""


def ingest(
    engine: Engine,
    person: Person,
    sources: Sequence[Source],
    clock: Clock,
    workers: int = 0,
    *,
    revisit: bool = False,
    again: bool = False,
) -> Generator[Ingested, None, None]:
    """Take files in their order; one that is refused does not stop the next.

    A contact is noted also where nothing is new: a person whose watch had nothing to bring has synced all the
    same. Where none of the files could be read there was none: a path that is mistyped is no watch. `revisit` is
    for a folder that the program looks through of its own accord: there only a file that is new is a contact. `again`
    takes also what the person deleted.

    `workers` processes decode; 0 decodes here. Writing is done here in any case. Who stops early closes it, so that
    the workers end.
    """
    results = _ingested(engine, person, sources, clock, workers, revisit=revisit, again=again)
    with kept_open(engine), closing(results):
        for each in results:
            tally.count(Count.FILES, each.outcome)
            yield each


def _ingested(
    engine: Engine, person: Person, sources: Sequence[Source], clock: Clock, workers: int, *, revisit: bool, again: bool
) -> Generator[Ingested, None, None]:
    is_known = _known(engine, key(person), len(sources), again=again)
    with reading(engine) as session:
        appraise = Appraiser(body_of(person), labels.memory(labels.said(session, key(person))))
    heard = False
    if not sources and not revisit:
        hear(engine, person, clock())
    refused: dict[str, Refusal] = {}
    batch: list[tuple[File, Appraisal]] = []
    since = monotonic()
    for file, found in _appraised(appraise, _read(sources, is_known), workers):
        if not (heard or revisit or file.sha256 is None or isinstance(found, Appraisal)):
            hear(engine, person, clock())
            heard = True
        if isinstance(found, Appraisal):
            batch.append((file, found))
            if len(batch) < _BATCH and monotonic() - since < _BATCH_S:
                continue
        yield from written(engine, person, batch, clock())
        batch, since = [], monotonic()
        if isinstance(found, Refusal):
            refused[file.sha256 or ""] = found
        if not isinstance(found, Appraisal):
            yield not_new(engine, person, file, refused.get(file.sha256 or ""))
    yield from written(engine, person, batch, clock())


def _known(engine: Engine, person_id: int, files: int, *, again: bool) -> Callable[[str], bool]:
    """What tells whether a content is there. For many files all that are there are looked up at once."""

    def known(among: Sequence[str] | None = None) -> set[str]:
        with reading(engine) as session:
            there = activities.known_hashes(session, person_id, among)
            return there - activities.deleted_hashes(session, person_id) if again and there else there

    return known().__contains__ if files > _FEW else lambda sha256: bool(known([sha256]))


def _read(sources: Sequence[Source], is_known: Callable[[str], bool]) -> Iterator[tuple[File, bytes | None]]:
    """Each file with its bytes; without them where it cannot be read, or is known, or came earlier in this run."""
    came: set[str] = set()
    for source in sources:
        try:
            data = source.read()
        except DeviceError as error:
            yield File(source.name, None, str(error)), None
            continue
        sha256 = digest(data)
        yield File(source.name, sha256), None if sha256 in came or is_known(sha256) else data
        came.add(sha256)


def _appraised(
    appraise: Appraiser, files: Iterator[tuple[File, bytes | None]], workers: int
) -> Iterator[tuple[File, Appraisal | Refusal | None]]:
    """The same files, in order, with what their bytes amount to; None where there are none to look at."""
    if not workers:
        return ((file, None if data is None else appraise(data)) for file, data in files)
    from coach.workers import in_processes  # loads what starts processes

    return in_processes(appraise, files, workers)
