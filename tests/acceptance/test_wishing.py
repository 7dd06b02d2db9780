"""`coach nudges` with what one wants to hear, and `preview` with the days to come."""

from datetime import timedelta

import pytest

MONDAY = "2026-06-08T08:30"


def test_a_rule_is_turned_off_and_on_again(coach, week):
    assert "no: turned off" in coach("nudges", "off", "R13").out
    assert coach("tick", "--at", MONDAY, "--json").json == []
    assert coach("nudges", "on", "r13", "--json").json["heard"] is True
    assert [each["rule"] for each in coach("tick", "--at", MONDAY, "--json").json] == ["R13"]


def test_what_was_planned_before_it_was_turned_off_is_held_back(coach, week):
    assert [each["state"] for each in coach("tick", "--at", "2026-06-08T22:00", "--json").json] == ["pending"]
    coach("nudges", "off", "R13")
    (nudge,) = coach("tick", "--at", "2026-06-09T08:00", "--json").json
    assert (nudge["state"], nudge["reason"]) == ("suppressed", "turned off")


def test_a_rule_is_put_to_sleep(coach, ada):
    told = coach("nudges", "snooze", "R8", "--until", "2127-01-01", code=2).err
    assert "not a date of our time" in " ".join(told.replace("│", " ").split())
    said = coach("nudges", "snooze", "R8", "--until", "2100-01-01", "--json").json
    assert (said["rule"], said["heard"], said["snoozed_until"]) == ("R8", False, "2099-12-31T23:00:00+00:00")
    assert "from Friday, 2100-01-01 on" in coach("nudges", "snooze", "R8", "--until", "2100-01-01").out
    assert coach("nudges", "rules", "--json").json[8] == said
    assert "yes" in coach("nudges", "on", "R8").out


def test_the_morning_check_has_a_time_of_ones_own(coach, ada):
    assert coach("nudges", "on", "R2", "--at", "07:15", "--json").json["at"] == "07:15"
    assert "yes, at 09:15." in coach("nudges", "on", "R2", "--at", "09:15").out
    told = coach("nudges", "on", "R2", "--at", "07:15").out
    assert "yes, at 08:00, when quiet hours end: 07:15 is one of them" in " ".join(told.split())
    assert "at 08:00" in coach("nudges", "rules").out
    assert "not in the morning" in coach("nudges", "on", "R2", "--at", "12:00", code=2).err
    assert "no time of its own" in coach("nudges", "on", "R8", "--at", "09:00", code=2).err
    assert coach("nudges", "on", "R2", "--json").json["at"] == "07:15"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("off", "R0"), "cannot be turned off"),
        (("snooze", "R0", "--days", "1"), "cannot be turned off"),
        (("off", "R15"), "There is no rule 'R15'"),
        (("snooze", "R8"), "either --until DATE or --days N"),
        (("snooze", "R8", "--days", "1", "--until", "2100-01-01"), "either --until DATE or --days N"),
        (("snooze", "R8", "--until", "2020-01-01"), "not in the future"),
        (("snooze", "R3", "--days", "3"), "R3 is not on"),
        (("preview", "--from", "2020-01-01"), "is over"),
        (("preview", "--to", "2020-01-01"), "before it begins"),
        (("preview", "--to", "2100-01-01"), "at most 92 days"),
    ],
)
def test_what_cannot_be_meant(coach, ada, words, said):
    assert said in " ".join(coach("nudges", *words, code=2).err.split())


def test_a_planned_session_is_a_reminder_for_those_who_ask(coach, ada, tmp_path):
    """R3 waits to be turned on."""
    assert coach("nudges", "rules", "--json").json[3]["heard"] is False
    assert coach("nudges", "on", "R3", "--json").json["heard"] is True


# The days to come.


@pytest.mark.thorough
def test_a_preview_plays_the_days_and_changes_nothing(coach, setup, counts):
    from datetime import date

    today = date.today()  # noqa: DTZ011
    coach(*setup(start=str(today - timedelta(days=30))))
    coach("nudges", "off", "R9")
    before = counts()
    played = coach("nudges", "preview", "--to", today + timedelta(days=8), "--assume", "planned", "--json").json
    assert counts() == before
    assert played.keys() == {"said", "held"}
    assert all(each.keys() == {"at", "rules", "title", "text"} for each in played["said"])
    told = {rule for each in played["said"] for rule in each["rules"]}
    assert {"R1", "R2", "R13"} <= told
    assert "R9" not in told
    shown = coach("nudges", "preview", "--to", today + timedelta(days=8)).out
    assert "R13: the week has closed" in " ".join(shown.split())
    assert "[and the week on a page]" in shown
    assert counts() == before
