"""`coach export`: a record as FHIR, as sheets, or whole."""

import csv
import json
import sys
from pathlib import Path

import pytest


@pytest.fixture
def imported(coach, ada, watch) -> None:
    coach("import", watch)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The folder that the command runs in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bundle(text: str) -> dict[str, list[dict]]:
    """By kind of resource."""
    found: dict[str, list[dict]] = {}
    for entry in json.loads(text)["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def test_fhir_is_checked_and_the_same_bytes_again(coach, imported, tmp_path):
    target = tmp_path / "ada.json"
    said = coach("export", "--format", "fhir", "--to", "2026-W23", "--check", "--out", target)
    assert "resources are as FHIR R4B has them" in said.err
    assert said.out == ""
    written = target.read_text(encoding="utf-8")
    assert written == coach("export", "--format", "fhir", "--to", "2026-W23").out
    assert written == coach("export", "--fhir", "--to", "2026-W23").out, "as issue 4 writes it"
    told = coach("export", "--fhir", "--format", "csv", "--out", tmp_path / "sheets", code=2).err
    assert "does not go with --format csv" in " ".join(told.replace("│", " ").split())
    assert "ada@example.org" not in written
    assert '"Ada"' not in written
    assert '"Ada"' in coach("export", "--format", "fhir", "--to", "2026-W23", "--with-name").out


def test_the_report_has_the_numbers_of_coach_week(coach, imported):
    found = bundle(coach("export", "--format", "fhir", "--from", "2026-W23", "--to", "2026-W23").out)
    week = coach("week", "2026-W23", "--json").json
    (report,) = found["DiagnosticReport"]
    results = {f"urn:uuid:{each['id']}": each for each in found["Observation"]}
    told = [results[each["reference"]] for each in report["result"]]
    scores = {each["code"]["coding"][0]["code"]: each for each in told}
    assert scores["week-score"]["valueQuantity"]["value"] == week["score"]
    items = [each for each in told if each["code"]["coding"][0]["code"] == "item-score"]
    assert len(items) == len(week["items"])
    for each, item in zip(items, week["items"], strict=True):
        parts = {part["code"]["coding"][0]["code"]: part.get("valueQuantity") for part in each["component"]}
        assert each["valueQuantity"]["value"] == item["score"]
        assert parts["frequency"]["value"] == item["frequency"]
        assert parts["dose"]["value"] == item["dose"]
        assert parts["over-dose"]["value"] == item["over_dose"]
    violations = [each for each in told if each["code"]["coding"][0]["code"] == "violation"]
    assert [each["valueQuantity"]["value"] for each in violations] == [each["minutes"] for each in week["violations"]]
    assert report["status"] == "final"


def test_the_plan_leaves_uphill_walking_out(coach, imported):
    (plan,) = bundle(coach("export", "--format", "fhir").out)["CarePlan"]
    left_out = [each["detail"]["code"]["text"] for each in plan["activity"] if each["detail"]["doNotPerform"]]
    assert left_out == ["uphill avoid"]
    assert plan["status"] == "active"


def test_sheets_go_into_a_folder(coach, imported, tmp_path):
    folder = tmp_path / "sheets"
    coach("export", "--format", "csv", "--out", folder)
    assert {each.name for each in folder.iterdir()} == {
        *("sessions.csv", "weeks.csv", "items.csv", "pain.csv", "about.csv"),
    }
    with (folder / "sessions.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["exercise"] for row in rows] == ["level_walk", "swim", "exercise_bike", "level_walk"]
    assert [row["local_day"] for row in rows] == ["2026-06-01", "2026-06-02", "2026-06-03", "2026-06-04"]
    assert float(rows[3]["uphill_min"]) == pytest.approx(6, abs=0.6)


def test_the_whole_record(coach, imported):
    document = coach("export").json
    assert document["person"]["name"] == "Ada"
    assert [each["sport"] for each in document["activities"]] == ["walking", "swimming", "cycling", "walking"]
    week = coach("week", "2026-W23", "--json").json
    assert week.items() <= next(each for each in document["weeks"] if each["week"] == "2026-W23").items()
    assert "ada@example.org" not in json.dumps(document)


def test_from_and_to_are_days_or_weeks(coach, imported):
    def days(*words: str) -> list[str]:
        return [each["local_day"] for each in coach("export", *words).json["activities"]]

    assert days("--from", "2026-06-02", "--to", "2026-06-03") == ["2026-06-02", "2026-06-03"]
    assert days("--to", "2026-06-01") == ["2026-06-01"]
    assert len(days("--from", "2026-W23", "--to", "2026-W23")) == 4
    assert days("--from", "2026-W24") == []


def test_files_are_for_their_owner_alone(coach, imported, tmp_path):
    coach("export", "--out", tmp_path / "a.json")
    coach("export", "--format", "csv", "--out", tmp_path / "sheets")
    for each in (tmp_path / "a.json", tmp_path / "sheets", *(tmp_path / "sheets").iterdir()):
        assert each.stat().st_mode & 0o077 == 0


def test_what_is_there_already_stays_unless_forced(coach, imported, tmp_path):
    target, folder = tmp_path / "a.json", tmp_path / "sheets"
    target.write_text("mine")
    folder.mkdir()
    (folder / "pain.csv").write_text("mine")
    said = coach("export", "--out", target, code=1)
    assert "is there already" in said.err
    assert "--force" in said.err
    assert "pain.csv" in coach("export", "--format", "csv", "--out", folder, code=1).err
    assert target.read_text() == (folder / "pain.csv").read_text() == "mine"
    assert [each.name for each in folder.iterdir()] == ["pain.csv"]
    coach("export", "--out", target, "--force")
    coach("export", "--format", "csv", "--out", folder, "--force")
    assert target.read_text() != "mine"
    assert (folder / "pain.csv").read_text().startswith("at_utc,")
    assert len(list(folder.iterdir())) == 5


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--out", "missing/a.json"], 1, "There is no folder missing"),
        (["--format", "csv", "--out", "missing/a"], 1, "There is no folder missing"),
        (["--out", "."], 1, "is a folder"),
        (["--format", "csv", "--out", "a-file"], 1, "is a file"),
        (["--format", "csv"], 2, "--out"),
        (["--check"], 2, "--format fhir"),
        (["--from", "2026-W24", "--to", "2026-W23"], 2, "no day between"),
        (["--from", "soon"], 2, "neither a week nor a date"),
        (["--to", "2025-12-31"], 1, "nothing of Ada to export"),
    ],
)
def test_what_cannot_be_done_is_told(coach, imported, here, words, code, sentence):
    Path("a-file").write_text("mine")
    there = sorted(here.rglob("*"))
    said = coach("export", *words, code=code)
    assert sentence in said.err
    assert said.out == ""
    assert sorted(here.rglob("*")) == there


def test_without_the_extra_a_check_says_so_and_writes_nothing(coach, imported, tmp_path, monkeypatch):
    for name in [each for each in sys.modules if each.partition(".")[0] == "fhir"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fhir", None)
    said = coach("export", "--format", "fhir", "--check", "--out", tmp_path / "a.json", code=1)
    assert "pip install fhir-resources" in said.err
    assert not (tmp_path / "a.json").exists()
    assert bundle(coach("export", "--format", "fhir").out)["Patient"]


def test_another_persons_record_stays_out(coach, imported, setup):
    coach(*setup(name="Bea", email="bea@example.org"))
    document = coach("export", "--person", "Bea").json
    assert (document["person"]["name"], document["activities"]) == ("Bea", [])
    assert "Several people" in coach("export", code=2).err
