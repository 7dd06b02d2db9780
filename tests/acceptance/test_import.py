"""`coach import`: files in, and what became of them."""

import gzip
import hashlib
import os
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.demo import sessions
from devices.fit.write import write

FILE = {"path", "sha256", "outcome", "reason", "activities"}
ACTIVITY = {
    *("id", "sport", "sub_sport", "started_at", "timezone", "duration_s", "timer_s", "moving_s", "distance_m"),
    *("ascent_m", "records", "lengths", "active_lengths", "pool_length_m", "avg_heart_rate", "max_heart_rate"),
    *("avg_cadence_spm", "avg_cadence_rpm", "avg_power_w"),
}


def test_a_folder_has_one_line_a_file(coach, ada, watch, fits):
    said = coach("import", watch, "--json")
    assert said.err == ""
    assert [Path(line["path"]).name for line in said.lines] == ["hill.fit", "ride.fit", "swim.fit", "walk.fit"]
    for line in said.lines:
        assert line.keys() == FILE
        assert (line["outcome"], line["reason"]) == ("stored", None)
        assert line["sha256"] == hashlib.sha256(fits[Path(line["path"]).stem]).hexdigest()
        assert all(activity.keys() >= ACTIVITY for activity in line["activities"])


def test_how_hard_a_new_session_in_the_water_felt_is_asked(coach, ada, tmp_path):
    """Not of those of last month: nobody remembers."""
    now = datetime.now(UTC)
    for name, at in (("new", now - timedelta(hours=1)), ("old", now - timedelta(days=30))):
        (tmp_path / f"{name}.fit").write_bytes(write(sessions.swim(at, 8)))
    (tmp_path / "walk.fit").write_bytes(write(sessions.walk(now - timedelta(hours=3), 10)))
    said = coach("import", tmp_path).out
    number = next(each["id"] for each in coach("activities", "--json").json if each["sport"] == "swimming")
    assert f"`coach label {number} --borg N`" in said
    assert said.count("--borg") == 1
    assert "--borg" not in coach("import", tmp_path).out, "asked once"


def test_the_figures_of_each_sport(coach, ada, watch):
    found = {Path(line["path"]).stem: line["activities"][0] for line in coach("import", watch, "--json").lines}
    walk, swim, ride = found["walk"], found["swim"], found["ride"]
    assert (walk["sport"], walk["started_at"]) == ("walking", "2026-06-01T15:30:00+00:00")
    assert (walk["duration_s"], walk["timer_s"], walk["records"]) == (720.0, 720.0, 721)
    assert walk["moving_s"] == pytest.approx(720, abs=10)
    assert walk["distance_m"] == pytest.approx(720 / 60 * 108 * 0.72, rel=0.02)
    assert walk["avg_cadence_spm"] == pytest.approx(108, abs=1)
    assert (walk["avg_cadence_rpm"], walk["avg_power_w"], walk["pool_length_m"]) == (None, None, None)
    assert walk["timezone"] == "Europe/Berlin"
    assert found["hill"]["ascent_m"] == pytest.approx(6 * 60 * 1.3 * 0.06, rel=0.15)
    assert (swim["sub_sport"], swim["lengths"], swim["active_lengths"]) == ("lap_swimming", 24, 20)
    assert (swim["pool_length_m"], swim["distance_m"], swim["avg_heart_rate"]) == (25.0, 500.0, None)
    assert ride["avg_power_w"] == pytest.approx(60, abs=2)
    assert (ride["avg_cadence_spm"], ride["avg_cadence_rpm"]) == (None, pytest.approx(68, abs=1))
    assert ride["max_heart_rate"] > ride["avg_heart_rate"] > 90


def test_again_all_are_duplicates_and_no_table_has_a_row_more(coach, ada, watch, counts):
    first = coach("import", watch, "--json").lines
    before = counts()
    again = coach("import", watch, "--json")
    assert {line["outcome"] for line in again.lines} == {"duplicate"}
    assert [line["activities"] for line in again.lines] == [line["activities"] for line in first]
    assert counts() == before


def test_archives(coach, ada, tmp_path, fits):
    (tmp_path / "a.fit.gz").write_bytes(gzip.compress(fits["walk"]))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("day/swim.fit", fits["swim"])
        archive.writestr("readme.txt", "hello")
        archive.writestr("walk.fit", fits["walk"])
    said = coach("import", tmp_path / "a.fit.gz", tmp_path / "b.zip", "--json")
    assert [(Path(line["path"]).name, line["outcome"]) for line in said.lines] == [
        ("a.fit.gz", "stored"),
        ("swim.fit", "stored"),
        ("b.zip!walk.fit", "duplicate"),
    ]
    assert said.lines[1]["path"].endswith("b.zip!day/swim.fit")


