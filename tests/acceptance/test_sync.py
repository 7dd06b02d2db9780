"""`coach sync`: the watch that is plugged in."""

import sqlite3
from pathlib import Path

import pytest

from devices import watches


@pytest.fixture
def media(tmp_path, monkeypatch) -> Path:
    """Where drives appear; nothing is plugged in."""
    media = tmp_path / "media"
    media.mkdir()
    monkeypatch.setattr(watches, "ROOTS", (media,))
    return media


@pytest.fixture
def plugged(media, watch) -> Path:
    """The folder with the sessions of a watch that is plugged in."""
    return watch.rename(media / "GARMIN") / "GARMIN" / "Activity"


def contacts(home: Path) -> list[str]:
    with sqlite3.connect(home / "coach.db") as database:
        return [at for (at,) in database.execute("SELECT at FROM contact")]


def test_what_is_new_comes_in(coach, ada, plugged):
    said = coach("sync", "--json")
    assert said.err == f"Garmin: {plugged}\n"
    assert {line["path"]: line["outcome"] for line in said.lines} == {
        str(plugged / f"{name}.fit"): "stored" for name in ("hill", "ride", "swim", "walk")
    }
    assert "4 files: 4 duplicate." in coach("sync").out


def test_it_prints_what_an_import_prints(coach, ada, plugged):
    coach("sync")
    assert coach("sync").out == coach("import", plugged).out
    assert coach("sync", "--json").out == coach("import", plugged, "--json").out


@pytest.mark.parametrize("files", [0, 4])
def test_a_watch_with_nothing_new_was_heard_all_the_same(coach, ada, plugged, home, files):
    coach("sync")
    before = contacts(home)
    for path in plugged.iterdir() if files == 0 else ():
        path.unlink()
    assert coach("sync").out.endswith("4 files: 4 duplicate.\n" if files else "0 files.\n")
    assert contacts(home) > before


def test_a_file_that_is_refused_is_a_failure(coach, ada, plugged):
    (plugged / "odd.fit").write_text("Dear diary")
    said = coach("sync", "--json", code=1)
    assert [line["outcome"] for line in said.lines].count("refused") == 1


def test_without_a_watch(coach, ada, media, home):
    said = coach("sync", code=1)
    assert said.out == ""
    assert str(media) in said.err
    assert "coach import FOLDER" in said.err
    assert contacts(home) == []


def test_whose_it_is(coach, setup, ada, plugged):
    coach(*setup(name="Bea"))
    assert "--person: Ada, Bea" in coach("sync", code=2).err
    coach("sync", "--person", "Bea")
    assert len(coach("activities", "--person", "Bea", "--json").json) == 4
    assert coach("activities", "--person", "Ada", "--json").json == []


def test_before_setup(coach, plugged):
    assert "coach setup" in coach("sync", code=1).err
