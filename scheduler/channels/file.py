"""Letters in a folder: one `.eml` file a message, as any mail program opens it."""

import asyncio
import os
import re
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from scheduler.channels.base import Delivered, Outcome, Outgoing, Permanent, Transient
from scheduler.channels.letter import AddressError, compose
from scheduler.clock import Clock


class FileChannel:
    """Writes each message whole or not at all, named by its Message-ID: sent again, it replaces itself."""

    def __init__(self, folder: Path, mail_from: str, sender_name: str, clock: Clock) -> None:
        self._folder = folder
        self._mail_from = mail_from
        self._sender_name = sender_name
        self._clock = clock

    async def send(self, outgoing: Outgoing) -> Outcome:
        try:
            await asyncio.to_thread(self._write, outgoing, self._clock())
        except AddressError:
            return Permanent("the address cannot stand in a letter")
        except OSError as error:
            return Transient(f"the letter could not be written: {error.strerror or type(error).__name__}")
        return Delivered()

    def _write(self, outgoing: Outgoing, now: datetime) -> None:
        letter = compose(outgoing, self._mail_from, self._sender_name, now)
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, prefix=".", suffix=".part", delete=False) as part:
            try:
                part.write(letter)
                part.flush()
                os.fsync(part.fileno())
                part.close()
                Path(part.name).replace(self._folder / file_name(outgoing.message_id))
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise

    async def rest(self) -> None:
        pass


def file_name(message_id: str) -> str:
    """`<6f1c@example.org>` as `6f1c.eml`: what stands before the @, without what a file name cannot bear."""
    return re.sub(r"[^\w.-]", "_", message_id.strip("<>").partition("@")[0]).lstrip(".") + ".eml"
