"""`coach erase` and `coach export --everything`: taken along, and gone."""

import io
import json
import stat
import sys
from hashlib import sha256
from zipfile import ZipFile

import pytest


@pytest.fixture
def lived(coach, ada, watch) -> None:
    coach("import", watch)
    coach("pain", "3")


@pytest.fixture
def bo(coach, setup, lived) -> None:
    """Somebody else in the same database."""
    coach(*setup(name="Bo", email="bo@example.org"))
    coach("pain", "5", "--person", "Bo")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def types(monkeypatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{text}\n"))


def test_everything_of_one_is_gone_and_nothing_of_the_other(coach, bo, home, counts):
    bos = [coach(*words, "--person", "Bo", "--json").json for words in (("pain",), ("plan",), ("week",))]
    told = coach("erase", "--person", "Ada", "--yes", "--json").json
    assert told["id"] == 1
    assert told["rows"] == sum(told["tables"].values())
    assert {"person", "original", "activity", "check_in", "plan_version"} <= set(told["tables"])
    assert [coach(*words, "--person", "Bo", "--json").json for words in (("pain",), ("plan",), ("week",))] == bos
    assert "no one called 'Ada'" in coach("week", "--person", "Ada", code=2).err
    left = counts()
    assert (left["person"], left["original"], left["activity"], left["check_in"]) == (1, 0, 0, 1)
    kept = b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())
    assert b"ada@example.org" not in kept
    assert b"bo@example.org" in kept


def test_that_it_was_done_is_kept_without_content(coach, bo, home):
    coach("erase", "--person", "Ada", "--yes")
    said = coach("erase", "--person", "Bo", "--yes").out
    file = home / "erased.jsonl"
    assert str(file) in said.replace("\n", "")
    assert "Bo" not in said
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [each["id"] for each in lines] == [1, 2]
    assert all(set(each) == {"at", "id", "rows", "files"} for each in lines)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    left = {name for name, counted in coach("db", "check", "--json").json["rows"].items() if counted}
    assert left <= {"task", "sweep", "access_log"}, "these hold numbers alone"


def test_a_list_that_cannot_be_written_is_told_with_what_it_misses(coach, bo, home):
    (home / "erased.jsonl").mkdir()
    said = coach("erase", "--person", "Ada", "--yes", code=1).err
    assert "They are erased, but" in said
    assert '"id": 1' in said


def test_the_name_is_typed_again(coach, lived, monkeypatch, counts):
    before = counts()
    types(monkeypatch, "Eda")
    assert "Nothing was erased" in coach("erase", code=2).err
    types(monkeypatch, "")
    assert "Nothing was erased" in coach("erase", code=2).err
    assert counts() == before
    types(monkeypatch, "Ada")
    assert "Erased:" in coach("erase").out
    assert counts()["person"] == 0


@pytest.mark.parametrize(
    ("words", "said"), [((), "Nobody is here to be asked"), (("--yes",), "say with --person NAME")], ids=["ask", "yes"]
)
def test_nobody_is_erased_by_accident(coach, lived, monkeypatch, counts, words, said):
    before = counts()
    monkeypatch.setattr(sys, "stdin", io.StringIO("Ada\n"))
    assert said in coach("erase", *words, code=2).err
    assert counts() == before


def test_nobody_there(coach):
    assert "coach setup" in coach("erase", "--person", "Ada", "--yes", code=1).err


def test_everything_in_one_file(coach, bo, fits, tmp_path):
    target = tmp_path / "ada.zip"
    coach("export", "--everything", "--person", "Ada", "--out", target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with ZipFile(target) as packed:
        assert packed.testzip() is None
        files = {name for name in packed.namelist() if name.startswith("originals/")}
        assert files == {f"originals/{sha256(data).hexdigest()}.fit" for data in fits.values()}
        account = json.loads(packed.read("account.json"))
        assert account["email"] == "ada@example.org"
        assert account["access_log"][-1]["what"] == "plan_changed"
        assert len(json.loads(packed.read("record.json"))["activities"]) == len(fits)
    assert b"bo@example.org" not in target.read_bytes()
    assert "is there already" in coach("export", "--everything", "--person", "Ada", "--out", target, code=1).err
    coach("export", "--everything", "--person", "Bo", "--out", target, "--force")
    with ZipFile(target) as packed:
        assert json.loads(packed.read("account.json"))["email"] == "bo@example.org"


def test_everything_needs_a_file_and_nothing_else(coach, lived, tmp_path):
    assert "--out" in coach("export", "--everything", code=2).err
    for words in (("--format", "csv"), ("--fhir",), ("--from", "2026-W23"), ("--with-name",), ("--check",)):
        told = coach("export", "--everything", "--out", tmp_path / "all.zip", *words, code=2).err
        assert "--everything is all there is" in " ".join(told.replace("│", " ").split())
    assert not list(tmp_path.glob("*.zip"))
