"""Of PostgreSQL: by its own pg_dump, pg_restore and psql."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Engine, text

from coach.backups import files
from coach.backups.model import Held, damaged, no_backup
from coach.backups.script import CLEARING, Reader
from coach.errors import ConflictError, DatabaseError
from coach.store.contents import TABLES
from coach.store.engine import reached_version

_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)


class PostgresqlBackup:
    suffix = ".dump"
    mark = b"PGDMP"

    def write(self, engine: Engine, part: Path) -> None:
        _run(engine, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")

    def look(self, file: Path, named: Path) -> Held:
        """To the end, for the list at its beginning is whole also where the rest is not."""
        reader = Reader()
        with _script_of(file) as (script, ended):
            for line in script:
                reader.take(line)
            if (said := ended()) is not None:
                raise damaged(named, said)
        if reader.version is None:
            raise no_backup(named, "it has none of its tables")
        return Held(reader.version, {each.name: reader.rows[each.name] for each in TABLES if each.name in reader.rows})

    @contextmanager
    def alone(self, engine: Engine) -> Iterator[None]:
        with engine.connect() as connection:
            others = connection.execute(_OTHERS).scalar_one()
        engine.dispose()
        if others:
            raise ConflictError(
                f"{others} others work with the database. Stop every service and worker, and try again. "
                "Nothing was changed."
            )
        yield

    def put(self, engine: Engine, file: Path, aside: Path) -> Path | None:
        """In one transaction: what was there goes, and this comes, or all stays as it was."""
        is_there = reached_version(engine) is not None
        engine.dispose()
        if is_there:
            with files.appearing(aside) as part:
                self.write(engine, part)
        words = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", "--file=-"]
        with _script_of(file) as (script, ended), _started(engine, "psql", *words) as psql:
            assert psql.stdin is not None  # noqa: S101
            try:
                psql.stdin.write(CLEARING)
                shutil.copyfileobj(script, psql.stdin)
                if (said := ended()) is not None:
                    psql.kill()  # before it hears the end, and keeps what it has
                    raise damaged(file, said)
            except BrokenPipeError:
                pass  # it has stopped, and says why
            _, told = psql.communicate()
        if psql.returncode:
            raise DatabaseError(f"The database did not take it: {_last(told)}. Nothing was changed.")
        return aside if is_there else None


@contextmanager
def _script_of(file: Path) -> Iterator[tuple[IO[bytes], "_Ended"]]:
    """A backup as SQL; at its end can be asked what was wrong with it."""
    command = [_found("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:
        try:
            assert reading.stdout is not None  # noqa: S101
            yield reading.stdout, _Ended(reading)
        finally:
            reading.kill()


class _Ended:
    """None where all went well, else what the program said last."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def __call__(self) -> str | None:
        _, told = self._process.communicate()
        return _last(told) if self._process.returncode else None


@contextmanager
def _started(engine: Engine, program: str, *words: str) -> "Iterator[subprocess.Popen[bytes]]":
    with subprocess.Popen(
        [_found(program), *words, *_where(engine)],
        env=_environment(engine),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _run(engine: Engine, program: str, *words: str) -> None:
    command = [_found(program), *words, *_where(engine)]
    done = subprocess.run(command, env=_environment(engine), capture_output=True, check=False)
    if done.returncode:
        raise DatabaseError(f"{program} could not do it: {_last(done.stderr)}. Nothing of it was kept.")


def _where(engine: Engine) -> list[str]:
    """The address without its password, which a list of processes would show."""
    address = engine.url.set(drivername="postgresql", password=None)
    return [f"--dbname={address.render_as_string(hide_password=False)}"]


def _environment(engine: Engine) -> Mapping[str, str]:
    password = engine.url.password
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise DatabaseError(
            f"PostgreSQL's own `{program}` is needed, and is not in PATH. Install the client programs of your server's "
            "version: `postgresql-client` on Debian and Ubuntu, `postgresql` on Fedora, `libpq` with Homebrew."
        )
    return path


def _last(told: bytes) -> str:
    """Its last line, without the program's name."""
    lines = told.decode(errors="replace").strip().splitlines() or ["it does not say why"]
    return re.sub(r"^(?:\S+: )?(?:error|detail|hint|ERROR): *", "", lines[-1]).rstrip(".")
