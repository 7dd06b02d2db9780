"""Files that came over the network become activities. Their names are people's: shown, and never used as paths."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from coach.app import App
from coach.ingest.files import Ingested
from coach.ingest.taking import ingest
from coach.signs import visible
from coach.store.tables import Person
from devices.errors import SourceError
from devices.fit.sources import Source, find, opened

_KINDS: Final = (".fit.gz", ".zip", ".fit")
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """What came, and the name that it came with."""

    name: str
    content: BinaryIO


def take(app: App, person: Person, uploads: Iterable[Upload]) -> Iterator[Ingested]:
    """What became of each file, those in archives included, in their order."""
    with ExitStack() as until_taken:
        yield from _taken(app, person, [source for each in uploads for source in _sources(each, until_taken)])


def take_files(app: App, person: Person, files: Iterable[tuple[str, Path]]) -> Iterator[Ingested]:
    """The same for what lies in files, each told of by the name that people know."""
    yield from _taken(app, person, [source for name, path in files for source in _found(name, path)])


def _taken(app: App, person: Person, sources: Sequence[Source]) -> Iterator[Ingested]:
    with closing(ingest(app.engine, person, sources, app.clock)) as results:
        yield from results


def keep(upload: Upload, stem: Path) -> Path:
    """The content as a file at the stem, with the ending that says what it is."""
    path = stem.with_name(stem.name + kind_of(upload.name))
    with path.open("wb") as file:
        shutil.copyfileobj(upload.content, file)
    return path


def kind_of(name: str) -> str:
    """Its ending, of those that can be read; anything else is looked at as a plain FIT file."""
    return next((each for each in _KINDS if name.lower().endswith(each)), ".fit")


def shown(name: str) -> str:
    """As it is shown: the last part of a path, not too long, and nothing in it that is not seen."""
    last = name.replace("\\", "/").rpartition("/")[2] or "?"
    if len(last) > _LONGEST_NAME:
        ending = kind_of(last) if last.lower().endswith(kind_of(last)) else ""
        last = f"{last[: _LONGEST_NAME - len(ending)]}…{ending}"
    return visible(last)


def _sources(upload: Upload, until_taken: ExitStack) -> Iterable[Source]:
    """Only an archive needs a file: it is opened once for each of its members."""
    name = shown(upload.name)
    if kind_of(upload.name) != ".zip":
        return [opened(name, lambda: nullcontext(upload.content))]
    folder = until_taken.enter_context(tempfile.TemporaryDirectory(prefix="coach-"))
    return _found(name, keep(upload, Path(folder, "archive")))


def _found(name: str, path: Path) -> Iterator[Source]:
    for source in find([path]):
        yield _renamed(source, str(path), name)


def _renamed(source: Source, path: str, name: str) -> Source:
    def read() -> bytes:
        try:
            return source.read()
        except SourceError as error:
            raise SourceError(visible(str(error).replace(path, name))) from None

    return replace(source, name=visible(source.name.replace(path, name)), read=read)
