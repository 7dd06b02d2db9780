"""The command line as a person uses it, in a home of its own."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.main import get_command

from coach.cli import main
from coach.demo import sessions
from devices.fit.write import write

BERLIN = ZoneInfo("Europe/Berlin")
ANSWERS = {
    "--name": "Ada",
    "--email": "ada@example.org",
    "--timezone": "Europe/Berlin",
    "--condition": "disc_herniation",
    "--diagnosed-by": "Dr Bo",
    "--diagnosed-on": "2026-05-01",
    "--relief": "extension",
    "--birth-year": "1970",
    "--resting-hr": "60",
    "--emergency-number": "112",
    "--start": "2026-06-01",
}
"""Every option of `coach setup`, but that on flexion."""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=_no_number)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line, parse_constant=_no_number) for line in self.out.splitlines()]


def _no_number(constant: str) -> None:
    pytest.fail(f"{constant} is not JSON")


Coach = Callable[..., Said]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """COACH_HOME, and no other setting."""
    for name in os.environ:
        if name.startswith("COACH_"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("COACH_HOME", str(home))
    return home


def command(words: list[str]) -> Said:
    """Run a command in this process; it never shows a traceback."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["coach", *words])
        with pytest.raises(SystemExit) as left:
            main()
    assert "Traceback" not in err.getvalue()
    return Said(int(left.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True, scope="session")
def _commands_described_once() -> Iterator[None]:
    """A process does so once; here it would be for every command that is run in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.main.get_command", cache(get_command))
        yield


@pytest.fixture(scope="session")
def coach() -> Coach:
    def run(*words: object, code: int | None = 0) -> Said:
        """`code` None takes any."""
        said = command([str(word) for word in words])
        assert code in {said.code, None}, said
        return said

    return run


def options(**changes: str | None) -> list[str]:
    """`coach setup` and all its options; `diagnosed_by=None` leaves one out."""
    chosen = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    given = [word for name, value in chosen.items() if value is not None for word in (name, value)]
    return ["setup", *given, "--no-flexion-tolerated"]


@pytest.fixture
def setup() -> Callable[..., list[str]]:
    return options


@pytest.fixture(scope="session")
def adas_home(coach, tmp_path_factory) -> Path:
    """A home just after `coach setup`."""
    home = tmp_path_factory.mktemp("ada") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COACH_HOME", str(home))
        coach(*options())
    return home


@pytest.fixture
def ada(home, adas_home) -> None:
    """She has set it up: a copy of that home."""
    shutil.copytree(adas_home, home)


@pytest.fixture(scope="session")
def fits() -> Mapping[str, bytes]:
    """A week of FIT files: a walk, a swim, a ride, and a walk over a hill; 1 June 2026 is a Monday."""

    def at(day: int) -> datetime:
        return datetime(2026, 6, day, 17, 30, tzinfo=BERLIN)

    return {
        "walk": write(sessions.walk(at(1), 12)),
        "swim": write(sessions.swim(at(2), 20)),
        "ride": write(sessions.ride(at(3), 6)),
        "hill": write(sessions.walk(at(4), 15, hill_minutes=6)),
    }


@pytest.fixture
def watch(tmp_path, fits) -> Path:
    """A folder as a watch has it."""
    folder = tmp_path / "watch" / "GARMIN" / "Activity"
    folder.mkdir(parents=True)
    for name, data in fits.items():
        (folder / f"{name}.fit").write_bytes(data)
    return folder.parents[1]


@pytest.fixture
def counts(home) -> Callable[[], dict[str, int]]:
    """How many rows each table has."""
    import sqlite3

    def count() -> dict[str, int]:
        with sqlite3.connect(home / "coach.db") as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608

    return count


@pytest.fixture
def unchanged(counts) -> Callable[[], AbstractContextManager[None]]:
    """What is refused leaves no row behind."""

    @contextmanager
    def check() -> Iterator[None]:
        before = counts()
        yield
        assert counts() == before

    return check


@pytest.fixture
def walked(coach, ada, watch) -> int:
    """The walk of Monday 1 June 2026, 17:30 to 17:42."""
    lines = coach("import", watch, "--json").lines
    return next(line["activities"][0]["id"] for line in lines if Path(line["path"]).stem == "walk")


@pytest.fixture
def week(coach, ada, watch) -> None:
    """All that the watch has of the first week of June 2026."""
    coach("import", watch)
