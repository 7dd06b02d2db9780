"""Recordings come in: once, from wherever, whatever they are called, and whatever they are."""

import gzip
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest

from coach.store.engine import reading
from coach.store.tables import key
from coach.web import guard


@pytest.fixture
def fit(world, walk) -> bytes:
    return walk(world.now - timedelta(hours=1))


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.fit", data)
    return made.getvalue()


def test_a_file_is_kept_once_and_answers_alike(world, program, person, fit):
    first = program.bring(fit)["files"][0]
    again = program.bring(fit, "another name.fit", status=200)["files"][0]
    assert (first["outcome"], again["outcome"]) == ("stored", "duplicate")
    assert first["activities"] == again["activities"]
    assert first["sha256"] == again["sha256"] == hashlib.sha256(fit).hexdigest()
    assert len(world.activities(person)) == 1


def test_a_program_asks_before_it_sends(program, fit):
    sha256 = hashlib.sha256(fit).hexdigest()
    program.get(f"/files/{sha256}", 404)
    kept = program.bring(fit)["files"][0]["activities"]
    assert program.get(f"/files/{sha256}") == {"sha256": sha256, "activities": kept}
    for wrong in ("x", sha256.upper(), "../me"):
        assert program.client.get(f"/api/v1/files/{wrong}").status_code in {401, 404, 422}


@pytest.mark.parametrize(("name", "pack"), [("walk.fit.gz", gzip.compress), ("walk.zip", lambda fit: zipped(a=fit))])
def test_what_is_packed_is_unpacked(program, fit, name, pack):
    (file,) = program.bring(pack(fit), name)["files"]
    assert file["outcome"] == "stored"
    assert file["sha256"] == hashlib.sha256(fit).hexdigest()


def test_many_at_once_each_with_its_outcome(world, program, walk, fit):
    other = walk(world.now - timedelta(hours=3), 20)
    parts = [("file", ("a.fit", fit)), ("file", ("b.zip", zipped(x=other, y=b"nothing"))), ("file", ("c.fit", fit))]
    files = program.ask("POST", "/files", 201, files=parts).json()["files"]
    told = [(each["path"], each["outcome"]) for each in files]
    assert told == [
        ("a.fit", "stored"),
        ("b.zip!x.fit", "stored"),
        ("b.zip!y.fit", "refused"),
        ("c.fit", "duplicate"),
    ]
    program.ask("POST", "/files", 200, files=parts)


def test_what_cannot_be_taken_is_told_with_its_sentence(program):
    answer = program.ask("POST", "/files", 422, files=[("file", ("notes.fit", b"dear diary"))]).json()
    assert answer["type"] == "/api/v1/problems/refused"
    assert answer["detail"] == answer["files"][0]["reason"]
    assert "not a FIT file" in answer["detail"]
    assert answer["files"][0]["path"] == "notes.fit"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.fit", "<script>.fit", "\u202egpj.fit", "x" * 255, ""])
def test_a_name_is_no_path(program, fit, name):
    (file,) = program.bring(fit, name)["files"]
    assert "/" not in file["path"]
    assert file["path"].isprintable()


@pytest.mark.parametrize(
    ("status", "given"),
    [
        (422, {"content": b"", "headers": {"content-type": "application/octet-stream"}}),
        (422, {"data": {"file": "no file"}, "files": [("x", ("", b""))]}),
        (422, {"files": [("file", ("empty.fit", b""))]}),
        (415, {"content": b"{}", "headers": {"content-type": "application/json"}}),
        (400, {"content": b"--x", "headers": {"content-type": "multipart/form-data"}}),
        (400, {"content": b"no parts", "headers": {"content-type": "multipart/form-data; boundary=x"}}),
        (422, {"content": b"x", "params": {"name": "x" * 256}}),
    ],
)
def test_what_is_no_upload(program, status, given):
    program.ask("POST", "/files", status, **given)


@pytest.mark.parametrize("kind", ["application/octet-stream", "multipart/form-data; boundary=x"])
def test_nobody_sends_without_end(program, monkeypatch, kind):
    monkeypatch.setattr(guard, "LONGEST_UPLOAD_BYTES", 100_000)
    raw = {"content-type": kind}
    program.ask("POST", "/files", 413, content=iter([bytes(10_000)] * 11), headers=raw)
    announced = {**raw, "content-length": "100001"}
    program.ask("POST", "/files", 413, content=b"x", headers=announced)


def test_no_other_request_is_long(program):
    program.ask("POST", "/check-ins", 413, content=iter([b" " * 70_000]), headers={"content-type": "application/json"})


def test_the_original_comes_back_as_it_was(world, program, person, fit):
    number = program.bring(fit)["files"][0]["activities"][0]["id"]
    answer = program.ask("GET", f"/activities/{number}/original")
    assert answer.content == fit
    assert answer.headers["content-type"] == "application/vnd.ant.fit"
    assert f"-{number}.fit" in answer.headers["content-disposition"]


def test_what_was_entered_by_hand_has_no_original(world, program, person):
    from coach.manual import Told, enter
    from coach.plan import Exercise
    from coach.store.engine import writing
    from coach.store.tables import Person

    with writing(world.app.engine, None) as session:
        row = enter(session, session.get_one(Person, person.id), Told(Exercise.LEVEL_WALK, 20), world.now)
        number = key(row.activity)
    program.get(f"/activities/{number}/original", 404)


def test_a_contact_is_noted(world, program, person, fit):
    from coach.store import people

    program.bring(fit)
    with reading(world.app.engine) as session:
        assert people.last_contact(session, key(person)) == world.now
