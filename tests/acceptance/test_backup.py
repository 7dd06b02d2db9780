"""`coach backup` and `coach restore`: a drill, and every way in which it is refused."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from coach.store.contents import TABLES
from coach.store.engine import HEAD
from scheduler.lock import HomeLock


@pytest.fixture
def lived(coach, ada, watch) -> Callable[[], list[Any]]:
    """A week of Ada's, and how to look at it again."""
    coach("import", watch)
    coach("pain", "3")
    weeks = (("week", "2026-W23"), ("activities",), ("plan",), ("nudges",))
    return lambda: [coach(*words, "--json").json for words in weeks]


@pytest.fixture
def taken(coach, lived, tmp_path) -> Path:
    file = tmp_path / "safe" / "coach.db"
    coach("backup", file)
    return file


def test_a_drill(coach, lived, home, taken):
    before = lived()
    for each in home.glob("coach.db*"):
        each.unlink()
    said = coach("restore", taken).out
    assert "counted against the backup" in said
    assert "What was there before" not in said
    assert lived() == before
    assert coach("db", "check", "--json").json["is_sound"]


def _and_the_line_of_it(rows: dict[str, int]) -> dict[str, int]:
    """That a backup was made is told afterwards."""
    return rows | {"access_log": rows["access_log"] + 1}


def test_what_it_tells(coach, lived, tmp_path, home):
    told = coach("backup", tmp_path / "one.db", "--json").json
    assert (told["file"], told["kind"], told["version"]) == (str(tmp_path / "one.db"), "sqlite", HEAD)
    assert told["bytes"] == (tmp_path / "one.db").stat().st_size
    assert _and_the_line_of_it(told["rows"]) == coach("db", "check", "--json").json["rows"]
    assert coach("audit", "--json").json[0]["what"] == "backed_up"
    assert set(told["rows"]) == {each.name for each in TABLES}
    assert stat.S_IMODE((tmp_path / "one.db").stat().st_mode) == 0o600
    said = coach("backup").out
    assert f"The secret key ({home / 'secret.key'}) is not in a backup" in said
    (file,) = (home / "backups").iterdir()
    assert str(file) in said
    folder = tmp_path / "folder"
    folder.mkdir()
    assert Path(coach("backup", folder, "--json").json["file"]).parent == folder


def test_the_present_database_is_set_aside(coach, lived, home, taken):
    coach("log", "level_walk", "20", code=None)
    coach("pain", "5")
    now = lived()
    told = coach("restore", taken, "--json").json
    assert (told["kind"], told["version"], told["file"]) == ("sqlite", HEAD, str(taken))
    assert told["rows"]["person"] == 1
    assert lived() != now
    coach("restore", told["set_aside"])
    assert lived() == now


def test_a_file_that_is_there_is_left(coach, lived, tmp_path):
    (tmp_path / "dear").write_text("diary")
    assert "is there already" in coach("backup", tmp_path / "dear", code=1).err
    assert (tmp_path / "dear").read_text() == "diary"
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert "is there already" in coach("backup", tmp_path / "link", code=1).err


def test_nothing_to_back_up(coach, tmp_path):
    assert "coach setup" in coach("backup", tmp_path / "none.db", code=1).err
    assert not (tmp_path / "none.db").exists()


def test_no_restore_while_a_service_runs(coach, lived, home, taken):
    with HomeLock(home):
        assert "Another scheduler is already running" in coach("restore", taken, code=1).err
    with closing(sqlite3.connect(home / "coach.db")) as other:
        other.execute("SELECT count(*) FROM person").fetchone()
        assert "Something works with the database" in coach("restore", taken, code=1).err
    coach("restore", taken)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _scribbled(file: Path) -> None:
    with file.open("r+b") as opened:
        for at in range(8192, file.stat().st_size, 4096):
            opened.seek(at)
            opened.write(b"\xff" * 200)


def _by_sql(*statements: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            for each in statements:
                database.execute(each)

    return change


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cut, "is damaged"),
        (_scribbled, "is damaged"),
        (lambda file: file.write_text("Dear diary"), "is no backup of the coach"),
        (lambda file: file.write_bytes(b""), "is no backup of the coach"),
        (lambda file: file.unlink(), "There is no file"),
        (_by_sql("DROP TABLE alembic_version"), "is no backup of the coach"),
        (_by_sql("DELETE FROM alembic_version"), "is no backup of the coach"),
        (_by_sql("PRAGMA foreign_keys = OFF", "DELETE FROM person"), "refer to rows that are not there"),
        (_by_sql("UPDATE alembic_version SET version_num = '9999'"), "Install the newer program"),
    ],
)
def test_what_cannot_be_brought_back_changes_nothing(coach, lived, home, taken, spoil, said):
    before, files = lived(), sorted(path.name for path in home.iterdir())
    spoil(taken)
    assert said in coach("restore", taken, code=1).err
    assert lived() == before
    assert [each for each in sorted(path.name for path in home.iterdir()) if each != "scheduler.lock"] == files


