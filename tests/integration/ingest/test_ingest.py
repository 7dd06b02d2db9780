"""A file becomes activities: once a person, whole or not at all."""

import hashlib
import re
import subprocess
import sys
import zlib
from datetime import timedelta

import pytest
from sqlmodel import select

from coach import appraisal
from coach.demo import sessions
from coach.ingest.files import Outcome
from coach.ingest.taking import ingest
from coach.store import activities
from coach.store import people as stored_people
from coach.store.engine import reading, writing
from coach.store.tables import Activity, ActivityEffort, ActivityTotals, Original
from devices.fit.clock import FIT_EPOCH
from devices.fit.parts import frame
from devices.fit.rows import encode
from devices.fit.sources import Source


def test_a_file_is_stored_with_all_that_is_made_of_it(engine, ada, bring, fits):
    (result,) = bring(ada, "walk")
    assert (result.outcome, result.reason, result.path) == (Outcome.STORED, None, "walk")
    assert result.sha256 == hashlib.sha256(fits["walk"]).hexdigest()
    with reading(engine) as session:
        original = session.exec(select(Original)).one()
        assert zlib.decompress(original.content) == fits["walk"]
        assert (original.sha256, original.size, original.damage) == (result.sha256, len(fits["walk"]), None)
        activity = session.exec(select(Activity)).one()
        assert (activity.person_id, activity.original_id, activity.part) == (ada.id, original.id, 0)
        assert (activity.sport, activity.exercise, activity.records) == ("walking", "level_walk", 181)
        assert activity.ended_at - activity.started_at == timedelta(minutes=3)
        assert {row.source for row in session.exec(select(ActivityTotals))} == {"device", "coach"}
        assert "moving" in {row.predicate for row in session.exec(select(ActivityEffort))}
    (measured,) = result.activities
    assert measured.activity.id == activity.id
    assert measured.best("elapsed_s") == 180


def test_the_same_file_again_adds_no_row_to_any_table(ada, bring, counts):
    (first,) = bring(ada, "walk")
    before = counts()
    (again,) = bring(ada, "walk", at=first.activities[0].activity.received_at + timedelta(hours=1))
    assert (again.outcome, again.sha256) == (Outcome.DUPLICATE, first.sha256)
    assert "already" in again.reason
    assert [each.activity.id for each in again.activities] == [each.activity.id for each in first.activities]
    assert again.activities[0].totals == first.activities[0].totals
    assert counts() == before


def test_twice_in_one_batch(ada, bring):
    assert [each.outcome for each in bring(ada, "walk", "walk")] == [Outcome.STORED, Outcome.DUPLICATE]


def test_the_same_file_of_two_people_is_stored_for_each(ada, bea, bring, counts):
    assert [bring(each, "walk")[0].outcome for each in (ada, bea)] == [Outcome.STORED] * 2
    assert (counts()["original"], counts()["activity"]) == (2, 2)


def test_a_multisport_file_is_several_activities(ada, bring):
    (result,) = bring(ada, "multi")
    assert result.outcome is Outcome.STORED
    rows = [each.activity for each in result.activities]
    assert [row.sport for row in rows] == ["swimming", "cycling"]
    assert [row.part for row in rows] == [0, 1]
    assert len({row.original_id for row in rows}) == 1
    assert bring(ada, "multi")[0].outcome is Outcome.DUPLICATE


def test_a_truncated_file_is_stored_as_far_as_it_goes(engine, ada, bring, fits):
    (result,) = bring(ada, "cut")
    assert result.outcome is Outcome.PARTIAL
    byte = int(re.search(r"\(byte ([\d,]+)\)", result.reason)[1].replace(",", ""))
    assert len(fits["cut"]) - 50 < byte <= len(fits["cut"])
    assert 60 < result.activities[0].activity.records < 181
    with reading(engine) as session:
        assert session.exec(select(Original)).one().damage == result.reason


def test_a_file_cut_before_its_session_still_says_the_sport(ada, bring):
    activity = bring(ada, "cut")[0].activities[0].activity
    assert (activity.sport, activity.exercise) == ("walking", "level_walk")
    assert any("no summary" in note for note in activity.notes)