def test_a_batch_goes_on_past_all_that_is_bad(coach, ada, tmp_path, fits, counts):
    """Every line of "Bad input" that is a file."""
    from devices.fit.parts import frame

    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "empty.fit").write_bytes(b"")
    (bad / "text.fit").write_text("Dear diary")
    (bad / "cut.fit").write_bytes(fits["walk"][:9000])
    (bad / "stub.fit").write_bytes(fits["walk"][:60])
    (bad / "nothing.fit").write_bytes(frame(b""))
    (bad / "settings.fit").write_bytes(frame(bytes([0x40, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2])))
    (bad / "fake.fit.gz").write_bytes(b"not gzip")
    good = tmp_path / "z.zip"
    with zipfile.ZipFile(good, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("broken.fit", fits["swim"])
        archive.writestr("good.fit", fits["ride"])
    data = bytearray(good.read_bytes())
    data[200] ^= 0xFF
    good.write_bytes(data)
    (tmp_path / "vacant").mkdir()
    paths = [bad, tmp_path / "missing.fit", tmp_path / "vacant", good]
    said = coach("import", *paths, "--json", code=1)
    found = {Path(line["path"]).name: line for line in said.lines}
    assert {name: line["outcome"] for name, line in found.items()} == {
        "cut.fit": "partial",
        "empty.fit": "refused",
        "fake.fit.gz": "refused",
        "nothing.fit": "refused",
        "settings.fit": "refused",
        "stub.fit": "refused",
        "text.fit": "refused",
        "missing.fit": "refused",
        "vacant": "refused",
        "z.zip!broken.fit": "refused",
        "z.zip!good.fit": "stored",
    }
    for name, words in {
        "empty.fit": "is empty",
        "text.fit": "not a FIT file",
        "cut.fit": "Copy it from the device again",
        "settings.fit": "'settings'",
        "fake.fit.gz": "cannot be read",
        "missing.fit": "does not exist",
        "vacant": "no FIT files",
        "z.zip!broken.fit": "cannot be read",
    }.items():
        assert words in found[name]["reason"], name
    assert (counts()["original"], counts()["activity"]) == (2, 2)
    told = coach("import", *paths, code=1)
    assert "11 files: 2 duplicate, 9 refused." in told.out


def test_a_session_of_absurd_length_stands_between_two_good_ones(coach, ada, tmp_path, fits):
    """Such a file once ended every import of its folder."""
    from devices.fit.parts import frame

    begun = 1_149_000_000  # in 2026
    session = bytes([0x40, 0, 0, 18, 0, 3, 2, 4, 0x86, 5, 1, 0, 7, 8, 0x89, 0]) + struct.pack("<IBd", begun, 11, 1e18)
    (tmp_path / "a.fit").write_bytes(fits["walk"])
    (tmp_path / "b.fit").write_bytes(frame(session))
    (tmp_path / "c.fit").write_bytes(fits["ride"])
    said = coach("import", tmp_path, "--json")
    assert [line["outcome"] for line in said.lines] == ["stored"] * 3
    assert said.lines[1]["activities"][0]["duration_s"] is None


def test_a_file_that_the_program_trips_over_is_refused_like_any_other(coach, ada, tmp_path, fits, monkeypatch):
    from coach import appraisal

    def trips(recording):
        if recording.sport == "swimming":
            raise ZeroDivisionError

    monkeypatch.setattr(appraisal, "temperature_note", trips)
    for name in ("walk", "swim", "ride"):
        (tmp_path / f"{name}.fit").write_bytes(fits[name])
    said = coach("import", tmp_path, "--json", code=1)
    assert {Path(line["path"]).stem: line["outcome"] for line in said.lines} == {
        "ride": "stored",
        "swim": "refused",
        "walk": "stored",
    }


def test_partial_and_duplicate_are_no_failure(coach, ada, tmp_path, fits):
    (tmp_path / "cut.fit").write_bytes(fits["walk"][:9000])
    (tmp_path / "cut.fit.gz").write_bytes(gzip.compress(fits["hill"])[:3000])
    assert coach("import", tmp_path / "cut.fit.gz", "--json").lines[0]["outcome"] == "partial"
    assert coach("import", tmp_path / "cut.fit", "--json").lines[0]["outcome"] == "partial"
    assert coach("import", tmp_path / "cut.fit", "--json").lines[0]["outcome"] == "duplicate"


def test_without_a_path_or_a_person(coach, ada):
    coach("import", code=2)
    assert "no one called 'Bea'" in coach("import", "x.fit", "--person", "Bea", code=2).err


def test_before_setup(coach, watch):
    assert "coach setup" in coach("import", watch, code=1).err


def test_a_truncated_copy_beside_the_whole_file_counts_once(coach, ada, tmp_path, fits):
    (tmp_path / "cut.fit").write_bytes(fits["walk"][:9000])
    (tmp_path / "whole.fit").write_bytes(fits["walk"])
    coach("import", tmp_path / "cut.fit", tmp_path / "whole.fit")
    (walks,) = (item for item in coach("week", "2026-W23", "--json").json["items"] if item["activity"] == "level_walk")
    assert sum(session["credited_minutes"] for session in walks["sessions"]) == pytest.approx(12, abs=0.3)


def test_a_refusal_says_the_path_once(coach, ada, tmp_path):
    told = coach("import", tmp_path / "gone.fit", code=1).out
    assert told.splitlines()[0] == f"refused   {tmp_path / 'gone.fit'} does not exist."


def test_a_file_whose_name_is_in_no_encoding(coach, ada, tmp_path, fits):
    path = os.fsencode(tmp_path) + b"/M\xfcnchen.fit"
    Path(os.fsdecode(path)).write_bytes(fits["walk"])
    (line,) = coach("import", tmp_path, "--json").lines
    assert line["outcome"] == "stored"
    assert coach("import", tmp_path).out.startswith("duplicate")
