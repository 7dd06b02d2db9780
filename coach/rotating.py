"""The secret key is changed: what is sealed is sealed anew, and links that are out stay good for as long as they last.

Whenever it is stopped, everything that was sealed or signed can still be opened: the key before is kept first, the new
one is put in its place next, and what is sealed is sealed anew in one transaction. Done again, it is done whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from coach.app import App
from coach.replies.offers import WISHES_LAST
from coach.store.access import What, note
from coach.store.accounts import Account
from coach.store.acting import COMMAND_LINE
from coach.store.engine import reading, writing
from coach.store.told import PersonChannel
from config import secrets
from config.errors import SecretsError
from config.secrets import Secrets, open_secrets

LASTS: Final = WISHES_LAST
"""So long a key before is kept: no link lasts longer."""

_SEALED: Final = ((PersonChannel, "sealed_url"), (Account, "sealed_factor"))


@dataclass(frozen=True, slots=True)
class Sealed:
    """How much is sealed: with the key, with one before, and with none that is known here."""

    by_key: int
    by_earlier: int
    by_unknown: int


@dataclass(frozen=True, slots=True)
class Keys:
    """`is_set`: the key is a setting, and else lies in the home. `earlier`: how many keys before are kept."""

    is_set: bool
    earlier: int
    sealed: Sealed


def look(app: App) -> Keys:
    """
    Raises:
        SecretsError: the keys cannot be read.
    """
    with reading(app.engine) as session:
        sealed = _counted(session, open_secrets(app.settings))
    is_set, set_before = app.settings.secret_key is not None, app.settings.secret_key_before is not None
    return Keys(is_set, len(secrets.before(app.settings.home)) + (is_set and set_before), sealed)


def rotate(app: App, now: datetime, *, leaked: bool) -> Keys:
    """Make a new key, or take up the one that was set, and seal with it what is sealed.

    `leaked`: the keys before open nothing any more, and links that are out are void.

    Raises:
        SecretsError: the key is a setting, and nobody has said which it takes the place of; or files cannot be written.
    """
    home, is_set = app.settings.home, app.settings.secret_key is not None
    if is_set and app.settings.secret_key_before is None:
        raise SecretsError(
            "The key is set by COACH_SECRET_KEY, which is yours to change: set COACH_SECRET_KEY_BEFORE to what it is "
            "now and COACH_SECRET_KEY to a new one, for every process, and do this again."
        )
    known = open_secrets(app.settings) if is_set else secrets.renew(app.settings, now)
    with writing(app.engine, None, COMMAND_LINE) as session:
        for row, name in _rows(session):
            _seal_anew(row, name, known)
            session.add(row)
        note(session, What.SECRETS_ROTATED, None, now)
    if leaked:
        secrets.keep_before(home, ())
    return look(app)


def too_old(app: App, before: datetime) -> int:
    """How many keys before have been kept for long enough; none while something is sealed with one."""
    old = sum(each.until < before for each in secrets.before(app.settings.home))
    return 0 if not old or look(app).sealed.by_earlier else old


def forget(app: App, before: datetime) -> int:
    """Let go of those."""
    gone = too_old(app, before)
    if gone:
        home = app.settings.home
        secrets.keep_before(home, [each for each in secrets.before(home) if each.until >= before])
    return gone


def _rows(session: Session) -> Iterator[tuple[Any, str]]:
    for table, name in _SEALED:
        for row in session.exec(select(table).where(col(getattr(table, name)).is_not(None))):
            yield row, name


def _seal_anew(row: Any, name: str, known: Secrets) -> None:
    """What no key opens stays as it is: the key may be brought back."""
    try:
        setattr(row, name, known.seal(known.unseal(getattr(row, name))))
    except SecretsError:
        return


def _counted(session: Session, known: Secrets) -> Sealed:
    by_key = by_earlier = by_unknown = 0
    for row, name in _rows(session):
        sealed = getattr(row, name)
        if _opens(known.alone, sealed):
            by_key += 1
        elif _opens(known, sealed):
            by_earlier += 1
        else:
            by_unknown += 1
    return Sealed(by_key, by_earlier, by_unknown)


def _opens(known: Secrets, sealed: str) -> bool:
    try:
        known.unseal(sealed)
    except SecretsError:
        return False
    return True
