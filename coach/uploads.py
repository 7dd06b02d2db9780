"""Files that came over the network become activities. Their names are people's: shown, and never used as paths."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from coach.app import App
from coach.ingest import Ingested, ingest
from coach.signs import visible
from coach.store.tables import Person
from devices.errors import SourceError
from devices.fit.sources import Source, find

_KINDS: Final = (".fit.gz", ".zip", ".fit")
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """What came, and the name that it came with."""

    name: str
    content: BinaryIO


def take(app: App, person: Person, uploads: Iterable[Upload]) -> Iterator[Ingested]:
    """What became of each file, those in archives included, in their order."""
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        kept = [(shown(each.name), keep(each, Path(folder, str(index)))) for index, each in enumerate(uploads)]
        yield from take_files(app, person, kept)


def take_files(app: App, person: Person, files: Iterable[tuple[str, Path]]) -> Iterator[Ingested]:
    """The same for what lies in files, each told of by the name that people know."""
    with closing(ingest(app.engine, person, list(_sources(files)), app.clock)) as results:
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
    return visible(last if len(last) <= _LONGEST_NAME else f"{last[:_LONGEST_NAME]}…")


def _sources(files: Iterable[tuple[str, Path]]) -> Iterator[Source]:
    for name, path in files:
        for source in find([path]):
            yield _renamed(source, str(path), name)


def _renamed(source: Source, path: str, name: str) -> Source:
    def read() -> bytes:
        try:
            return source.read()
        except SourceError as error:
            raise SourceError(visible(str(error).replace(path, name))) from None

    return replace(source, name=visible(source.name.replace(path, name)), read=read)
