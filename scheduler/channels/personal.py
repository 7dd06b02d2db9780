"""What the channels of a person's own have in common: their URL is a secret, and deliveries hold a reference to it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import Final, NoReturn
from urllib.parse import SplitResult, urlsplit

from config.errors import ConfigError
from scheduler.channels.base import Channel, Outcome, Outgoing, Permanent, Transient
from scheduler.errors import ChannelError, whereabouts

Resolve = Callable[[str], str]
"""From a reference to the URL; `LookupError` where there is none any more. Called outside the loop's thread."""

_ID_LENGTH: Final = 32


def nowhere(reference: str) -> NoReturn:
    """The `Resolve` of those who have no channels of a person's own."""
    raise LookupError(reference)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A URL that a channel can use, in the form to keep; what is safe to show of it; a secret made for it, if any."""

    channel: str
    label: str
    url: str = field(repr=False)
    host: str | None = None  # whom it names; None for a service, whose hosts are its own
    secret: str | None = field(default=None, repr=False)

    def is_same(self, kept: str) -> bool:
        """Whether a URL leads to the same place; one with another secret for a webhook does."""
        return kept == self.url or (self.secret is not None and kept.partition("#")[0] == self.url.partition("#")[0])


class PersonalChannel(Channel, ABC):
    """Looks up what an address refers to, and takes the message there."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    async def send(self, outgoing: Outgoing) -> Outcome:
        try:
            url = await asyncio.to_thread(self._resolve, outgoing.address)
        except LookupError:
            return Permanent("the channel was removed")
        except ConfigError as error:  # the key is not the one of then; it may be brought back
            return Transient(str(error))
        except Exception as error:  # noqa: BLE001 (whatever it was, nothing went out: a database that is busy, say)
            return Transient(f"its URL could not be looked up: {whereabouts(error)}")
        try:
            return await self.take(url, outgoing)
        except ChannelError as error:
            return Permanent(str(error))

    @abstractmethod
    async def take(self, url: str, outgoing: Outgoing) -> Outcome:
        """Take it there. A ChannelError says that this URL cannot be used (any more)."""

    async def rest(self) -> None:
        pass


def split(url: str) -> SplitResult:
    """A URL in parts, its port a number.

    Raises:
        ChannelError: it is none; the sentence does not hold it.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # looked at when asked for
    except ValueError:
        raise ChannelError("This is not a URL: the port is a number, brackets come in pairs.") from None
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise ChannelError("This is not a URL: it holds characters that have to be written in per cent, as %20.")
    return parts


def host_of(parts: SplitResult, example: str) -> str:
    """
    Raises:
        ChannelError: it names none.
    """
    if not parts.hostname:
        raise ChannelError(f"The URL names no host. Write it as {example}.")
    return parts.hostname


def safely(parts: SplitResult, *, is_safe: bool, allow_plain: bool) -> None:
    """Secrets do not travel in the clear, but on one's own network, if one wants that.

    Raises:
        ChannelError: it is not safe, and that is not allowed.
    """
    if not is_safe and not allow_plain:
        raise ChannelError(
            f"{parts.scheme}:// without TLS is for your own network: COACH_ALLOW_PRIVATE_ADDRESSES=true allows it."
        )


def phrase(status: int) -> str:
    """What a status of HTTP means, in the words of the standard and not of the server."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "a status of its own"


def stable_id(message_id: str) -> str:
    """A Message-ID in letters and digits, for those who tell by it that they have a message already."""
    return sha256(message_id.encode()).hexdigest()[:_ID_LENGTH]
