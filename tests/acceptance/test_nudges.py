"""`coach tick` and `coach nudges`: said once, and why."""

import json

import pytest

NUDGE = {
    *("rule", "period", "state", "reason", "due_at", "expires_at", "channel", "sent_at", "message_id", "text"),
}


MONDAY = "2026-06-08T08:30"


def test_on_monday_morning_the_week_is_told_once(coach, week):
    (nudge,) = coach("tick", "--at", MONDAY, "--json").json
    assert nudge.keys() >= NUDGE
    assert (nudge["rule"], nudge["period"], nudge["state"]) == ("R13", "2026-W23", "sent")
    assert (nudge["channel"], nudge["person"]) == ("console", "Ada")
    assert nudge["due_at"] == nudge["sent_at"] == "2026-06-08T06:30:00+00:00"
    assert "Warning signs" in nudge["text"]
    assert coach("tick", "--at", MONDAY, "--json").json == []
    assert coach("tick", "--at", "2026-06-08T12:00", "--json").json == []
    (listed,) = coach("nudges", "--json").json
    assert listed == {name: value for name, value in nudge.items() if name != "person"}


def test_a_minute_earlier_it_is_not_due(coach, week):
    assert coach("tick", "--at", "2026-06-08T08:29", "--json").json == []


def test_nobody_is_woken(coach, week):
    """A sweep that comes late sends in the evening, not in the night."""
    assert [each["state"] for each in coach("tick", "--at", "2026-06-08T22:00", "--json").json] == ["pending"]
    assert coach("tick", "--at", "2026-06-09T07:59", "--json").json == []
    assert [each["state"] for each in coach("tick", "--at", "2026-06-09T08:00", "--json").json] == ["sent"]


def test_a_moment_is_the_persons_own_or_says_its_offset(coach, setup, watch):
    coach(*setup(timezone="America/Bogota"))
    coach("import", watch)
    assert coach("tick", "--at", "2026-06-08T08:30+02:00", "--json").json == []
    assert coach("tick", "--at", "2026-06-08T08:29", "--json").json == []
    (nudge,) = coach("tick", "--at", "2026-06-08T08:30", "--json").json
    assert nudge["sent_at"] == "2026-06-08T13:30:00+00:00"


@pytest.mark.parametrize("text", ["soon", "8.6.2026", "2026-06-08T25:00", "9999-12-31T00:00", "0001-01-01"])
def test_what_is_no_moment(coach, ada, text):
    assert f"'{text}'" in " ".join(coach("tick", "--at", text, code=2).err.replace("│", " ").split())


def test_after_a_sync(coach, week):
    said = coach("tick", "--at", "2026-06-01T18:00", "--json").json
    assert [(each["rule"], each["state"]) for each in said] == [("R1", "sent")]
    assert "12 min" in said[0]["text"]
    assert coach("tick", "--at", "2026-06-01T18:30", "--json").json == []


def test_midweek(coach, ada, watch):
    """With none of five walks done by Thursday the rest no longer fits; with one it does."""
    assert coach("tick", "--at", "2026-06-04T12:30", "--json").json == []
    coach("import", watch / "GARMIN" / "Activity" / "walk.fit")
    assert coach("tick", "--at", "2026-06-04T12:29", "--json").json == []
    said = coach("tick", "--at", "2026-06-04T12:30", "--json").json
    assert [(each["rule"], each["period"], each["state"]) for each in said] == [("R4", "2026-W23", "sent")]
    assert "1 walk" in said[0]["text"]
    assert coach("tick", "--at", "2026-06-04T13:30", "--json").json == []


def test_missing_sync(coach, ada, home):
    import sqlite3

    with sqlite3.connect(home / "coach.db") as database:
        database.execute("INSERT INTO contact VALUES (1, 'import', '2026-06-01 06:00:00.000000')")
    said = coach("tick", "--at", "2026-06-03T12:30", "--json").json
    assert [(each["rule"], each["period"], each["state"]) for each in said] == [("R8", "2026-06-01/0", "sent")]
    assert "Monday" in said[0]["text"]


