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

from coach.cli.weekly import write_whole
from coach.demo import sessions
from coach.errors import CoachError
from devices.fit.write import write

COACH = Path(sys.executable).with_name("coach")
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
    """A disk of 512 KB, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], capture_output=True, check=False
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


def coach(*words: object) -> subprocess.CompletedProcess:
    ended = subprocess.run([COACH, *map(str, words)], capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    return ended


def setup() -> None:
    assert coach("setup", *(word for each in SETUP.items() for word in each)).returncode == 0


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1024)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017
    return filler


def test_a_summary_leaves_the_old_page_whole(home, disk):
    setup()
    page = disk / "page.html"
    assert coach("summary", "2026-W23", "--format", "html", "--out", page).returncode == 0
    before = page.read_bytes()
    filler = fill(disk)
    ended = coach("summary", "2026-W24", "--format", "html", "--out", page)
    assert (ended.returncode, ended.stderr) == (1, f"{page} cannot be written: No space left on device.\n")
    assert page.read_bytes() == before
    assert sorted(disk.iterdir()) == [filler, page]
    filler.unlink()
    assert coach("summary", "2026-W24", "--format", "html", "--out", page).returncode == 0
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


def test_a_letter_that_finds_no_room_is_tried_again(home, disk, monkeypatch):
    setup()
    letters = disk / "letters"
    letters.mkdir()
    (letters / "earlier.eml").write_text("an earlier letter")
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(letters))
    filler = fill(disk)
    ended = coach("tick", "--at", MONDAY, "--json")
    assert ended.returncode == 0
    assert '"state": "pending"' in ended.stdout
    assert "No space left on device" in ended.stdout
    assert [each.name for each in letters.iterdir()] == ["earlier.eml"]
    filler.unlink()
    assert '"state": "sent"' in coach("tick", "--at", "2026-06-08T10:00", "--json").stdout
    assert len(list(letters.glob("*.eml"))) == 2


def test_a_home_without_room_says_so_and_holds_nothing_half(home, disk, tmp_path, monkeypatch):
    monkeypatch.setenv("COACH_HOME", str(disk / "home"))
    setup()
    folder = tmp_path / "watch"
    folder.mkdir()
    for number in range(60):
        start = datetime(2026, 6, 1, number // 5, number % 5 * 10, tzinfo=UTC)
        (folder / f"{number:02}.fit").write_bytes(write(sessions.ride(start, 1 + number % 9)))
    ended = coach("import", folder, "--json")
    assert ended.returncode == 1
    assert "full" in ended.stderr
    assert "What was finished is kept" in ended.stderr
    stored = ended.stdout.count('"outcome": "stored"')
    with closing(sqlite3.connect(disk / "home" / "coach.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        originals = database.execute("SELECT count(*) FROM original").fetchone()[0]
        activities = database.execute("SELECT count(*) FROM activity").fetchone()[0]
    assert 0 < stored == originals == activities < 60
    subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
    again = coach("import", folder, "--json")
    assert again.returncode == 0
    assert again.stdout.count('"outcome": "stored"') == 60 - stored


def test_no_room_for_a_database(disk, home, monkeypatch):
    monkeypatch.setenv("COACH_HOME", str(disk / "home"))
    filler = fill(disk)
    ended = coach("activities")
    assert ended.returncode == 1
    assert "cannot be opened" in ended.stderr
    filler.unlink()
    assert "coach setup" in coach("activities").stderr
