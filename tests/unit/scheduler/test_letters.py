"""A letter's layers: what can be answered, what the HTML shows, what is enclosed, and what never gets into a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import html5lib
import pytest

from scheduler.channels.base import Outgoing
from scheduler.channels.letter import compose
from scheduler.messages import Action, Attachment, Message, Picture

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
PAIN = Action("How is it <now>?", "https://coach.example/r/abc", ("0", "1", "10"))
STAY = Action("Stay & rest", "https://coach.example/r/def?x=1&y=2")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
CALENDAR = Attachment("week.ics", 'text/calendar; charset="utf-8"; method=PUBLISH', ICS)


def sent(message: Message, sender: str = "Your coach", to: str = "ada@example.org") -> EmailMessage:
    raw = compose(Outgoing(to, message, "<1@example.org>"), "coach@example.org", sender, AT)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    letter: Any = message_from_bytes(raw, policy=default)
    assert [part.defects for part in letter.walk()] == [[]] * len(list(letter.walk()))
    return letter


def kinds(letter: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in letter.walk()]


def text(letter: EmailMessage, kind: str = "plain") -> str:
    body: Any = letter.get_body((kind,))
    content: str = body.get_content()
    return content


def test_text_alone_is_one_part():
    assert kinds(sent(Message("Your coach", "text"))) == ["text/plain"]


def test_what_can_be_answered_stands_below_the_text_and_is_a_button():
    letter = sent(Message("Your coach", "first\nline\n\n<second>", actions=(PAIN, STAY)))
    assert kinds(letter) == ["multipart/alternative", "text/plain", "text/html"]
    assert text(letter).splitlines()[-3:] == [
        "",
        "How is it <now>?: https://coach.example/r/abc",
        "Stay & rest: https://coach.example/r/def?x=1&y=2",
    ]
    html = text(letter, "html")
    html5lib.HTMLParser(strict=True).parse(html)
    page = html5lib.parse(html, namespaceHTMLElements=False)
    links = {each.text: each.get("href") for each in page.iter("a")}
    assert links == {
        "0": "https://coach.example/r/abc/0",
        "1": "https://coach.example/r/abc/1",
        "10": "https://coach.example/r/abc/10",
        "Stay & rest": "https://coach.example/r/def?x=1&y=2",
    }
    assert [each.text for each in page.iter("p")][:2] == ["first", "<second>"]
    assert "How is it <now>?" in [each.text for each in page.iter("p")]


def test_a_page_stays_as_it_is():
    assert text(sent(Message("Your coach", "text", "<p>page</p>", actions=(STAY,))), "html").strip() == "<p>page</p>"


@pytest.mark.parametrize(
    "address",
    ["ada@example.org", "Ada.Love-lace_1@mail.example.org", "a@b", "ada+walks@example.org", f"{'a' * 90}@b.org"],
)
def test_an_address_stands_in_its_header_as_the_email_package_writes_it(address):
    raw = compose(Outgoing(address, Message("x", "y"), "<1@example.org>"), "coach@example.org", "Your coach", AT)
    folded = SMTP.header_store_parse("To", address)[1].fold(policy=SMTP)
    assert raw.count(b"\r\nTo:") == 1
    assert folded.encode() in raw


def test_pictures_go_with_the_page_and_files_beside_it():
    message = Message(
        "x", "t", '<img src="cid:trend.png">', pictures=(Picture("trend.png", lambda: PNG),), attachments=(CALENDAR,)
    )
    letter = sent(message)
    assert kinds(letter) == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"),
        "text/calendar",
    ]
    (picture,) = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<trend.png>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == PNG
    (calendar,) = letter.iter_attachments()
    assert calendar.get_payload(decode=True) == ICS
    assert calendar.get_filename() == "week.ics"
    assert calendar["Content-Type"].params == {"charset": "utf-8", "method": "PUBLISH"}


def test_a_file_may_go_with_text_alone():
    assert kinds(sent(Message("x", "t", attachments=(CALENDAR,)))) == ["multipart/mixed", "text/plain", "text/calendar"]


def test_one_click_unsubscribes_by_rfc_8058_however_long_the_link():
    url = "https://coach.example/u/" + "a1B2" * 80
    letter = sent(Message("x", "t", unsubscribe_url=url))
    assert letter["List-Unsubscribe"] == f"<{url}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent(Message("x", "t"))["List-Unsubscribe"] is None
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in compose(
        Outgoing("a@b.org", Message("x", "t", unsubscribe_url=url), "<1@x>"), "c@x.org", "Your coach", AT
    )


@pytest.mark.parametrize("name", ['<b>"Ada" & Co</b>', "Ä, (B) <c@d>", "=?utf-8?q?x?="])
def test_a_name_with_markup_stays_a_name(name):
    letter = sent(Message("x", "t"), sender=name)
    (sender,) = letter["From"].addresses
    assert sender.addr_spec == "coach@example.org"
    assert len(letter["From"].addresses) == 1


@pytest.mark.parametrize("address", ["a@b.org\r\nBcc: all@b.org", "a@b.org\nX: y"])
def test_nothing_gets_into_a_header(address):
    with pytest.raises(ValueError, match="linefeed"):
        sent(Message("x", "t"), to=address)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Action("x", "javascript:alert(1)"),
        lambda: Action("x", "https://a.b/c\r\nBcc: all@b.org"),
        lambda: Action("x", "https://a.b/c d"),
        lambda: Picture('a"\r\nX: y', bytes),
        lambda: Attachment("../etc", "text/plain", b""),
        lambda: Message("x", "t", unsubscribe_url="https://a.b/>\r\nX: y"),
        lambda: Message("x", "t", unsubscribe_url="mailto:x@y"),
    ],
)
def test_what_cannot_be_a_link_or_a_name_is_refused_and_not_repeated(made):
    with pytest.raises(ValueError, match="of a message") as refused:
        made()
    assert "a.b" not in str(refused.value)


def test_the_same_message_is_the_same_bytes():
    outgoing = Outgoing("a@b.org", Message("x", "t", actions=(PAIN,), attachments=(CALENDAR,)), "<1@x>")
    assert len({compose(outgoing, "c@x.org", "Your coach", AT) for _ in range(3)}) == 1


def test_a_small_page_says_in_which_language_it_is() -> None:
    assert '<html lang="de">' in text(sent(Message("Ihr Coach", "Text", actions=(STAY,), language="de")), "html")
    assert "<html>" in text(sent(Message("Your coach", "text", actions=(STAY,))), "html")
