"""`coach db`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

from rich.text import Text
from sqlalchemy import Engine

from coach.cli import EXIT_FAILED
from coach.cli.output import err, out, print_json, table
from coach.store import moving
from coach.store.contents import counts
from coach.store.engine import HEAD, backend_of, only_reads, open_database, opening, reached_version
from coach.store.engine import upgrade as bring_up_to_date
from config.settings import Settings, load_settings
from scheduler.lock import alone


def check(*, as_json: bool) -> int:
    """The exit code: whether it is up to date and sound."""
    with opening(load_settings().database) as engine:
        version = reached_version(engine)
        with only_reads(engine).connect() as connection:
            backend = backend_of(connection)
            is_sound = backend.is_sound(connection) and not backend.dangles(connection)
            rows = counts(connection)
        engine.dispose()
    if as_json:
        print_json(
            {
                "database": _name(engine),
                "kind": engine.dialect.name,
                "version": version,
                "newest": HEAD,
                "is_newest": version == HEAD,
                "is_sound": is_sound,
                "rows": rows,
            }
        )
    else:
        damaged = "" if is_sound else "; it is damaged"
        out.print(Text(f"{_name(engine)}: {_standing(version)}{damaged}."), soft_wrap=True)
        if not is_sound:
            out.print("Stop the service, and bring the file back from a copy.")
        _show(rows)
    return 0 if is_sound and version == HEAD else EXIT_FAILED


def _standing(version: str | None) -> str:
    if version is None:
        return "nothing in it yet"
    return f"version {version}, the newest" if version == HEAD else f"version {version}, and this program is at {HEAD}"


def _show(rows: dict[str, int]) -> None:
    if rows:
        made = table("table", ">rows")
        for name in sorted(rows):
            made.add_row(name, f"{rows[name]:,}")
        out.print(made)


def upgrade(*, as_json: bool) -> None:
    with opening(load_settings().database) as engine:
        before = reached_version(engine)
        if before != HEAD:
            bring_up_to_date(engine)
        engine.dispose()
    if as_json:
        print_json({"database": _name(engine), "before": before, "version": HEAD})
    else:
        was = {HEAD: "it was already", None: "there was nothing in it"}.get(before, f"it was at {before}")
        out.print(Text(f"{_name(engine)}: version {HEAD}, the newest; {was}."), soft_wrap=True)


def copy(to: str, *, as_json: bool) -> None:
    settings = load_settings()
    address = sys.stdin.readline().strip() if to == "-" else to
    source = open_database(settings.database)
    with opening(address) as target:
        reached_version(target)
    with ExitStack() as ends:
        ends.callback(source.dispose)
        ends.callback(target.dispose)
        ends.enter_context(_alone(settings, source))
        found = moving.copy(source, target, ends.enter_context(_bar(source)))
    if as_json:
        tables = {name: {"rows": each.rows, "sha256": each.sha256} for name, each in found.items()}
        print_json({"from": _name(source), "to": _name(target), "tables": tables})
        return
    _show({name: each.rows for name, each in found.items()})
    out.print(Text(f"Copied, and held against what was copied. {_name(source)} is as it was."), soft_wrap=True)
    out.print(Text(f"To work with the copy, set COACH_DATABASE_URL to {_name(target)}."), soft_wrap=True)


def _alone(settings: Settings, source: Engine) -> AbstractContextManager[object]:
    """What a service sent meanwhile would be sent from the copy, too: on SQLite one cannot run now."""
    if source.dialect.name != "sqlite":
        return nullcontext()
    return alone(settings.home, Path(source.url.database or "").absolute())


@contextmanager
def _bar(source: Engine) -> Iterator[Callable[[int], object]]:
    if not err.is_terminal:
        yield lambda _: None
        return
    from coach.cli.bar import progress

    with progress("rows") as bar:
        task = bar.add_task("copy", total=moving.rows_to_copy(source))
        yield lambda count: bar.advance(task, count)


def _name(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
