"""`coach tick` and `coach nudges`: said once, and why."""

import json
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

NUDGE = {
    *("rule", "period", "state", "reason", "due_at", "expires_at", "channel", "sent_at", "message_id", "text"),
}
MONDAY = "2026-06-08T08:30"


@pytest.fixture
def week(coach, ada, watch) -> None:
    coach("import", watch)


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


class Mailbox:
    def __init__(self) -> None:
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def mailbox(monkeypatch, mail_server):
    box = Mailbox()
    with mail_server(box) as port:
        monkeypatch.setenv("COACH_SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("COACH_MAIL_FROM", "coach@example.org")
        yield box


def test_by_email_with_text_and_html(coach, week, mailbox):
    (nudge,) = coach("tick", "--at", MONDAY, "--json").json
    assert (nudge["channel"], nudge["state"]) == ("email", "sent")
    assert coach("tick", "--at", MONDAY, "--json").json == []
    ((to, mail),) = mailbox.letters
    assert to == ["ada@example.org"]
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (
        "ada@example.org",
        "Your week is ready",
        nudge["message_id"],
    )
    assert mail["From"] == "Your coach <coach@example.org>"
    text, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Walks: 3 of 5, " in text
    assert "<table" in page
    assert "Warning signs" in page


def test_a_mail_server_that_is_away_is_tried_again(coach, week, monkeypatch):
    monkeypatch.setenv("COACH_SMTP_URL", "smtp://127.0.0.1:9")
    (nudge,) = coach("tick", "--at", MONDAY, "--json").json
    assert nudge["state"] == "pending"
    assert "127.0.0.1:9 could not be reached" in nudge["reason"]
    assert "ada@" not in nudge["reason"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://u:geheim@mail", "COACH_SMTP_URL"), ("smtp://u:geheim@mail?starttls=perhaps", "starttls is one of")],
)
@pytest.mark.parametrize("command", ["tick", "run"])
def test_a_mail_server_that_cannot_be(coach, ada, monkeypatch, url, said, command):
    monkeypatch.setenv("COACH_SMTP_URL", url)
    told = coach(command, code=1).err
    assert said in told
    assert "geheim" not in told


def test_letters_in_a_folder(coach, week, monkeypatch, tmp_path):
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(tmp_path / "letters"))
    (nudge,) = coach("tick", "--at", MONDAY, "--json").json
    assert (nudge["channel"], nudge["state"]) == ("file", "sent")
    (letter,) = (tmp_path / "letters").glob("*.eml")
    mail = message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert mail["Message-ID"] == nudge["message_id"]


@pytest.mark.parametrize(
    "command",
    ["setup", "import", "activities", "activity", "plan", "week", "summary", "nudges", "tick", "run", "demo"],
)
def test_help_everywhere(coach, command):
    assert command in coach("--help").out
    assert f"coach {command}" in coach(command, "--help").out
    assert f"coach {command}" in coach(command, "-h").out


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


# What one wants to hear.


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
    from datetime import date, timedelta

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


# The letter as it is sent.


def test_the_week_is_a_letter_with_its_calendar(coach, week, monkeypatch, tmp_path):
    """This week's, as it will go out next Monday: a plan can have its days from the running week on."""
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(tmp_path / "letters"))
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    monday = today - timedelta(days=today.weekday())
    written = tmp_path / "plan.toml"
    coach("plan", "export", written)
    added = 'exercise = "level_walk"\nplanned = ["mon 17:30", "thu"]'
    written.write_text(written.read_text().replace('exercise = "level_walk"', added))
    coach("plan", "import", written, "--start", monday)
    coach("tick", "--at", f"{monday + timedelta(days=7)}T08:30")
    paths = (tmp_path / "letters").glob("*.eml")
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    (letter,) = (each for each in letters if each["Subject"] == "Your week is ready")
    assert [part.get_content_type() for part in letter.walk()][:2] == ["multipart/mixed", "multipart/alternative"]
    (calendar,) = letter.iter_attachments()
    assert calendar.get_filename() == "week.ics"
    events = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert [str(each["summary"]) for each in events] == ["Walk, 10 min"] * 2
    html = letter.get_body(("html",)).get_content()
    assert "coach next" in html or "Your plan stays as it is" in html


# In another language.


def test_messages_and_letters_in_german(coach, week):
    coach("setup", "--language", "de")
    (nudge,) = coach("tick", "--at", MONDAY, "--json").json
    assert nudge["title"] == "Ihre Woche ist fertig"
    assert "Spaziergänge: 3 von 5, " in nudge["text"]
    assert "Ihre Woche, 1.-7. Juni 2026" in nudge["text"]
    page = coach("summary", "2026-W23", "--format", "html").out
    assert '<html lang="de">' in page
    assert "Warnzeichen" in page
    words = {"walk", "week", "Your", "session", "plan of", "Monday", "Thursday"}
    assert not {each for each in words if f" {each} " in nudge["text"]}
    assert coach("summary", "2026-W23", "--format", "json").json["language"] == "de"


def test_a_language_that_is_not_there(coach, ada):
    assert "There is no language 'tlh'. Known: de, en." in coach("setup", "--language", "tlh", code=2).err


# An address that refuses.


def test_an_address_that_refuses_is_told_at_the_next_command_until_it_is_given_again(coach, week, home):
    import sqlite3

    with sqlite3.connect(home / "coach.db") as database:
        database.execute(
            "INSERT INTO suspended_address VALUES "
            "('email', 'ada@example.org', '2026-06-08 06:30:00.000000', '550 no such user')"
        )
    for words in (("week", "2026-W23", "--json"), ("nudges",)):
        told = coach(*words).err
        assert "Nothing reaches ada@example.org any more" in told
        assert "550 no such user" in told
    assert coach("setup", "--email", "ada@example.org").err == ""
    assert coach("nudges").err == ""


def test_an_address_that_the_mail_server_refuses_for_good(coach, setup, watch, mail_server, monkeypatch):
    """From a 550 over SMTP to the notice, and to what is due there afterwards."""
    refused = []

    class Mailbox:
        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
            refused.append(address)
            return "550 no such user"

    with mail_server(Mailbox()) as port:
        monkeypatch.setenv("COACH_SMTP_URL", f"smtp://127.0.0.1:{port}")
        coach(*setup())
        coach("import", watch)
        (nudge,) = coach("tick", "--at", MONDAY, "--json").json
        assert (nudge["state"], nudge["channel"]) == ("failed", "email")
        told = coach("week", "2026-W23", "--json").err
        assert "Nothing reaches ada@example.org any more: it was refused (550 no such user)" in told
        (later,) = coach("tick", "--at", "2026-06-15T08:30", "--json").json
        assert (later["state"], "suspended since 2026-06-08" in later["reason"]) == ("failed", True)
    assert refused == ["ada@example.org"]
