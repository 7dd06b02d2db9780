"""Which channels there are. A new one is a file beside this one and an entry here."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from types import MappingProxyType
from typing import Final, TextIO

from config.settings import Settings
from scheduler.channels.base import Channel
from scheduler.channels.personal import Resolve, nowhere
from scheduler.clock import Clock, utc_now
from scheduler.errors import ChannelError


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What channels need to know. Each takes what concerns it and complains where that is missing."""

    mail_from: str = "coach@localhost"
    smtp_url: str | None = field(default=None, repr=False)  # holds a password
    folder: Path | None = None
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    sender_name: str = Settings.SENDER_NAME
    clock: Clock = utc_now
    resolve: Resolve = nowhere  # from a reference to the URL of a person's own channel, which is a secret
    allow_private: bool = False  # those may lead into this network, and there without TLS

    def __post_init__(self) -> None:
        try:
            Address(addr_spec=self.mail_from).domain.encode("ascii")
        except (ValueError, IndexError, HeaderParseError):
            raise ChannelError("The sender of the mails is not an address: write coach@example.org.") from None

    @property
    def message_domain(self) -> str:
        """The right-hand side of a Message-ID."""
        return self.mail_from.rpartition("@")[2] or "localhost"


def _console(settings: ChannelSettings) -> Channel:
    from scheduler.channels.console import ConsoleChannel

    return ConsoleChannel(settings.stream)


def _file(settings: ChannelSettings) -> Channel:
    from scheduler.channels.file import FileChannel

    if settings.folder is None:
        raise ChannelError("The channel 'file' needs a folder to write to.")
    return FileChannel(settings.folder, settings.mail_from, settings.sender_name, settings.clock)


def _email(settings: ChannelSettings) -> Channel:
    from scheduler.channels.email import EmailChannel
    from scheduler.channels.smtp_url import parse_smtp_url

    if settings.smtp_url is None:
        raise ChannelError("The channel 'email' needs a mail server: set COACH_SMTP_URL, for example smtp://localhost.")
    server = parse_smtp_url(settings.smtp_url)
    return EmailChannel(server, settings.mail_from, settings.sender_name, settings.clock)


def _ntfy(settings: ChannelSettings) -> Channel:
    from scheduler.channels.ntfy import NtfyChannel
    from scheduler.channels.outbound import Outbound

    return NtfyChannel(settings.resolve, Outbound(settings.allow_private, settings.clock))


def _webhook(settings: ChannelSettings) -> Channel:
    from scheduler.channels.outbound import Outbound
    from scheduler.channels.webhook import WebhookChannel

    return WebhookChannel(settings.resolve, Outbound(settings.allow_private, settings.clock))


def _push(settings: ChannelSettings) -> Channel:
    from scheduler.channels.push import PushChannel

    return PushChannel(settings.resolve)


CHANNELS: Final[Mapping[str, Callable[[ChannelSettings], Channel]]] = MappingProxyType(
    {"console": _console, "file": _file, "email": _email, "ntfy": _ntfy, "webhook": _webhook, "push": _push}
)
PERSONAL: Final = ("ntfy", "webhook", "push")
"""Those whose addresses are references to a URL of a person's own."""


def open_channels(names: Iterable[str], settings: ChannelSettings) -> dict[str, Channel]:
    """The channels of these names, ready to send.

    Raises:
        ChannelError: for a name that is none, or settings that do not suffice.
    """
    channels = {}
    for name in names:
        if name not in CHANNELS:
            raise ChannelError(f"There is no channel {name!r}: choose from {', '.join(CHANNELS)}.")
        channels[name] = CHANNELS[name](settings)
    return channels
