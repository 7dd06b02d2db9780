"""A backup that is broken off: no half file bears its name, and the next one takes what was left."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from coach.backups import files
from coach.cli import main
from coach.errors import CoachError
from coach.store.engine import open_database

COMMAND = (sys.executable, "-c", "from coach.cli import main; main()")
FILLER_BYTES = 60_000_000


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in os.environ:
        if name.startswith("COACH_") and name != "COACH_SHARED":
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("COACH_HOME", str(home))
    open_database(f"sqlite:///{home / 'coach.db'}").dispose()
    with closing(sqlite3.connect(home / "coach.db", isolation_level=None)) as database:
        database.execute("CREATE TABLE filler (content BLOB)")
        for _ in range(FILLER_BYTES // 1_000_000):
            database.execute("INSERT INTO filler VALUES (randomblob(1000000))")
    return home


def test_killed_in_the_middle(home, tmp_path):
    folder = tmp_path / "safe"
    folder.mkdir()
    backup = subprocess.Popen([*COMMAND, "backup", str(folder / "coach.db")])
    while not any(each.stat().st_size > FILLER_BYTES // 20 for each in folder.iterdir()):
        assert backup.poll() is None
        time.sleep(0.002)
    backup.send_signal(signal.SIGKILL)
    assert backup.wait() == -signal.SIGKILL
    assert not (folder / "coach.db").exists()
    for left in folder.iterdir():
        os.utime(left, (0, 0))  # long ago
    subprocess.run([*COMMAND, "backup", str(folder / "coach.db")], check=True, stdout=subprocess.DEVNULL)
    assert [each.name for each in folder.iterdir()] == ["coach.db"]


def test_without_room(home, tmp_path, monkeypatch, capsys):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk of our own without root's rights")
    try:
        monkeypatch.setattr(sys, "argv", ["coach", "backup", str(disk / "coach.db")])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 1
        assert "full" in capsys.readouterr().err
        assert not list(disk.iterdir())
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_file_that_came_meanwhile_is_left(tmp_path):
    target = tmp_path / "coach.db"
    with pytest.raises(CoachError, match="is there already"), files.appearing(target):
        target.write_text("theirs")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("coach.db", "theirs")]


def test_where_a_file_has_one_name_alone(tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refused)
    with files.appearing(tmp_path / "coach.db") as part:
        part.write_text("mine")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("coach.db", "mine")]
