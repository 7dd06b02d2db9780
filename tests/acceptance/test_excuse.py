"""`coach excuse`, as a person uses it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sentences import flat


def test_excused_days(coach, ada):
    said = coach("excuse", "illness", "--from", "2026-06-01", "--to", "2026-06-03", "--json").json
    assert said == {
        "id": said["id"],
        "kind": "illness",
        "first_day": "2026-06-01",
        "last_day": "2026-06-03",
        "said_by": None,
    }
    told = coach("excuse", "hold", "--from", "2026-06-10", "--by", "Dr Bo").out
    assert "a pause by your clinician, from 2026-06-10 until further notice" in flat(told)
    assert [each["kind"] for each in coach("excuse", "--list", "--json").json] == ["illness", "hold"]
    assert "Dr Bo" in coach("excuse").out
    assert "Taken back" in coach("excuse", "--remove", said["id"]).out
    assert [each["said_by"] for each in coach("excuse", "--json").json] == ["Dr Bo"]


def test_a_day_off_begins_today_by_default(coach, ada):
    day = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=4)).date()  # before four it is still yesterday
    assert coach("excuse", "illness", "--json").json["first_day"] == day.isoformat()


def test_an_ill_week_is_paused(coach, walked):
    coach("excuse", "illness", "--from", "2026-06-01", "--to", "2026-06-07")
    week = coach("week", "2026-W23", "--json").json
    assert (week["status"], set(week["excused"].values())) == ("paused", {"illness"})


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["illness", "--from", "2026-06-02", "--to", "2026-06-01"], 2, "before it starts on 2026-06-02"),
        (["--from", "2026-06-02"], 2, "Why is nothing asked?"),
        (["illness", "--by", " "], 2, "Who said so?"),
        (["illness", "--list"], 2, "One thing at a time"),
        (["--remove", "7"], 1, "There is no excusal 7."),
        (["holiday"], 2, "holiday"),
    ],
)
def test_what_excuses_nothing(coach, ada, unchanged, words, code, sentence):
    with unchanged():
        assert sentence in flat(coach("excuse", *words, code=code).err)
