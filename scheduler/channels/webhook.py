"""Messages for a program of one's own: a signed POST, as https://www.standardwebhooks.com describes it."""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any, Final

import httpx2

from scheduler.channels.base import Outcome, Outgoing
from scheduler.channels.outbound import Outbound, web_url
from scheduler.channels.personal import PersonalChannel, Recognised, Resolve, host_of, safely, split, stable_id
from scheduler.errors import ChannelError

CHANNEL: Final = "webhook"
SCHEMES: Final = frozenset({"https", "http"})
EXAMPLE: Final = "https://example.org/path"
TYPE: Final = "coach.message"

PREFIX: Final = "whsec_"
# What the specification asks of a secret.
SECRET_BYTES: Final = range(24, 65)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to post, and what to sign with."""

    url: httpx2.URL = field(repr=False)
    key: bytes = field(repr=False)


class WebhookChannel(PersonalChannel):
    """Posts JSON whose `webhook-id` stays the same when it is sent again."""

    def __init__(self, resolve: Resolve, outbound: Outbound) -> None:
        super().__init__(resolve)
        self._outbound = outbound

    async def take(self, url: str, outgoing: Outgoing) -> Outcome:
        hook = parse(url, allow_plain=self._outbound.allow_private)
        now = self._outbound.clock()
        number = f"msg_{stable_id(outgoing.message_id)}"
        content = json.dumps(payload(number, outgoing, now), ensure_ascii=False).encode()
        stamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(hook.key, number, stamp, content),
        }
        return await self._outbound.post(hook.url, content, headers)


def payload(number: str, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    message = outgoing.message
    actions = [{"label": each.label, "url": each.url, "choices": list(each.choices)} for each in message.actions]
    return {
        "type": TYPE,
        "timestamp": now.astimezone(UTC).isoformat(),
        "data": {"id": number, "title": message.title, "text": message.text, "actions": actions},
    }


def signature(key: bytes, number: str, stamp: str, content: bytes) -> str:
    signed = hmac.digest(key, f"{number}.{stamp}.".encode() + content, "sha256")
    return f"v1,{b64encode(signed).decode('ascii')}"


def recognise(url: str, *, allow_plain: bool) -> Recognised:
    """The secret stands behind `#`, which never travels; a new one where none is given.

    Raises:
        ChannelError: a sentence that does not hold the URL.
    """
    made = None
    if "#" not in url:
        made = PREFIX + b64encode(token_bytes(SECRET_BYTES[0])).decode("ascii")
        url = f"{url}#{made}"
    hook = parse(url, allow_plain=allow_plain)
    return Recognised(CHANNEL, f"webhook {hook.url.netloc.decode('ascii')}", url, hook.url.host, made)


def parse(url: str, *, allow_plain: bool) -> Hook:
    """
    Raises:
        ChannelError: as `recognise`.
    """
    parts = split(url)
    host_of(parts, EXAMPLE)
    safely(parts, is_safe=parts.scheme == "https", allow_plain=allow_plain)
    return Hook(web_url(parts._replace(fragment="").geturl()), _key(parts.fragment))


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(PREFIX) or len(key) not in SECRET_BYTES:
        raise ChannelError(
            f"The secret behind # is {PREFIX} and {SECRET_BYTES[0]} to {SECRET_BYTES[-1]} bytes in base64. "
            "Leave it out, and one is made."
        )
    return key