def test_an_older_one_is_brought_up_to_date(coach, lived, taken, tmp_path):
    from alembic import command

    from coach.store.engine import alembic_config, opening

    before = lived()
    with opening(f"sqlite:///{taken}") as engine, engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    told = coach("restore", taken, "--json").json
    assert told["version"] < HEAD
    assert coach("db", "check", "--json").json["version"] == HEAD
    assert lived() == before


def test_a_damaged_database_is_set_aside_with_its_log(coach, lived, home, taken):
    before = lived()
    (home / "coach.db").write_bytes(b"rubbish" * 1000)
    (home / "coach.db-wal").write_bytes(b"of its log")
    told = coach("restore", taken, "--json").json
    assert Path(told["set_aside"]).read_bytes() == b"rubbish" * 1000
    assert Path(told["set_aside"] + "-wal").read_bytes() == b"of its log"
    assert lived() == before


def rows(coach) -> dict[str, int]:
    """Without the log: that something was restored is noted in what is restored."""
    told = coach("db", "check", "--json").json["rows"]
    return {table: number for table, number in told.items() if table != "access_log"}


@pytest.mark.postgresql
class TestOfPostgresql:
    @pytest.fixture(autouse=True)
    def _there(self, database_url, postgresql_databases, monkeypatch):
        monkeypatch.setenv("PATH", f"{postgresql_databases.programs}:{os.environ['PATH']}")
        monkeypatch.setenv("COACH_DATABASE_URL", database_url)

    @pytest.fixture
    def lived(self, coach, setup, watch, _there) -> Callable[[], list[Any]]:
        coach(*setup())
        coach("import", watch)
        weeks = (("week", "2026-W23"), ("activities",), ("plan",))
        return lambda: [coach(*words, "--json").json for words in weeks]

    def test_a_drill(self, coach, lived, tmp_path, home):
        before = lived()
        told = coach("backup", tmp_path / "coach.dump", "--json").json
        assert (told["kind"], told["version"]) == ("postgresql", HEAD)
        assert _and_the_line_of_it(told["rows"]) == coach("db", "check", "--json").json["rows"]
        coach("pain", "5")
        changed = rows(coach)
        back = coach("restore", tmp_path / "coach.dump", "--json").json
        assert back["rows"] == told["rows"]
        assert lived() == before
        coach("pain", "2")  # numbers go on where they were
        coach("restore", back["set_aside"])
        assert rows(coach) == changed
        os.truncate(tmp_path / "coach.dump", told["bytes"] * 3 // 4)
        assert "is damaged" in coach("restore", tmp_path / "coach.dump", code=1).err
        assert rows(coach) == changed

    def test_into_an_empty_database(self, coach, lived, tmp_path, postgresql_databases, monkeypatch):
        before = lived()
        coach("backup", tmp_path / "coach.dump")
        with postgresql_databases.empty() as url:
            monkeypatch.setenv("COACH_DATABASE_URL", url)
            assert coach("restore", tmp_path / "coach.dump", "--json").json["set_aside"] is None
            assert lived() == before

    def test_who_works_with_it_keeps_it_from_being_restored(self, coach, lived, tmp_path, database_url):
        import psycopg

        coach("backup", tmp_path / "coach.dump")
        with psycopg.connect(database_url.replace("+psycopg", "")):
            assert "1 others work with the database" in coach("restore", tmp_path / "coach.dump", code=1).err

    def test_one_of_another_kind(self, coach, lived, tmp_path, monkeypatch):
        coach("backup", tmp_path / "coach.dump")
        monkeypatch.delenv("COACH_DATABASE_URL")
        assert "is a backup of PostgreSQL" in coach("restore", tmp_path / "coach.dump", code=1).err

    def test_without_its_programs(self, coach, lived, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "Install the client programs" in coach("backup", tmp_path / "coach.dump", code=1).err
        assert not (tmp_path / "coach.dump").exists()
