"""`coach channels`: added, tried, listed and removed; and what they hold stays secret."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

KEYS = {"number", "channel", "label", "added_at", "suspended"}
TOPIC = "hunter2"
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544/"
TEST = "This is a test. If you can read it, it works."
MONDAY = "2026-06-08T08:30"


@pytest.fixture
def at_home(monkeypatch) -> None:
    """The receivers of the tests are on this machine."""
    monkeypatch.setenv("COACH_ALLOW_PRIVATE_ADDRESSES", "true")


@pytest.fixture
def topic(at_home, receiver) -> str:
    return f"ntfy://:tk_{TOPIC}@127.0.0.1:{receiver.port}/{TOPIC}?tls=no"


@pytest.fixture
def hook(at_home, receiver) -> str:
    return f"http://127.0.0.1:{receiver.port}/{TOPIC}"


@pytest.fixture
def added(coach, ada, topic) -> None:
    coach("channels", "add", topic)


def test_a_channel_comes_is_tried_and_goes(coach, ada, receiver, topic):
    assert "appear on the terminal" in coach("channels").out
    assert "Added: channel 1, ntfy 127.0.0.1" in coach("channels", "add", topic).out
    assert "in use" in coach("channels").out
    assert "sent. Look whether it is there" in coach("channels", "test").out
    (sent,) = receiver.received
    assert (sent.json["title"], sent.json["message"]) == ("Your coach", TEST)
    assert "Removed: channel 1" in coach("channels", "remove", 1).out
    assert coach("channels", "list", "--json").json == []


def test_as_json(coach, ada, receiver, topic, hook):
    first = coach("channels", "add", topic, "--name", " phone ", "--json").json
    second = coach("channels", "add", hook, "--json").json
    assert first.keys() == second.keys() == KEYS | {"is_new", "secret"}
    assert (first["number"], first["channel"], first["label"], first["secret"]) == (1, "ntfy", "phone", None)
    assert (second["number"], second["channel"], second["is_new"]) == (2, "webhook", True)
    assert second["secret"].startswith("whsec_")
    listed = coach("channels", "--json").json
    assert listed == [{name: each[name] for name in KEYS} for each in (first, second)]
    tried = coach("channels", "test", 2, "--json").json
    assert tried == [{**listed[1], "outcome": "delivered", "reason": None}]
    assert coach("channels", "remove", 2, "--json").json == listed[1]


def test_the_same_once_more_is_the_same(coach, ada, topic, hook, counts):
    first, again = (coach("channels", "add", hook, "--json").json for _ in range(2))
    assert (again["number"], again["is_new"], again["secret"]) == (first["number"], False, None)
    coach("channels", "add", topic)
    assert "there already: channel 2" in coach("channels", "add", topic).out
    assert counts()["person_channel"] == 2


def test_a_url_is_read_where_a_dash_stands(coach, ada, topic, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{topic}\n"))
    assert coach("channels", "add", "-", "--json").json["channel"] == "ntfy"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("gopher://hunter2.example.org", "no channel for such a URL"),
        ("hunter2", "no channel for such a URL"),
        ("ntfy://localhost/hunter2", "private network"),
        ("ntfy://[::1]/hunter2", "private network"),
        ("https://169.254.169.254/hunter2", "private network"),
        ("https://2130706433/hunter2", "private network"),
        ("https://0x7f.1/hunter2", "private network"),
        ("https://[::ffff:127.0.0.1]/hunter2", "private network"),
        ("http://example.org/hunter2", "without TLS"),
        ("ntfy://ntfy.sh/hunter2?tls=no", "without TLS"),
        ("https://[::1/hunter2", "not a URL"),
        ("https:///hunter2", "no host"),
        ("ntfy://hunter2.example.org", "no topic"),
        ("tgram://hunter2", "not how Apprise writes"),
    ],
)
def test_what_cannot_be_used_is_told_and_not_kept(coach, ada, counts, url, sentence):
    said = coach("channels", "add", url, code=2)
    assert sentence in said.err
    assert "hunter2" not in said.err
    assert counts()["person_channel"] == 0


@pytest.mark.parametrize("name", ["", " ", "a" * 81, "a\nb", "a\x1b[2J"])
def test_a_name_that_cannot_be_shown(coach, ada, topic, counts, name):
    assert "can be seen" in coach("channels", "add", topic, "--name", name, code=2).err
    assert counts()["person_channel"] == 0


def test_options_stand_behind_what_is_to_be_done(coach, ada):
    assert "coach channels list" in coach("channels", "--json", "list", code=2).err


def test_what_is_not_there(coach, ada):
    assert "no channel 3" in coach("channels", "test", 3, code=1).err
    assert "no channel 3" in coach("channels", "remove", 3, code=1).err
    assert "Nothing is set up" in coach("channels", "test", code=2).err


def test_a_test_that_did_not_work_says_why(coach, added, receiver):
    receiver.script = [(403, {}), (503, {}), None]
    assert "not sent. The server answered 403 (Forbidden)." in coach("channels", "test", 1, code=1).err
    assert "not sent. The server answered 503 (Service Unavailable)." in coach("channels", "test", 1, code=1).err
    assert "perhaps sent. Lost after the message was handed over" in coach("channels", "test", 1, code=1).err


def test_what_the_settings_give_is_listed_and_tried_too(coach, ada, home, receiver, topic, monkeypatch):
    monkeypatch.setenv("COACH_MESSAGE_FOLDER", str(home / "letters"))
    coach("channels", "add", topic)
    listed = coach("channels", "--json").json
    assert [(each["number"], each["channel"]) for each in listed] == [(None, "file"), (1, "ntfy")]
    coach("channels", "test")
    assert len(receiver.received) == len(list((home / "letters").iterdir())) == 1


def test_a_mail_server_that_is_away_fails_the_test_and_the_others_go(coach, ada, receiver, topic, monkeypatch):
    monkeypatch.setenv("COACH_SMTP_URL", "smtp://127.0.0.1:1")
    coach("channels", "add", topic)
    said = coach("channels", "test", "--json", code=1).json
    assert [(each["channel"], each["outcome"]) for each in said] == [("email", "transient"), ("ntfy", "delivered")]


def test_nudges_come_that_way_and_not_on_the_terminal(coach, added, watch, receiver):
    coach("import", watch)
    nudges = coach("tick", "--at", MONDAY, "--json").json
    assert [(each["channel"], each["state"]) for each in nudges] == [("ntfy", "sent")]
    assert "Warning signs" in nudges[0]["text"]
    (sent,) = receiver.received
    assert len(sent.json["message"].encode()) <= 4096


def test_a_channel_that_refuses_for_good_is_left_alone_until_a_test_arrives(coach, added, watch, receiver):
    coach("import", watch)
    receiver.script = [(403, {})]
    said = coach("tick", "--at", MONDAY)
    assert "`coach channels test 1` tries it once more" in said.err
    assert "refused, and left alone" in " ".join(coach("channels").out.split())
    assert "403" in coach("channels", "--json").json[0]["suspended"]
    receiver.script = [(403, {})]
    coach("channels", "test", 1, code=1)
    assert coach("channels", "--json").json[0]["suspended"] is not None
    assert coach("channels", "test", 1).err == ""
    assert coach("channels", "--json").json[0]["suspended"] is None


def test_added_again_it_is_tried_again(coach, added, watch, receiver, topic):
    coach("import", watch)
    receiver.script = [(403, {})]
    coach("tick", "--at", MONDAY)
    coach("channels", "add", topic)
    assert coach("channels", "--json").json[0]["suspended"] is None


def test_what_waits_for_a_channel_that_was_removed_fails(coach, added, watch, receiver):
    coach("import", watch)
    receiver.script = [(503, {})]
    assert [each["state"] for each in coach("tick", "--at", MONDAY, "--json").json] == ["pending"]
    coach("channels", "remove", 1)
    (nudge,) = coach("tick", "--at", "2026-06-08T12:00", "--json").json
    assert (nudge["state"], nudge["reason"]) == ("failed", "the channel was removed")
    assert "Nothing reaches" not in coach("channels").err


def test_numbers_and_channels_are_each_persons_own(coach, ada, setup, topic, hook):
    coach(*setup(name="Bea"))
    for who in ("Ada", "Bea"):
        assert coach("channels", "add", topic, "--person", who, "--json").json["number"] == 1
    coach("channels", "add", hook, "--person", "Bea")
    coach("channels", "remove", 2, "--person", "Ada", code=1)
    assert len(coach("channels", "--person", "Bea", "--json").json) == 2
    assert "Say who" in coach("channels", code=2).err


def test_secrets_are_sealed_and_the_key_lies_apart(coach, ada, home, topic):
    coach("channels", "add", topic)
    coach("channels", "add", TELEGRAM)
    for path in home.glob("coach.db*"):
        held = path.read_bytes()
        assert not [each for each in (TOPIC, "tk_", "abcdefg", "12315544") if each.encode() in held]
    key = home / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_bytes().strip() not in (home / "coach.db").read_bytes()


def test_with_another_key_it_is_not_lost_and_says_so(coach, added, home, receiver, topic):
    key = (home / "secret.key").read_bytes()
    (home / "secret.key").unlink()
    assert "another key" in coach("channels", "test", 1, code=1).err
    (home / "secret.key").write_bytes(key)
    coach("channels", "test", 1)
    (home / "secret.key").unlink()
    assert coach("channels", "add", topic, "--json").json["number"] == 2
    coach("channels", "test", 2)
    assert len(receiver.received) == 2


def test_the_days_to_come_are_played_without_it(coach, added, receiver):
    coach("nudges", "preview", "--to", datetime.now(UTC).date() + timedelta(days=1))
    assert receiver.received == []


def test_a_number_is_not_given_twice_while_messages_remember_it(coach, added, home, topic, hook):
    """Deliveries hold the row's id: what was sent to a channel that is gone never goes to the next one."""
    coach("channels", "remove", 1)
    coach("channels", "add", hook)
    with sqlite3.connect(home / "coach.db") as database:
        assert database.execute("SELECT id, number FROM person_channel").fetchall() == [(2, 1)]
