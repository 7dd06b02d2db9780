"""Notifications by services that Apprise knows, of which only those whose host nobody can choose (extra `push`)."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from scheduler.channels.apprise_log import witnessed
from scheduler.channels.base import Delivered, Outcome, Outgoing, Transient, Unknown
from scheduler.channels.personal import PersonalChannel, Recognised, phrase
from scheduler.channels.shortening import shortened
from scheduler.errors import ChannelError
from scheduler.messages import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

CHANNEL: Final = "push"

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tgram": "Telegram",
        "discord": "Discord",
        "slack": "Slack",
        "gchat": "Google Chat",
        "line": "LINE",
        "threema": "Threema",
        "pover": "Pushover",
        "pbul": "Pushbullet",
        "prowl": "Prowl",
        "spush": "Simplepush",
        "sinch": "Sinch",
        "twilio": "Twilio",
        "vonage": "Vonage",
        "clicksend": "ClickSend",
        "seven": "seven.io",
    }
)
"""By scheme. Their hosts stand in Apprise itself, and all are reached by TLS; a test holds that."""

# Others would read files, leave certificates unchecked, or follow redirects.
OPTIONS: Final = frozenset({"to", "from", "thread", "topic", "priority", "sound", "silent", "region"})
# What a service makes of signs such as < takes more room than they do themselves.
_ROOM: Final = 0.9


class PushChannel(PersonalChannel):
    """Hands messages to Apprise. It says whether that worked, and not what a failure means: each is tried again."""

    async def take(self, url: str, outgoing: Outgoing) -> Outcome:
        service = SERVICES.get(_scheme(url), "the service")
        try:
            return await asyncio.to_thread(_notify, url, outgoing.message)
        except ImportError:
            return Transient(_missing(service))
        except ChannelError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever a plugin of Apprise's stumbles over)
            return Unknown(f"lost on the way to {service}: {type(error).__name__}")


def recognise(url: str) -> Recognised:
    """
    Raises:
        ChannelError: a sentence that does not hold the URL.
    """
    service = SERVICES[_scheme(url)]
    try:
        _open(url)
    except ImportError:
        raise ChannelError(_missing(service)) from None
    return Recognised(CHANNEL, service, url)


def _notify(url: str, message: Message) -> Outcome:
    from apprise import Apprise, NotifyFormat

    plugin = _open(url)
    postman = Apprise(asset=plugin.asset)
    postman.add(plugin)
    with witnessed() as witness:
        if postman.notify(title=message.title, body=_body(plugin, message), body_format=NotifyFormat.TEXT):
            return Delivered()
        status = witness.status
    service = SERVICES[_scheme(url)]
    if status is None:
        return Transient(f"{service} could not be reached, or did not take it")
    return Transient(f"{service} answered {status} ({phrase(status)})")


def _body(plugin: "NotifyBase", message: Message) -> str:
    """The text, and the links below it: here are no buttons."""
    links = "".join(f"\n{each.label}: {each.url}" for each in message.actions)
    room = int(plugin.body_maxlen * _ROOM) - len(links) - (len(message.title) if not plugin.title_maxlen else 0)
    if links and room < len(links):  # a text message by telephone: words before links
        return shortened(message.text, room + len(links))
    return f"{shortened(message.text, room)}\n{links}" if links else shortened(message.text, room)


def _open(url: str) -> "NotifyBase":
    """Apprise's own object for a URL.

    Raises:
        ChannelError: the URL is not as that service has it.
        ImportError: Apprise is not installed.
    """
    from apprise import Apprise, AppriseAsset

    service = SERVICES.get(_scheme(url))
    if service is None:
        raise ChannelError("This service is not among those that the coach knows.")
    options = url.partition("?")[2].replace(";", "&")  # Apprise parts them by either
    if strangers := {name for name, _ in parse_qsl(options, keep_blank_values=True)} - OPTIONS:
        allowed = ", ".join(sorted(OPTIONS))
        raise ChannelError(f"{len(strangers)} of the options behind ? cannot be used here. These can: {allowed}.")
    cautious: dict[str, Any] = {"http_redirects": False, "allow_templates": False}  # the later versions know both
    asset = AppriseAsset(**{name: value for name, value in cautious.items() if hasattr(AppriseAsset, name)})
    try:
        plugin = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    except Exception:  # noqa: BLE001 (some of its services trip over what is no URL before they suppress anything)
        plugin = None
    if plugin is None:
        raise ChannelError(f"This is not how Apprise writes a URL of {service}: see https://appriseit.com/services/.")
    return plugin


def _scheme(url: str) -> str:
    return url.partition("://")[0].lower()


def _missing(service: str) -> str:
    return f"{service} needs the optional package Apprise: pip install 'sciatica-coach[push]'."
