"""A full disk: what was there stays whole, and the person is told."""

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.cli import main
from coach.cli.writing import write_whole
from coach.demo import sessions
from coach.errors import CoachError
from devices.fit.write import write

MONDAY = "2026-06-08T08:30"
SETUP = {
    "--name": "Ada",
    "--timezone": "Europe/Berlin",
    "--condition": "disc_herniation",
    "--diagnosed-by": "Dr Bo",
    "--diagnosed-on": "2026-05-01",
    "--start": "2026-06-01",
}


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A disk of a megabyte, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk of our own without root's rights")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in os.environ:
        if name.startswith("COACH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def coach(monkeypatch, capsys):
    """Run a command in this process: (exit code, stdout, stderr)."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coach", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(left.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def setup(coach):
    def run() -> None:
        assert coach("setup", *(word for each in SETUP.items() for word in each))[0] == 0

    return run


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1024)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017
    return filler


def test_a_summary_leaves_the_old_page_whole(coach, setup, home, disk):
    setup()
    page = disk / "page.html"
    assert coach("summary", "2026-W23", "--format", "html", "--out", page)[0] == 0
    before = page.read_bytes()
    filler = fill(disk)
    code, _, err = coach("summary", "2026-W24", "--format", "html", "--out", page)
    assert (code, err) == (1, f"{page} cannot be written: No space left on device.\n")
    assert page.read_bytes() == before
    assert sorted(disk.iterdir()) == [filler, page]
    filler.unlink()
    assert coach("summary", "2026-W24", "--format", "html", "--out", page)[0] == 0
    assert page.read_bytes() != before


@pytest.mark.parametrize("fails", ["write", "close"])
def test_a_page_that_cannot_be_written_to_its_end(tmp_path, monkeypatch, fails):
    """The same without a disk of our own."""
    page = tmp_path / "page.html"
    page.write_text("old")
    opens = os.fdopen

    def full(*args, **kwargs):
        file = opens(*args, **kwargs)

        class Full:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            def write(self, text):
                file.write(text[:3])
                if fails == "write":
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return Full()

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(CoachError, match=r"page\.html cannot be written: No space left on device"):
        write_whole(page, "new and longer")
    assert page.read_text() == "old"
    assert list(tmp_path.iterdir()) == [page]


def test_a_letter_that_finds_no_room_is_tried_again(coach, setup, home, disk, monkeypatch):
    setup()
    letters = disk / "letters"
    letters.mkdir()
    (letters / "earlier.eml").write_text("an earlier letter")
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(letters))
    filler = fill(disk)
    code, out, _ = coach("tick", "--at", MONDAY, "--json")
    assert code == 0
    assert '"state": "pending"' in out
    assert "No space left on device" in out
    assert [each.name for each in letters.iterdir()] == ["earlier.eml"]
    filler.unlink()
    assert '"state": "sent"' in coach("tick", "--at", "2026-06-08T10:00", "--json")[1]
    assert len(list(letters.glob("*.eml"))) == 2


def test_a_home_without_room_says_so_and_holds_nothing_half(coach, setup, home, disk, tmp_path, monkeypatch):
    monkeypatch.setenv("COACH_HOME", str(disk / "home"))
    setup()
    folder = tmp_path / "watch"
    folder.mkdir()
    for number in range(120):
        start = datetime(2026, 6, 1 + number // 20, number % 20, tzinfo=UTC)
        (folder / f"{number:02}.fit").write_bytes(write(sessions.ride(start, 9 + number % 9)))
    code, out, err = coach("import", folder, "--json")
    assert code == 1
    assert "full" in err
    assert "What was finished is kept" in err
    stored = out.count('"outcome": "stored"')
    with closing(sqlite3.connect(disk / "home" / "coach.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        originals = database.execute("SELECT count(*) FROM original").fetchone()[0]
        activities = database.execute("SELECT count(*) FROM activity").fetchone()[0]
    assert 0 < stored == originals == activities < 120
    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    code, out, _ = coach("import", folder, "--json")
    assert code == 0
    assert out.count('"outcome": "stored"') == 120 - stored


def test_no_room_for_a_database(coach, disk, home, monkeypatch):
    monkeypatch.setenv("COACH_HOME", str(disk / "home"))
    filler = fill(disk)
    code, _, err = coach("activities")
    assert code == 1
    assert "cannot be opened" in err
    filler.unlink()
    assert "coach setup" in coach("activities")[2]
