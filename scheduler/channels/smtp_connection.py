"""A conversation with a mail server, in two things other than the library's."""

import asyncio

from aiosmtplib import SMTP, SMTPDataError, SMTPStatus


class Connection(SMTP):
    def close(self) -> None:
        """Hang up at once. TLS would wait for the server's own good-bye, and its socket outlive the sweep."""
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    async def hand_in(self, letter: bytes) -> None:
        """As `data`, of a letter whose lines all end in CRLF, the last one too: the library looks for those that
        do not, which takes as long as the rest of the conversation. How long to wait is the caller's.
        """
        ready = await self.execute_command(b"DATA", timeout=None)
        if ready.code != SMTPStatus.start_input or self.protocol is None:
            raise SMTPDataError(ready.code, ready.message)
        self.protocol.write(letter.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        answer = await self.protocol.read_response()
        if answer.code != SMTPStatus.completed:
            raise SMTPDataError(answer.code, answer.message)
