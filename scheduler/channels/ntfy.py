"""Notifications by ntfy: `ntfy://[user:password@|:token@]host/topic`."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from re import fullmatch
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote

import httpx2

from scheduler.channels.base import Outcome, Outgoing
from scheduler.channels.outbound import Outbound, web_url
from scheduler.channels.personal import PersonalChannel, Recognised, Resolve, host_of, safely, split, stable_id
from scheduler.channels.shortening import bytes_of, shortened
from scheduler.errors import ChannelError

SCHEME: Final = "ntfy"
EXAMPLE: Final = "ntfy://ntfy.sh/topic"

# What a server takes as it comes; what is longer it would make a file of.
LONGEST_TEXT_BYTES: Final = 4096
MOST_BUTTONS: Final = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """Where to publish, and the header that lets one in."""

    server: httpx2.URL = field(repr=False)
    name: str = field(repr=False)
    entry: Mapping[str, str] = field(repr=False)


class NtfyChannel(PersonalChannel):
    """Publishes as JSON. Sent again, a message replaces itself on servers that know how (ntfy 2.16 and later)."""

    def __init__(self, resolve: Resolve, outbound: Outbound) -> None:
        super().__init__(resolve)
        self._outbound = outbound

    async def take(self, url: str, outgoing: Outgoing) -> Outcome:
        topic = parse(url, allow_plain=self._outbound.allow_private)
        content = json.dumps(published(topic.name, outgoing), ensure_ascii=False).encode()
        return await self._outbound.post(topic.server, content, {"Content-Type": "application/json", **topic.entry})


def published(topic: str, outgoing: Outgoing) -> dict[str, Any]:
    message = outgoing.message
    buttons = [each for each in message.actions if not each.aside][:MOST_BUTTONS]
    return {
        "topic": topic,
        "sequence_id": stable_id(outgoing.message_id),
        "title": message.title,
        "message": shortened(message.text, LONGEST_TEXT_BYTES, bytes_of),
        "actions": [{"action": "view", "label": each.label, "url": each.url, "clear": True} for each in buttons],
    }


def recognise(url: str, *, allow_plain: bool) -> Recognised:
    """
    Raises:
        ChannelError: a sentence that does not hold the URL.
    """
    topic = parse(url, allow_plain=allow_plain)
    return Recognised(SCHEME, f"ntfy {topic.server.netloc.decode('ascii')}", url, topic.server.host)


def parse(url: str, *, allow_plain: bool) -> Topic:
    """
    Raises:
        ChannelError: as `recognise`.
    """
    parts = split(url)
    host_of(parts, EXAMPLE)
    name = parts.path.removeprefix("/")
    if not name:
        raise ChannelError(f"The URL names no topic. Write it as {EXAMPLE}.")
    if fullmatch(r"[-_A-Za-z0-9]{1,64}", name) is None:
        raise ChannelError("A topic of ntfy is up to 64 letters, digits, - and _, and nothing behind it.")
    tls = _tls(parts)
    safely(parts, is_safe=tls, allow_plain=allow_plain)
    there = parts.netloc.rpartition("@")[2]
    server = web_url(f"http{'s' if tls else ''}://{there}/")
    return Topic(server, name, _entry(parts))


def _tls(parts: SplitResult) -> bool:
    """`?tls=no` leaves it out; no other question is known."""
    asked = parse_qsl(parts.query, keep_blank_values=True)
    if parts.fragment or asked not in ([], [("tls", "no")], [("tls", "yes")]):
        raise ChannelError("Behind a topic of ntfy only ?tls=no may stand.")
    return asked != [("tls", "no")]


def _entry(parts: SplitResult) -> Mapping[str, str]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not password:
        if user:
            raise ChannelError("A user of ntfy needs a password: ntfy://user:password@host/topic, or :token@ alone.")
        return {}
    basic = b64encode(f"{user}:{password}".encode()).decode("ascii")
    if not user and not (password.isascii() and password.isprintable()):
        raise ChannelError("A token of ntfy is letters and digits.")
    return {"Authorization": f"Basic {basic}" if user else f"Bearer {password}"}
