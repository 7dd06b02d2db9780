"""`coach retention`."""

import sqlite3


def test_what_is_kept_how_long(coach, ada, watch, home, monkeypatch):
    coach("import", watch)
    found = {each["what"]: each for each in coach("retention", "--json").json}
    assert list(found) == ["originals", "messages", "access_log", "expired", "shared", "secret_keys", "backups"]
    assert (found["originals"]["amount"], found["originals"]["before"], found["originals"]["rows"]) == (0, None, 0)
    assert (found["messages"]["amount"], found["messages"]["unit"]) == (12, "months")
    assert "for ever" in coach("retention").out

    def told():
        return [
            coach(*words).out
            for words in (("week", "2026-W23", "--json"), ("summary", "2026-W23"), ("activities", "--json"))
        ]

    before = told()
    with sqlite3.connect(home / "coach.db") as database:
        database.execute("UPDATE original SET received_at = '2020-01-01 00:00:00.000000'")
    monkeypatch.setenv("COACH_KEEP_ORIGINALS_MONTHS", "24")
    said = coach("retention").out
    assert "24 months" in said
    assert "COACH_KEEP_ORIGINALS_MONTHS" in said
    assert "Nothing has gone yet." in said
    assert [each["rows"] for each in coach("retention", "--now", "--json").json] == [4, 0, 0, 0, 0, 0, 0]
    assert [each["rows"] for each in coach("retention", "--json").json] == [0] * 7
    assert told() == before
    assert "no longer kept" in coach("label", "3", "pool_walk", code=1).err


def test_a_length_that_is_none(coach, ada, monkeypatch):
    monkeypatch.setenv("COACH_KEEP_MESSAGES_MONTHS", "-1")
    assert "COACH_KEEP_MESSAGES_MONTHS: is not allowed; a whole number from 0 to 1200" in coach("week", code=1).err


def test_a_tick_lets_go_too(coach, ada, watch, home, monkeypatch):
    coach("import", watch)
    with sqlite3.connect(home / "coach.db") as database:
        database.execute("UPDATE original SET received_at = '2020-01-01 00:00:00.000000'")
    monkeypatch.setenv("COACH_KEEP_ORIGINALS_MONTHS", "1")
    coach("tick")
    with sqlite3.connect(home / "coach.db") as database:
        assert database.execute("SELECT count(*) FROM original WHERE length(content) > 0").fetchone() == (0,)
