"""`coach tick` sends letters: as mail or into a folder, in the person's language, and to an address that may refuse."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

MONDAY = "2026-06-08T08:30"


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