def test_the_console_is_beside_the_document(coach, week):
    said = coach("tick", "--at", MONDAY, "--json")
    assert "Your week is ready" in said.err
    assert isinstance(json.loads(said.out), list)


def test_they_are_counted(coach, ada):
    assert coach("nudges", "--stats", "--json").json["sent"] == 0
    coach("signs", "--yes", "chest_pain")
    coach("tick")
    counted = coach("nudges", "--stats", "--json").json
    assert (counted["sent"], counted["failed"], counted["open"]) == (1, 0, 0)
    assert counted["worst_lateness_s"] < 60
    assert "sent" in coach("nudges", "--stats").out
    assert len(coach("nudges", "--limit", "1", "--json").json) == 1


def test_who_moves_is_told_at_the_hours_of_the_new_zone(coach, week):
    """Planned in Berlin's evening, the summary waits for the morning: that of where they are by then."""
    assert [each["state"] for each in coach("tick", "--at", "2026-06-08T22:00", "--json").json] == ["pending"]
    coach("setup", "--timezone", "America/New_York")
    assert coach("tick", "--at", "2026-06-09T08:00+02:00", "--json").json[0]["state"] == "pending"
    assert [each["state"] for each in coach("tick", "--at", "2026-06-09T08:00-04:00", "--json").json] == ["sent"]


def test_for_people(coach, week):
    assert "Nothing was sent" in coach("nudges").out
    told = coach("tick", "--at", MONDAY).out
    assert "Your week is ready" in told
    assert "R13" in told
    assert coach("tick", "--at", MONDAY).out == "Nothing was due.\n"
    assert "2026-W23" in coach("nudges").out


def test_each_person_is_told_of_their_own(coach, setup, week):
    coach(*setup(name="Bea", email="bea@example.org"))
    coach("import", "nowhere.fit", "--person", "Bea", code=1)
    told = {each["person"]: each["text"] for each in coach("tick", "--at", f"{MONDAY}+02:00", "--json").json}
    assert "Walks: 3 of 5" in told["Ada"]
    assert "Walks: 0 of 5" in told["Bea"]
    assert coach("nudges", "--person", "Ada", "--json").json[0]["text"] == told["Ada"]
    assert coach("nudges", "--person", "Bea", "--json").json[0]["text"] == told["Bea"]


def test_nobody_is_urged_while_their_plan_is_locked(coach, setup, watch):
    """Unlocked from today on: until then nothing is said, and what was done earns nothing."""
    coach(*setup(diagnosed_by=None, diagnosed_on=None))
    coach("import", watch / "GARMIN" / "Activity" / "walk.fit")
    coach("setup", "--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01")
    assert coach("tick", "--at", "2026-06-01T18:00", "--json").json == []
    assert coach("tick", "--at", "2026-06-04T12:30", "--json").json == []
    week = coach("week", "2026-W23", "--json").json
    assert [each["code"] for each in week["violations"]] == ["while_locked"]
    assert week["excused"] == {f"2026-06-0{day}": "locked" for day in range(1, 8)}
    (walk,) = (each for item in week["items"] for each in item["sessions"])
    assert walk["credited_minutes"] == 0


# Warning signs.


def test_a_warning_sign_is_due_at_once_and_alone(coach, week, counts):
    coach("signs", "--yes", "saddle_numbness")
    (planned,) = coach("nudges", "--json").json
    assert (planned["rule"], planned["state"], planned["expires_at"]) == ("R0", "pending", None)
    (sent,) = coach("tick", "--json").json
    assert (sent["rule"], sent["state"]) == ("R0", "sent")
    assert "nearest emergency department now or call 112" in sent["text"]
    assert sent["title"] == "Your coach: please read this now"
    assert coach("tick", "--json").json == []


def test_new_weakness_told_with_pain_is_one(coach, ada):
    coach("pain", 3, "--weakness")
    (planned,) = coach("nudges", "--json").json
    assert planned["rule"] == "R0"
    coach("clear", "--by", "Dr Bo", "--on", planned["due_at"][:10])
    (gone,) = (each for each in coach("tick", "--json").json if each["rule"] == "R0")
    assert (gone["state"], gone["reason"]) == ("cancelled", "the warning sign was cleared")