def test_one_that_says_no_sport_asks_the_person(engine, ada):
    """Records and nothing else: they give what they can."""
    walk = sessions.walk(ada.created_at, 3)
    data = frame(encode(walk.columns, round((walk.start - FIT_EPOCH).total_seconds())))[:-20]
    (result,) = ingest(engine, ada, [Source("bare", lambda: data)], lambda: ada.created_at)
    (measured,) = result.activities
    assert (result.outcome, measured.activity.sport, measured.activity.exercise) == (Outcome.PARTIAL, "generic", None)
    assert measured.activity.records > 170
    assert measured.best("distance_m") > 200
    assert result.reason.endswith(
        f"What kind of session it was is not known: `coach label {measured.activity.id} EXERCISE` can say it."
    )


@pytest.mark.parametrize(("name", "why"), [("text", "not a FIT file"), ("empty", "empty"), ("stub", "could be saved")])
def test_what_is_no_activity_is_refused_and_leaves_nothing(ada, bring, counts, name, why):
    (result,) = bring(ada, name)
    assert (result.outcome, result.activities) == (Outcome.REFUSED, ())
    assert why in result.reason
    assert result.sha256 is not None
    assert {table for table, count in counts().items() if count} == {"person", "contact"}


def test_one_that_is_refused_does_not_stop_the_next(ada, bring):
    outcomes = [each.outcome for each in bring(ada, "text", "nowhere", "walk", "empty", "ride")]
    assert outcomes == ["refused", "refused", "stored", "refused", "stored"]


def test_one_that_the_program_trips_over_does_not_stop_the_next(ada, bring, monkeypatch, caplog):
    def trips(recording, *rest):
        if recording.sport == "swimming":
            raise OverflowError(f"{recording.device} is too much")
        return efforts_of(recording, *rest)

    efforts_of = appraisal.efforts_of
    monkeypatch.setattr(appraisal, "efforts_of", trips)
    results = bring(ada, "walk", "swim", "ride")
    assert [each.outcome for each in results] == ["stored", "refused", "stored"]
    assert results[1].reason.startswith("This should not have happened: OverflowError at test_ingest.py:")
    assert "too much" not in results[1].reason + caplog.text
    assert "OverflowError" in caplog.text


def test_what_cannot_be_read_has_no_hash(ada, bring):
    (result,) = bring(ada, "nowhere")
    assert (result.outcome, result.sha256, result.reason) == ("refused", None, "nowhere does not exist.")


def test_a_watch_that_believed_another_offset_is_told_of(ada, bring):
    assert bring(ada, "walk")[0].activities[0].activity.notes == []  # Berlin in summer is two hours ahead
    (activity,) = bring(ada, "bogota")[0].activities
    assert activity.activity.notes == ["The device's clock was set to UTC-05:00; times are shown in Europe/Berlin."]
    assert activity.activity.timezone == "Europe/Berlin"


def contact(engine, person):
    with reading(engine) as session:
        return stored_people.last_contact(session, person.id)


def test_a_contact_is_noted_also_when_nothing_is_new(engine, ada, bea, bring):
    noon = bring(ada, "walk")[0].activities[0].activity.received_at
    assert contact(engine, ada) == noon
    bring(ada, "walk", at=noon + timedelta(hours=1))
    assert contact(engine, ada) == noon + timedelta(hours=1)
    bring(ada, at=noon + timedelta(hours=2))
    assert contact(engine, ada) == noon + timedelta(hours=2)
    assert contact(engine, bea) is None


def test_a_path_that_is_mistyped_is_no_contact(engine, ada, bring):
    """It would make a week complete of which nobody has heard."""
    bring(ada, "nowhere", "neither")
    assert contact(engine, ada) is None


@pytest.mark.parametrize("stops", ["add_originals", "add_activities"])
def test_a_fault_in_the_middle_leaves_nothing_of_that_file(ada, bring, counts, monkeypatch, stops):
    from coach.store import activities

    bring(ada, "walk")
    before = counts()
    does = getattr(activities, stops)

    def stop_after(*args, **kwargs):
        does(*args, **kwargs)
        raise RuntimeError("the power went out")

    monkeypatch.setattr(activities, stops, stop_after)
    with pytest.raises(RuntimeError, match="power"):
        bring(ada, "multi")
    monkeypatch.undo()
    assert counts() == before
    assert bring(ada, "multi")[0].outcome is Outcome.STORED


