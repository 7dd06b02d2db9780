"""E-mail by SMTP, with connections that are kept for a sweep."""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import replace
from typing import Final

from aiosmtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from scheduler.channels.base import Delivered, Outcome, Outgoing, Permanent, Transient, Unknown
from scheduler.channels.letter import AddressError, compose
from scheduler.channels.smtp_connection import Connection
from scheduler.channels.smtp_url import SmtpServer
from scheduler.clock import Clock

# A server that greets at all greets and signs us in within seconds; some hold strangers up for half a minute.
OPEN_LIMIT_S: Final = 45.0
# RFC 5321 grants the answer to a letter ten minutes; a minute keeps a send well within its lease, and what is
# accepted later than that arrives under a Message-ID that stays the same.
ANSWER_LIMIT_S: Final = 60.0
# Good-bye is a courtesy.
QUIT_LIMIT_S: Final = 5.0
# Characters of a server's answer that are kept: enough for a code and its sentence.
REASON_LENGTH: Final = 200

TRANSIENT: Final = range(400, 500)
PERMANENT: Final = range(500, 600)

Lost = (SMTPException, OSError, TimeoutError)


class EmailChannel:
    """Hands letters to one mail server.

    What the server says of the recipient or the letter counts as RFC 5321 has it: 4yz is transient, 5yz
    permanent. What it says of ourselves (greeting, sign-in, sender) tells nothing about the address and is
    always transient. A connection lost before the letter is begun is transient; afterwards nobody knows.

    A server that lets us not in is not tried again until the sweep is over, so that a batch does not wait for
    one time-out after the other. What it has let in goes on: many bear only a few connections of one client, and who
    finds no room waits until one of ours is free, or was lost and left its place.
    """

    def __init__(self, server: SmtpServer, mail_from: str, sender_name: str, clock: Clock) -> None:
        self._server = server
        self._mail_from = mail_from
        self._sender_name = sender_name
        self._clock = clock
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._freed = asyncio.Event()
        self._shut: Transient | None = None

    def pack(self, outgoing: Outgoing) -> Outgoing:
        letter = compose(outgoing, self._mail_from, self._sender_name, self._clock())
        return outgoing._replace(packed=letter)

    async def send(self, outgoing: Outgoing) -> Outcome:
        try:
            letter = outgoing.packed or (await asyncio.to_thread(self.pack, outgoing)).packed or b""
        except AddressError:
            return Permanent("the address cannot stand in a letter")
        client = await self._let_in()
        if isinstance(client, Transient):
            return _without(outgoing.address, client)
        try:
            outcome = await self._name_recipient(client, outgoing.address) or await self._hand_in(client, letter)
        except BaseException:
            client.close()
            raise
        finally:
            self._give_back(client)
        return _without(outgoing.address, outcome)

    async def knock(self) -> Transient | None:
        """Go in and out again, without a letter. Why the server does not let us in; None where it does."""
        try:
            client = await self._let_in()
            if isinstance(client, Transient):
                return client
            self._give_back(client)
            return None
        finally:
            await self.rest()

    async def rest(self) -> None:
        self._shut = None
        self._freed.set()
        self._freed = asyncio.Event()  # an event is of one loop, and a channel may see several
        while self._idle:
            client = self._idle.pop()
            with suppress(*Lost):
                await client.quit(timeout=QUIT_LIMIT_S)
            client.close()

    async def _let_in(self) -> Connection | Transient:
        """A connection to talk on, for to give back; or why there is none."""
        until = asyncio.get_running_loop().time() + OPEN_LIMIT_S
        while True:
            client = self._client()
            if (refusal := await self._enter(client)) is None:
                return client
            if not self._busy:
                return refusal
            self._freed.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._freed.wait()
            except TimeoutError:
                return refusal

    def _give_back(self, client: Connection) -> None:
        self._busy.discard(client)
        if client.is_connected:
            self._idle.append(client)
        else:
            self._shut = None  # there is room for another one
        self._freed.set()

    def _client(self) -> Connection:
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        return Connection(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.user,
            password=self._server.password,
            use_tls=self._server.tls,
            start_tls=self._server.starttls,
            local_hostname=self._mail_from.rpartition("@")[2],
            timeout=OPEN_LIMIT_S,
        )

    async def _enter(self, client: Connection) -> Transient | None:
        """Connect, secure and sign in; None when that is done. Who is on the way in is busy already."""
        if not client.is_connected and self._shut is not None:
            return self._shut
        self._busy.add(client)
        if client.is_connected:
            return None
        try:
            async with asyncio.timeout(OPEN_LIMIT_S):
                await client.connect()
        except BaseException as error:
            client.close()
            self._give_back(client)
            if not isinstance(error, Lost):
                raise
            self._shut = refusal = Transient(self._no_entry(error))
            return refusal
        return None

    def _no_entry(self, error: Exception) -> str:
        cause = error.__cause__ or error
        if not isinstance(error, SMTPConnectError) or isinstance(error, SMTPResponseException):
            return f"the mail server did not let us in: {_said(error)}"
        if isinstance(cause, ssl.SSLError):
            return f"the mail server did not let us in: {type(cause).__name__}"
        return f"the mail server {self._server.host}:{self._server.port} could not be reached"

    async def _name_recipient(self, client: Connection, address: str) -> Outcome | None:
        """Name sender and recipient; None when the server is ready for the letter."""
        try:
            async with asyncio.timeout(OPEN_LIMIT_S):
                await client.mail(self._mail_from, timeout=None)
                try:
                    await client.rcpt(address, timeout=None)
                except SMTPRecipientRefused as refusal:
                    await client.rset()
                    return _refused(refusal)
        except Lost as error:
            client.close()
            return Transient(f"the mail server took no letter: {_said(error)}")
        return None

    async def _hand_in(self, client: Connection, letter: bytes) -> Outcome:
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                await client.hand_in(letter)
        except SMTPResponseException as refusal:
            return _refused(refusal)
        except Lost as error:
            client.close()
            return Unknown(f"lost after the letter was begun: {_said(error)}")
        return Delivered()


def _refused(refusal: SMTPResponseException) -> Outcome:
    if refusal.code in PERMANENT:
        return Permanent(_said(refusal))
    return Transient(_said(refusal)) if refusal.code in TRANSIENT else Unknown(_said(refusal))


def _said(error: Exception) -> str:
    """What went wrong, on one line; never what we sent, which may be a password."""
    if isinstance(error, SMTPResponseException):
        return " ".join(f"{error.code} {error.message}".split())[:REASON_LENGTH]
    return type(error).__name__


def _without(address: str, outcome: Outcome) -> Outcome:
    """Servers like to repeat the address in their answers; it has no place in a reason."""
    if isinstance(outcome, Delivered):
        return outcome
    return replace(outcome, reason=re.sub(re.escape(address), "<address>", outcome.reason, flags=re.IGNORECASE))
