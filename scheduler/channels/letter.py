"""A message as an e-mail: the headers and both bodies."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from scheduler.channels.base import Outgoing


def compose(outgoing: Outgoing, mail_from: str, sender_name: str, at: datetime) -> bytes:
    """The letter as bytes with CRLF line ends, all ASCII, so that any server takes it.

    Raises:
        ValueError: when the address cannot stand in a header (line breaks, letters beyond ASCII).
    """
    if not outgoing.address.isascii():
        raise ValueError("An address beyond ASCII needs SMTPUTF8, which many servers lack.")
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(sender_name, addr_spec=mail_from)
    letter["To"] = outgoing.address
    letter["Subject"] = outgoing.message.title
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = outgoing.message_id
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps out-of-office replies away
    letter.set_content(outgoing.message.text, cte="quoted-printable")
    if outgoing.message.html is not None:
        letter.add_alternative(outgoing.message.html, subtype="html", cte="quoted-printable")
    return letter.as_bytes()
