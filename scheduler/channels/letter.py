"""A message as an e-mail: its headers, both bodies, what the HTML shows, and what is enclosed.

    multipart/mixed                 where something is attached
      multipart/alternative         where there is HTML
        text/plain                  at its end what can be answered, a line each
        multipart/related           where the HTML has pictures: it shows them as `cid:NAME`
          text/html
          image/png
      text/calendar, ...

The email package folds the headers that hold what somebody wrote. The rest is written here: all of it is ours and
ASCII, and putting it together takes a tenth of the time.
"""

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from scheduler.channels import markup
from scheduler.channels.base import Outgoing
from scheduler.messages import Action, Message

_BYTES: Final = 57
"""They make a line of 76 characters."""

_PLAIN: Final = re.compile(
    r"(?=.{3,70}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE
)
"""Addresses of which folding leaves each character where it is."""


class AddressError(ValueError):
    """It cannot stand in a header: line breaks, letters beyond ASCII."""


def compose(outgoing: Outgoing, mail_from: str, sender_name: str, at: datetime) -> bytes:
    """The letter as bytes with CRLF line ends, all ASCII, so that any server takes it. The same message at the same
    moment is the same bytes.

    Its pictures are painted here, which takes some milliseconds: outside the loop's thread.

    Raises:
        AddressError: of the recipient.
    """
    written = "".join(
        (
            _from(sender_name, mail_from),
            _to(outgoing.address),
            _folded("Subject", outgoing.message.title),
            *_lines(outgoing, at),
            _whole(outgoing.message),
        )
    )
    return written.replace("\r\n", "\n").replace("\n", "\r\n").encode("ascii")


@lru_cache(maxsize=16)
def _from(name: str, address: str) -> str:
    return _folded("From", str(Address(name, addr_spec=address)))


def _to(address: str) -> str:
    if _PLAIN.fullmatch(address):
        return f"To: {address}\r\n"
    if not address.isascii():
        raise AddressError("An address beyond ASCII needs SMTPUTF8, which many servers lack.")
    try:
        return _folded("To", address)
    except ValueError as error:
        raise AddressError(str(error)) from None


@lru_cache(maxsize=256)  # of a sweep's letters, most come from one sender and say one thing
def _folded(name: str, value: str) -> str:
    _, header = SMTP.header_store_parse(name, value)
    folded: str = header.fold(policy=SMTP)
    return folded


def _lines(outgoing: Outgoing, at: datetime) -> Iterator[str]:
    """Headers that stay in one line however long they are: folded, an address would become encoded words."""
    yield f"Date: {format_datetime(at)}\n"
    yield f"Message-ID: {outgoing.message_id}\n"
    yield "Auto-Submitted: auto-generated\n"  # RFC 3834: keeps out-of-office replies away
    if outgoing.message.unsubscribe_url is not None:
        yield f"List-Unsubscribe: <{outgoing.message.unsubscribe_url}>\n"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"  # RFC 8058
    yield "MIME-Version: 1.0\n"


def _whole(message: Message) -> str:
    """The contents, with as many layers as they need."""
    body = _text("plain", _with_lines(message.text, message.actions))
    if (html := markup.page_of(message)) is not None:
        pictures = [
            _file("image/png", each.paint(), "inline", each.name, f"Content-ID: <{each.name}>\n")
            for each in message.pictures
        ]
        body = _multipart("alternative", [body, _multipart("related", [_text("html", html), *pictures])])
    enclosed = [_file(each.media_type, each.content, "attachment", each.name) for each in message.attachments]
    return _multipart("mixed", [body, *enclosed])


def _with_lines(text: str, actions: Sequence[Action]) -> str:
    """The text with what can be answered: `Label: url`."""
    lines = "\n".join(f"{each.label}: {each.url}" for each in actions)
    return f"{text.rstrip()}\n\n{lines}" if lines else text


def _text(subtype: str, content: str) -> str:
    lines = "\n".join(content.splitlines()) + "\n"
    written = b2a_qp(lines.encode(), istext=True).decode("ascii")
    return f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n{written}'


def _file(media_type: str, content: bytes, disposition: str, name: str, header: str = "") -> str:
    return (
        f"Content-Type: {media_type}\nContent-Transfer-Encoding: base64\n{header}"
        f'Content-Disposition: {disposition}; filename="{name}"\n\n{_base64(content)}'
    )


def _base64(content: bytes) -> str:
    """In lines, as RFC 2045 asks."""
    return b"".join([b2a_base64(content[at : at + _BYTES]) for at in range(0, len(content), _BYTES)]).decode("ascii")


def _multipart(subtype: str, parts: Sequence[str]) -> str:
    """The parts as one; a single one needs nothing around it."""
    if len(parts) == 1:
        return parts[0]
    boundary = f"=_{subtype}"  # `=_` is in nothing that is quoted-printable or base64
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n{inside}--{boundary}--\n'