def test_a_fault_in_the_middle_of_a_batch_keeps_what_was_told(engine, ada, bring, fits):
    """Whatever was yielded is committed; what was not is whole or not there, and the next run completes it."""

    def stop() -> bytes:
        raise RuntimeError("the power went out")

    sources = [Source(name, lambda name=name: fits[name]) for name in ("walk", "ride")]
    told = []
    with pytest.raises(RuntimeError, match="power"):
        told.extend(ingest(engine, ada, [*sources, Source("swim", stop)], lambda: ada.created_at))
    again = {each.path: each.outcome for each in bring(ada, "walk", "ride", "swim")}
    assert again.keys() == {"walk", "ride", "swim"}
    assert all(again[each.path] is Outcome.DUPLICATE for each in told)
    assert again["swim"] is Outcome.STORED
    assert {each.outcome for each in bring(ada, "walk", "ride", "swim")} == {Outcome.DUPLICATE}


def test_somebody_who_brings_it_at_the_same_moment(engine, ada, bring, fits, counts):
    """Between looking and storing, which is when the clock is asked, another process stores it."""
    moments = []

    def clock():
        if not moments:
            moments.append(ada.created_at)
            bring(ada, "walk")
        return ada.created_at

    first, second = ingest(
        engine, ada, [Source(name, lambda name=name: fits[name]) for name in ("walk", "ride")], clock
    )
    assert (first.outcome, second.outcome) == (Outcome.DUPLICATE, Outcome.STORED)
    assert len(first.activities) == 1
    assert (counts()["original"], counts()["activity"]) == (2, 2)


WORKER = """
import sys
from pathlib import Path
from coach.ingest.taking import ingest
from coach.store.engine import open_database, reading
from coach.store.people import find_person
from devices.fit.sources import find
from scheduler.clock import utc_now

engine = open_database(sys.argv[1])
with reading(engine) as session:
    person = find_person(session, "Ada")
    session.expunge(person)
sources = find([Path(sys.argv[2])])
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for each in ingest(engine, person, sources, utc_now):
    print(each.outcome)
"""


def test_two_processes_with_the_same_folder_store_each_file_once(engine, ada, fits, tmp_path, counts):
    folder = tmp_path / "watch"
    folder.mkdir()
    for name in ("walk", "ride", "swim", "bogota"):
        (folder / f"{name}.fit").write_bytes(fits[name])
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    arguments = [sys.executable, "-c", WORKER, str(engine.url), str(folder)]
    workers = [subprocess.Popen(arguments, text=True, **pipes) for _ in range(2)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    ends = [worker.communicate(timeout=60) for worker in workers]
    assert [error for _, error in ends] == ["", ""]
    for outcomes in zip(*(out.split() for out, _ in ends), strict=True):
        assert sorted(outcomes) == ["duplicate", "stored"]
    assert (counts()["original"], counts()["activity"]) == (4, 4)


def test_the_persons_row_is_not_held_while_a_file_is_read(engine, ada, fits):
    """Decoding takes its time; nobody else must wait for it."""

    def read() -> bytes:
        with writing(engine, None) as session:  # would wait for 30 s, and then fail
            stored_people.heard(session, ada.id, "watch", ada.created_at)
        return fits["walk"]

    (result,) = ingest(engine, ada, [Source("walk", read)], lambda: ada.created_at)
    assert result.outcome is Outcome.STORED


def test_two_devices_at_the_same_time_know_of_each_other(engine, ada, bring, fits):
    """They are kept both; the judgement counts the time once."""
    from devices.fit.parts import frame

    again = fits["walk"] + frame(bytes([0x40, 0, 0, 0x00, 0xFF, 1, 0, 1, 2, 0, 7]))  # the same walk in another file
    results = list(
        ingest(
            engine, ada, [Source("watch", lambda: fits["walk"]), Source("phone", lambda: again)], lambda: ada.created_at
        )
    )
    first, second = (each.activities[0].activity for each in results)
    with reading(engine) as session:
        assert activities.overlapping(session, first) == [second.id]
        assert activities.overlapping(session, second) == [first.id]
        bring(ada, "ride")
    with reading(engine) as session:
        assert activities.overlapping(session, first) == [second.id]
