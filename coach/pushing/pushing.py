"""Files go from the queue to the server, one by one; what is interrupted goes on the next time."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from coach.errors import CoachError, UsageError
from coach.ingest.files import Outcome
from coach.pushing.queue import Entry, Queue, State, queue_of
from coach.pushing.server import AwayError, RefusedError, Server, open_server
from config.private import Private
from config.settings import Settings
from devices.errors import DeviceError
from devices.fit.sources import Source

log = logging.getLogger(__name__)

TRIES: Final = 7
"""With the waits between them a minute: a server that starts anew is there by then."""

_FIRST_WAIT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a file. `reason`: the sentence of the server, or of whoever could not read it here."""

    name: str
    sha256: str | None
    outcome: str
    reason: str | None = None


def fill(queue: Queue, sources: Iterable[Source]) -> Iterator[Pushed]:
    """Have files wait; gives those that need not, or cannot, go. What was refused before is not told again."""
    for source in sources:
        try:
            entry = queue.add(source.name, source.read())
        except DeviceError as error:
            yield Pushed(source.name, None, Outcome.REFUSED, str(error))
            continue
        if entry.state is State.THERE:
            yield Pushed(source.name, entry.sha256, Outcome.DUPLICATE)


def push(
    queue: Queue, server: Server, *, tries: int = TRIES, sleep: Callable[[float], object] = time.sleep
) -> Iterator[Pushed]:
    """Send what waits. What has been yielded is settled.

    Raises:
        AwayError: so many tries in a row have failed; the rest waits on.
        DeniedError: the server lets nothing in.
    """
    for entry in queue.waiting():
        yield _patiently(lambda entry=entry: _sent(queue, server, entry), tries, sleep)  # type: ignore[misc]


def _patiently(send: Callable[[], Pushed], tries: int, sleep: Callable[[float], object]) -> Pushed:
    for attempt in range(tries - 1):
        try:
            return send()
        except AwayError as error:
            sleep(error.patience_s if error.patience_s is not None else _FIRST_WAIT_S * 2**attempt)
    return send()


def _sent(queue: Queue, server: Server, entry: Entry) -> Pushed:
    if server.knows(entry.sha256):
        outcome, reason = str(Outcome.DUPLICATE), None
    else:
        try:
            outcome, reason = server.send(entry.name, queue.content(entry))
        except RefusedError as error:
            queue.settle(entry, State.REFUSED, str(error))
            return Pushed(entry.name, entry.sha256, Outcome.REFUSED, str(error))
    queue.settle(entry, State.THERE)
    return Pushed(entry.name, entry.sha256, outcome, reason)


def destination(settings: Settings, to: str | None = None) -> tuple[Queue, Server]:
    """The queue to a server, and the server: that of the settings, unless `to` names another.

    Raises:
        UsageError: no server or no token is known, or the address is not good.
    """
    url = to or settings.server_url
    if url is None:
        raise UsageError("To which server? `--to URL` names it, or the setting COACH_SERVER_URL.")
    if settings.server_token is None:
        raise UsageError(
            "No token is set. Make one on the server, at /account/tokens or by `coach tokens add`, with the scope "
            "upload; and set it here as COACH_SERVER_TOKEN."
        )
    token = settings.server_token.get_secret_value()
    return queue_of(settings.home, url), open_server(url, token, allow_plain=settings.allow_plain_server)


def pass_on(settings: Settings) -> None:
    """Send what waits for the server of the settings, where there is one; what cannot go now waits on."""
    if settings.server_url is None:
        return
    try:
        queue, server = destination(settings)
        with server:
            for each in push(queue, server, tries=1):
                level = logging.WARNING if each.outcome == Outcome.REFUSED else logging.INFO
                reason = Private(f". {each.reason}" if each.reason else "")
                log.log(level, "%s: %s%s", Private(each.name), each.outcome, reason)
    except (CoachError, OSError) as error:
        log.warning("What was recorded waits for the server. %s", Private(error))


def leave(settings: Settings, name: str, data: bytes) -> None:
    """Have a file wait for the server of the settings, where there is one; where there is no room, it is kept here."""
    if settings.server_url is None:
        return
    try:
        queue_of(settings.home, settings.server_url).add(name, data)
    except OSError as error:
        log.warning("%s is kept here, and cannot wait for the server: %s.", Private(name), error.strerror or error)
