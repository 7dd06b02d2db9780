"""How a person is reached: what the settings give, and channels that they add themselves, whose URLs are secrets."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from coach.errors import UsageError
from coach.messenger import addresses
from coach.signs import UNSEEN
from coach.store import channels
from coach.store.engine import reading
from coach.store.tables import Person, key
from coach.store.told import PersonChannel
from config.errors import SecretsError
from config.secrets import Secrets, open_secrets
from config.settings import Settings
from scheduler import suspensions
from scheduler.channels.base import Channel, Outcome, Outgoing
from scheduler.channels.outbound import permitted
from scheduler.channels.personal import Recognised, Resolve
from scheduler.channels.recognising import recognise
from scheduler.drafts import Address
from scheduler.errors import ChannelError, PrivateAddressError
from scheduler.ids import new_id
from scheduler.messages import Message

_LONGEST_NAME: Final = 80  # it stands in a table
_HTTPS: Final = 443  # any port: a host is looked up as a whole


class PrivateChannelError(UsageError):
    """It leads into a private network, which is not allowed here."""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways to a person. Those that they added have a number; `suspended`: why nothing goes there now."""

    address: Address
    label: str
    number: int | None = None
    added_at: datetime | None = None
    suspended: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A channel as it is kept now. `secret` was made for it, and is not shown again."""

    way: Way
    is_new: bool
    secret: str | None = None


def ways(session: Session, person: Person, settings: Settings) -> list[Way]:
    """All that are set up, in the order in which messages are sent; none where that is the terminal."""
    own = {channels.address(row): row for row in channels.of_person(session, key(person))}
    everywhere = [each for each in addresses(session, person, settings) if each.channel != "console"]
    refused = {each.address: each.reason for each in suspensions.suspended(session, everywhere)}
    labels = {"email": person.email or "", "file": str(settings.message_folder)}
    return [
        _way(own[each], refused.get(each))
        if each in own
        else Way(each, labels[each.channel], suspended=refused.get(each))
        for each in everywhere
    ]


def check(url: str, settings: Settings) -> tuple[Recognised, bool]:
    """What a URL stands for, and whether its host could be found just now: one may be without a network.

    Raises:
        PrivateChannelError, UsageError: it cannot be used, and why; never the URL itself.
    """
    try:
        found = recognise(url, allow_plain=settings.allow_private_addresses)
    except ChannelError as error:
        raise UsageError(str(error)) from None
    try:
        if found.host is not None:
            asyncio.run(permitted(found.host, _HTTPS, allow_private=settings.allow_private_addresses))
    except PrivateAddressError as error:
        raise PrivateChannelError(str(error)) from None
    except OSError:
        return found, False
    return found, True


def add(
    session: Session, person: Person, found: Recognised, name: str | None, secrets: Secrets, now: datetime
) -> Added:
    """Keep a channel, its URL sealed. One that is there already stays as it was, and is used again if it was suspended.

    Raises:
        UsageError: the name cannot be shown.
    """
    label = found.label if name is None else name.strip()
    if not label or len(label) > _LONGEST_NAME or UNSEEN.search(label):
        raise UsageError(f"A name is 1 to {_LONGEST_NAME} characters that can be seen.")
    for row in channels.of_person(session, key(person)):
        if row.channel == found.channel and _leads_to_the_same(row, found, secrets):
            suspensions.resume(session, [channels.address(row)])
            return Added(_way(row), is_new=False)
    row = channels.add(session, key(person), found.channel, secrets.seal(found.url), label, now)
    return Added(_way(row), is_new=True, secret=found.secret)


def _leads_to_the_same(row: PersonChannel, found: Recognised, secrets: Secrets) -> bool:
    try:
        return found.is_same(secrets.unseal(row.sealed_url))
    except SecretsError:  # of another key: it reaches nobody, and may be set up anew
        return False


def _way(row: PersonChannel, suspended: str | None = None) -> Way:
    return Way(channels.address(row), row.label, row.number, row.created_at, suspended)


def resolver(engine: Engine, settings: Settings) -> Resolve:
    """From what a delivery knows of a person's channel to its URL."""

    def resolve(reference: str) -> str:
        with reading(engine) as session:
            sealed = channels.sealed_url(session, reference)
        return open_secrets(settings).unseal(sealed)

    return resolve


async def try_out(opened: Mapping[str, Channel], tried: Sequence[Way], message: Message, domain: str) -> list[Outcome]:
    """Send one message each way, and tell what came of it."""
    try:
        return [
            await opened[way.address.channel].send(Outgoing(way.address.address, message, f"<{new_id()}@{domain}>"))
            for way in tried
        ]
    finally:
        for channel in opened.values():
            await channel.rest()
