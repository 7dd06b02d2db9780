"""`coach tick` and `coach nudges`: said once, and why."""

import json
from contextlib import closing
from email import message_from_bytes, policy

import pytest

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
def mailbox(monkeypatch):
    import socket

    from aiosmtpd.controller import Controller

    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("COACH_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("COACH_MAIL_FROM", "coach@example.org")
    yield box
    controller.stop()


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
    assert "Walks: 3 of 5 sessions" in text
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
    """Unlocked from Saturday on: until then nothing is said, and what is done earns nothing."""
    coach(*setup(diagnosed_by=None, diagnosed_on=None))
    coach("import", watch / "GARMIN" / "Activity" / "walk.fit")
    coach("setup", "--diagnosed-by", "Dr Bo", "--diagnosed-on", "2026-05-01", "--start", "2026-06-06")
    assert coach("tick", "--at", "2026-06-01T18:00", "--json").json == []
    assert coach("tick", "--at", "2026-06-04T12:30", "--json").json == []
    week = coach("week", "2026-W23", "--json").json
    assert [each["code"] for each in week["violations"]] == ["while_locked"]
    assert week["excused"] == {f"2026-06-0{day}": "locked" for day in range(1, 6)}
    (walk,) = (each for item in week["items"] for each in item["sessions"])
    assert walk["credited_minutes"] == 0
