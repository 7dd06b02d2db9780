"""Letters, files, the console, the registry and the mail server's URL."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from scheduler.channels.base import Delivered, Outgoing, Permanent, Transient, Unknown
from scheduler.channels.console import ConsoleChannel
from scheduler.channels.file import file_name
from scheduler.channels.letter import compose
from scheduler.channels.registry import CHANNELS, ChannelSettings, open_channels
from scheduler.channels.smtp_url import SmtpServer, parse_smtp_url
from scheduler.errors import ChannelError
from scheduler.messages import Message, Picture

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
MESSAGE = Message("Deine Woche", "Grüße von\n.einem Punkt\n", "<p>Grüße</p>")
OUTGOING = Outgoing("ada@example.org", MESSAGE, "<6f1c-22@example.org>")


def test_a_letter_says_who_when_and_that_a_machine_wrote_it():
    raw = compose(OUTGOING, "coach@example.org", "Your coach", AT)
    letter = message_from_bytes(raw, policy=default)

    assert letter["From"] == "Your coach <coach@example.org>"
    assert letter["To"] == "ada@example.org"
    assert letter["Subject"] == "Deine Woche"
    assert letter["Message-ID"] == "<6f1c-22@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == AT
    assert letter.get_body(("plain",)).get_content().splitlines() == ["Grüße von", ".einem Punkt"]
    assert "<p>Grüße</p>" in letter.get_body(("html",)).get_content()
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_long_message_id_is_not_folded():
    message_id = f"<{'0' * 36}@{'mail.' * 20}example.org>"
    raw = compose(Outgoing("a@example.org", Message("x", "y"), message_id), "c@example.org", "Your coach", AT)
    assert message_id in message_from_bytes(raw, policy=default)["Message-ID"]


@pytest.mark.parametrize("address", ["ada@example.org\nBcc: all@example.org", "ädä@example.org"])
def test_an_address_that_cannot_stand_in_a_header_is_refused(address):
    with pytest.raises(ValueError, match=r"SMTPUTF8|linefeed"):
        compose(Outgoing(address, MESSAGE, "<1@x>"), "coach@example.org", "Your coach", AT)


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "two\r\nBcc: all@example.org"])
def test_a_title_is_one_line(title):
    with pytest.raises(ValueError, match="one line"):
        Message(title, "text")


def test_contents_and_addresses_stay_out_of_repr():
    assert "Deine" not in repr(OUTGOING)
    assert "Grüße" not in repr(OUTGOING)
    assert "ada@" not in repr(OUTGOING)


def broken() -> bytes:
    raise ValueError("no ink")


ILLUSTRATED = OUTGOING._replace(message=replace(MESSAGE, pictures=(Picture("trend.png", broken),)))


def test_a_picture_that_cannot_be_painted_is_not_the_addresss_fault(tmp_path):
    """One that is would suspend the address."""
    settings = ChannelSettings(folder=tmp_path, smtp_url="smtp://127.0.0.1:1", clock=lambda: AT)
    for channel in open_channels(["file", "email"], settings).values():
        with pytest.raises(ValueError, match="no ink"):
            asyncio.run(channel.send(ILLUSTRATED))
    assert list(tmp_path.iterdir()) == []


def test_a_channel_without_pictures_has_none_painted():
    assert asyncio.run(ConsoleChannel(io.StringIO()).send(ILLUSTRATED)) == Delivered()


def test_the_console_shows_title_and_text():
    stream = io.StringIO()

    assert asyncio.run(ConsoleChannel(stream).send(OUTGOING)) == Delivered()
    assert stream.getvalue() == "\nDeine Woche\n\nGrüße von\n.einem Punkt\n"


def test_a_closed_console_cannot_tell():
    stream = io.StringIO()
    stream.close()
    assert isinstance(asyncio.run(ConsoleChannel(stream).send(OUTGOING)), Unknown)


def test_a_message_sent_again_replaces_its_file(tmp_path):
    channel = CHANNELS["file"](ChannelSettings(folder=tmp_path / "mail", clock=lambda: AT))

    async def send_twice():
        return [await channel.send(OUTGOING), await channel.send(OUTGOING), await channel.rest()]

    assert asyncio.run(send_twice())[:2] == [Delivered(), Delivered()]
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["6f1c-22.eml"]


def test_a_folder_that_cannot_be_written_is_transient(tmp_path):
    (tmp_path / "mail").write_text("a file where the folder should be")
    channel = CHANNELS["file"](ChannelSettings(folder=tmp_path / "mail"))
    assert isinstance(asyncio.run(channel.send(OUTGOING)), Transient)


def test_a_file_for_an_impossible_address_is_permanent(tmp_path):
    channel = CHANNELS["file"](ChannelSettings(folder=tmp_path))
    assert isinstance(asyncio.run(channel.send(Outgoing("a\nb", MESSAGE, "<1@x>"))), Permanent)


@pytest.mark.parametrize(
    ("message_id", "name"),
    [("<a-1@x.org>", "a-1.eml"), ("<../../etc@x>", "_.._etc.eml"), ("<a b@x>", "a_b.eml")],
)
def test_file_names_hold_no_way_out_of_the_folder(message_id, name):
    assert file_name(message_id) == name


def test_channels_are_opened_by_name(tmp_path):
    settings = ChannelSettings(
        mail_from="coach@mail.example.org", smtp_url="smtp://localhost", folder=tmp_path, stream=io.StringIO()
    )

    assert list(open_channels(CHANNELS, settings)) == list(CHANNELS)
    assert settings.message_domain == "mail.example.org"


@pytest.mark.parametrize(
    ("names", "settings", "sentence"),
    [
        (["pigeon"], {}, "no channel 'pigeon': choose from console, file, email"),
        (["email"], {}, "COACH_SMTP_URL"),
        (["file"], {}, "folder"),
        ([], {"mail_from": "nobody"}, "not an address"),
        ([], {"mail_from": ""}, "not an address"),
    ],
)
def test_settings_that_do_not_suffice(names, settings, sentence):
    with pytest.raises(ChannelError, match=sentence):
        open_channels(names, ChannelSettings(**settings))


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25, tls=False, starttls=None)),
        ("smtp://mx:2525?starttls=false", SmtpServer("mx", 2525, tls=False, starttls=False)),
        ("smtps://mx", SmtpServer("mx", 465, tls=True, starttls=False)),
        (
            "smtp://u%40x:p%3Aw@mx:587",
            SmtpServer("mx", 587, tls=False, starttls=True, user="u@x", password="p:w"),
        ),
        (
            "smtp://u:pw@mx?starttls=auto",
            SmtpServer("mx", 25, tls=False, starttls=None, user="u", password="pw"),
        ),
    ],
)
def test_mail_server_urls(url, server):
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "http://u:secret@mx",
        "smtp://u:secret@",
        "smtp://u:secret@mx:mail",
        "smtp://u:secret@mx?starttls=perhaps",
        "smtp://u:secret@[::1",
    ],
)
def test_a_bad_url_is_explained_without_its_password(url):
    with pytest.raises(ChannelError, match="COACH_SMTP_URL") as caught:
        parse_smtp_url(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_passwords_stay_out_of_repr():
    url = "smtp://u:secret@mx"
    assert "secret" not in repr(parse_smtp_url(url))
    assert "secret" not in repr(ChannelSettings(smtp_url=url, folder=Path()))
