"""What a channel is given, and the four things it may answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from scheduler.messages import Message


class Outgoing(NamedTuple):
    """One message for one address. `message_id` (`<...@...>`) is the same each time that it is sent; `packed` is what
    the channel's `pack` made of it.
    """

    address: str
    message: Message
    message_id: str
    packed: bytes | None = None

    def __repr__(self) -> str:
        """Without the address."""
        return f"Outgoing(message={self.message!r}, message_id={self.message_id!r})"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel took it."""


@dataclass(frozen=True, slots=True)
class Transient:
    """Nothing went out; it is worth another try, after `retry_after` where the channel said so."""

    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """Nothing went out, and nothing will to this address."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The bytes may have been accepted."""

    reason: str


Outcome = Delivered | Transient | Permanent | Unknown


class Channel(Protocol):
    """A way to reach a person.

    One to which repeating costs nothing may have `carries`, how many letters it is handed in one go (1). They are all
    in doubt when the worker is killed. One whose letters take milliseconds to put together may have `pack`, from an
    `Outgoing` to one that is packed: it is called in the thread that words them, for two threads that work at once take
    a third more time of the processor. What it raises is left to `send`, which meets it again.
    """

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send one message. What goes wrong is an answer, never an exception; the reason holds no address."""

    async def rest(self) -> None:
        """Let go of connections at the end of a sweep; a later send opens new ones."""
