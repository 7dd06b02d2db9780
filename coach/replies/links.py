"""Links that can be trusted: signed, for one purpose of one person, and only for a while."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from coach.errors import CoachError
from coach.replies.model import Link
from config.secrets import open_secrets
from config.settings import Settings

PATH: Final = "/r/"
"""Where links lead, behind the public address."""

_PURPOSE: Final = "reply links"


class LinkError(CoachError):
    """Nobody wrote this link, or not like this."""


class ExpiredError(LinkError):
    """It was good once; `link` says for whom."""

    def __init__(self, link: Link) -> None:
        super().__init__("This link is no longer open.")
        self.link = link


@dataclass(frozen=True, slots=True)
class Links:
    """Writes and reads links. Nobody without the key can do either."""

    public_url: str
    _signer: URLSafeSerializer

    def url(self, link: Link) -> str:
        return f"{self.public_url}{PATH}{self.token(link)}"

    @property
    def root(self) -> str:
        """The folder of the public address that the pages lie in; mostly none."""
        return urlsplit(self.public_url).path

    @property
    def mark(self) -> str:
        """Another with each public address and each key."""
        return sha256(self.url(Link(0, "mark", "", datetime.fromtimestamp(0, UTC))).encode()).hexdigest()[:16]

    def token(self, link: Link) -> str:
        nudge = link.nudge_id.hex if link.nudge_id else ""
        expires = int(link.expires_at.timestamp())
        return str(self._signer.dumps([link.person_id, link.kind, link.subject, expires, nudge]))

    def read(self, token: str, now: datetime) -> Link:
        """
        Raises:
            LinkError: it is forged, or was cut on its way.
            ExpiredError: it is too late.
        """
        try:
            person_id, kind, subject, expires, nudge = self._signer.loads(token)
        except (BadData, ValueError, TypeError):
            raise LinkError("This link is not one of ours, or a part of it got lost.") from None
        expires_at = datetime.fromtimestamp(expires, UTC)
        link = Link(person_id, kind, subject, expires_at, UUID(nudge) if nudge else None)
        if now >= expires_at:
            raise ExpiredError(link)
        return link


def open_links(settings: Settings) -> Links | None:
    """As the settings have it; None where no public address is set, for then a link would lead nowhere.

    Raises:
        SecretsError: the key that they are signed with cannot be had.
    """
    if settings.public_url is None:
        return None
    return Links(settings.public_url, open_secrets(settings).signer(_PURPOSE))
