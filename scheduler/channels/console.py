"""Messages on a terminal, for a first look."""

from typing import TextIO

from scheduler.channels.base import Delivered, Outcome, Outgoing, Unknown


class ConsoleChannel:
    """Writes title and text to a stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, outgoing: Outgoing) -> Outcome:
        try:
            self._stream.write(f"\n{outgoing.message.title}\n\n{outgoing.message.text.rstrip()}\n")
            self._stream.flush()
        except (OSError, ValueError) as error:  # a closed pipe; a stream that cannot spell the text
            return Unknown(f"the stream could not be written: {type(error).__name__}")
        return Delivered()

    async def rest(self) -> None:
        pass
