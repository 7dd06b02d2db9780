"""`COACH_SMTP_URL`: a mail server in one line, `smtp://user:password@mail.example.org:587?starttls=true`."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from scheduler.errors import ChannelError

# The ports of RFC 5321 and RFC 8314.
PORTS: Final = {"smtp": 25, "smtps": 465}
# What aiosmtplib calls them; "auto" upgrades where the server offers it.
STARTTLS: Final[dict[str, bool | None]] = {"true": True, "false": False, "auto": None}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to hand in mail. `starttls` None means where it is offered."""

    host: str
    port: int
    tls: bool
    starttls: bool | None
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Read `smtp://` (plain, upgraded by STARTTLS) or `smtps://` (TLS from the start).

    `?starttls=` is `true`, `false` or `auto`. Left out, it is `true` with a password, which must not travel
    in the clear because somebody on the way struck STARTTLS from the server's offer, and `auto` without.

    Raises:
        ChannelError: a sentence that never holds the URL itself.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ChannelError("COACH_SMTP_URL is not a URL: the port is a number, brackets come in pairs.") from None
    if parts.scheme not in PORTS:
        raise ChannelError("COACH_SMTP_URL begins with smtp:// or smtps://.")
    if not parts.hostname:
        raise ChannelError("COACH_SMTP_URL names no host: write smtp://mail.example.org.")
    tls = parts.scheme == "smtps"
    asked = parse_qs(parts.query).get("starttls", ["true" if parts.password else "auto"])[-1]
    if asked not in STARTTLS:
        raise ChannelError(f"COACH_SMTP_URL: starttls is one of {', '.join(STARTTLS)}.")
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=tls,
        starttls=False if tls else STARTTLS[asked],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
