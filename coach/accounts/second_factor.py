"""The second factor: a code that an app shows for half a minute (TOTP, RFC 6238), or one of some that were written
down. None is good twice.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from itsdangerous import BadData

from coach.errors import CoachError
from coach.store.accounts import Account
from coach.store.tables import key
from config.secrets import Secrets

_STEP_S: Final = 30
_DIGITS: Final = 6
_SECRET_BYTES: Final = 20  # as long as a SHA-1 (RFC 4226, section 4)
# A phone's clock may be off by one step either way.
_STEPS: Final = (0, -1, 1)
_RECOVERY: Final = 8
_RECOVERY_BYTES: Final = 8

_PURPOSE: Final = "sign-in half done"
_LASTS: Final = timedelta(minutes=10)


class TicketError(CoachError):
    """Nobody has given the password of this, or too long ago."""


def new_secret() -> bytes:
    return secrets.token_bytes(_SECRET_BYTES)


def uri(secret: bytes, email: str) -> str:
    """What an app is shown as a QR code."""
    return _totp(secret).get_provisioning_uri(email, "sciatica-coach")


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """Which step a code belongs to, of those it may belong to now."""
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not digits.isascii() or not digits.isdigit():
        return None
    at = int(now.timestamp())
    return next((at // _STEP_S + step for step in _STEPS if _is_of(secret, digits, at + step * _STEP_S)), None)


def _is_of(secret: bytes, digits: str, at: int) -> bool:
    try:
        _totp(secret).verify(digits.encode(), at)
    except InvalidToken:
        return False
    return True


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, _DIGITS, SHA1(), _STEP_S)  # noqa: S303  (what every app knows)


def accepts(account: Account, code: str, known: Secrets, now: datetime) -> bool:
    """Whether a code lets in; it is used up then.

    Raises:
        SecretsError: what codes are made of was sealed with another key.
    """
    if account.sealed_factor is None:
        return False
    step = step_of(bytes.fromhex(known.unseal(account.sealed_factor)), code, now)
    if step is not None and step > account.factor_step:
        account.factor_step = step
        return True
    if (used := _sha256(code)) in account.recovery:
        account.recovery = [each for each in account.recovery if each != used]
        return True
    return False


@dataclass(frozen=True, slots=True)
class Recovery:
    """Codes to write down, and what is kept of them."""

    codes: tuple[str, ...]
    kept: tuple[str, ...]


def recovery() -> Recovery:
    codes = tuple(secrets.token_hex(_RECOVERY_BYTES // 2) for _ in range(_RECOVERY))
    return Recovery(codes, tuple(map(_sha256, codes)))


def _sha256(code: str) -> str:
    return hashlib.sha256("".join(code.split()).casefold().encode()).hexdigest()


def ticket(account: Account, known: Secrets, now: datetime) -> str:
    """For who has given the password, and has yet to give a code."""
    return str(known.signer(_PURPOSE).dumps([key(account), _stamp(account), int((now + _LASTS).timestamp())]))


def of_ticket(text: str, known: Secrets, now: datetime) -> tuple[int, str]:
    """The account's id, and the stamp that it must still have.

    Raises:
        TicketError: it is none, or none any more.
    """
    try:
        account_id, stamp, until = known.signer(_PURPOSE).loads(text)
        over = now >= datetime.fromtimestamp(until, UTC)
    except (BadData, ValueError, TypeError):
        raise TicketError("forged") from None
    if over:
        raise TicketError("over")
    return account_id, stamp


def is_of(account: Account, stamp: str) -> bool:
    """Whether the password is still the one that was given."""
    return _stamp(account) == stamp


def _stamp(account: Account) -> str:
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]
