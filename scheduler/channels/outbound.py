"""The way out to servers that people named: where one may connect to, and what their answers mean."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Final

import httpx2

from scheduler.channels.base import Delivered, Outcome, Permanent, Transient, Unknown
from scheduler.channels.personal import phrase
from scheduler.channels.public import is_public
from scheduler.clock import Clock, utc_now
from scheduler.errors import ChannelError, PrivateAddressError

# A name is found and a server answers the door within seconds, or not at all.
OPEN_LIMIT_S: Final = 10.0
# A service that takes messages says so within seconds; a minute keeps a send well within its lease.
ANSWER_LIMIT_S: Final = 60.0
# Where one address of a name is out of reach (IPv6 that leads nowhere), the next one often is not.
MOST_ADDRESSES: Final = 4
# A server may ask for patience; a message of the morning still gets another try on the same day.
LONGEST_PATIENCE: Final = timedelta(hours=6)

BUSY: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)}
)

# They tell the whole URL of each request, which is where secrets are.
for _chatty in ("httpx2", "httpcore2"):
    logging.getLogger(_chatty).setLevel(logging.CRITICAL)


async def permitted(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of a host that may be connected to, the best first.

    Raises:
        OSError: it is not found.
        PrivateAddressError: it is, but only at addresses that are not of the public internet.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError("no such name") from error
    addresses = dict.fromkeys(str(socket_address[0]) for *_, socket_address in found)
    allowed = [each for each in addresses if is_public(each) or (allow_private and "%" not in each)]
    if not allowed:
        raise PrivateAddressError
    return allowed[:MOST_ADDRESSES]


def web_url(url: str) -> httpx2.URL:
    """
    Raises:
        ChannelError: its host cannot be one.
    """
    try:
        return httpx2.URL(url)
    except httpx2.InvalidURL:
        raise ChannelError("The URL names a host that cannot be.") from None


@dataclass(frozen=True, slots=True)
class Outbound:
    """Posts to servers that people named.

    It connects to the very address that was looked at, so that a name cannot point elsewhere a moment later; follows
    no redirect; and reads no answer but its head. Each message has a connection of its own: an idle one that the
    server is just closing would leave its message in doubt.
    """

    allow_private: bool = False
    clock: Clock = utc_now

    async def post(self, url: httpx2.URL, content: bytes, headers: Mapping[str, str]) -> Outcome:
        """What came of it. No reason quotes the URL, or what the server said."""
        try:
            async with asyncio.timeout(OPEN_LIMIT_S):
                port = url.port or {"http": 80}.get(url.scheme, 443)
                addresses = await permitted(url.raw_host.decode("ascii"), port, allow_private=self.allow_private)
        except PrivateAddressError:  # worth another try: in a hotel, every name leads to its desk until one has paid
            return Transient("the server's name leads into a private network, which is not allowed")
        except OSError:  # a TimeoutError is one
            return Transient("the server's name could not be found")
        return await self._post(_Request(url, content, headers), addresses)

    async def _post(self, request: "_Request", addresses: Sequence[str]) -> Outcome:
        out_of_reach = Transient("the server could not be reached")
        timeout = httpx2.Timeout(ANSWER_LIMIT_S, connect=OPEN_LIMIT_S)
        async with httpx2.AsyncClient(verify=_tls(), timeout=timeout, trust_env=False) as client:
            for address in addresses:
                try:
                    async with asyncio.timeout(ANSWER_LIMIT_S):  # httpx2 measures from sign of life to sign of life
                        response = await client.send(request.to(address), stream=True)
                        await response.aclose()
                except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                    out_of_reach = Transient(_unreached(error))
                except (httpx2.HTTPError, TimeoutError) as error:
                    return Unknown(f"lost after the message was handed over: {type(error).__name__}")
                else:
                    return self._meant(response)
        return out_of_reach

    def _meant(self, response: httpx2.Response) -> Outcome:
        status = response.status_code
        if response.is_success:
            return Delivered()
        said = f"the server answered {status} ({phrase(status)})"
        if status in BUSY:
            return Transient(said, self._patience(response.headers.get("Retry-After", "")))
        return Permanent(f"{said}; redirects are not followed" if response.is_redirect else said)

    def _patience(self, asked: str) -> timedelta | None:
        """How long a server wants to be left alone, by RFC 9110: seconds, or a date."""
        try:
            wait = timedelta(seconds=int(asked)) if asked.isdecimal() else parsedate_to_datetime(asked) - self.clock()
        except (ValueError, TypeError, OverflowError):  # none; nonsense; a date without a zone; aeons
            return None
        return min(max(wait, timedelta()), LONGEST_PATIENCE)


@dataclass(frozen=True, slots=True)
class _Request:
    url: httpx2.URL = field(repr=False)
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def to(self, address: str) -> httpx2.Request:
        """To one of the host's addresses, and still in its name: to the server, and to those who vouch for it."""
        return httpx2.Request(
            "POST",
            self.url.copy_with(host=address),
            content=self.content,
            headers={**self.headers, "Host": self.url.netloc.decode("ascii")},
            extensions={"sni_hostname": self.url.raw_host.decode("ascii")},
        )


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _unreached(error: Exception) -> str:
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in _causes(error)):
        return "the server's certificate is not trusted"
    return "the server could not be reached"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
