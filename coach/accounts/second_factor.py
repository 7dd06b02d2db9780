"""The second factor: a code that an app shows for half a minute (TOTP, RFC 6238), or one of some that were written
down. None is good twice.
"""

import hashlib
import secrets
from base64 import b32encode
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
from config.errors import SecretsError
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


def spelled(secret: bytes) -> str:
    """For who types it into their app: in groups of four (base32, RFC 4648)."""
    letters = b32encode(secret).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def offered(account: Account, secret: bytes, known: Secrets) -> str:
    """A secret on its way through a form, until a code has shown that it has arrived."""
    return known.seal(f"{key(account)} {secret.hex()}")


def taken_up(account: Account, sealed: str, known: Secrets) -> bytes | None:
    """The secret that was offered to this account; None where it was none."""
    try:
        whose, _, secret = known.unseal(sealed).partition(" ")
        return bytes.fromhex(secret) if whose == str(key(account)) else None
    except (SecretsError, ValueError):
        return None


def turn_on(account: Account, secret: bytes, step: int, known: Secrets) -> tuple[str, ...]:
    """From now on a code is asked for; `step` is the one whose code was given. Gives the codes to write down."""
    account.sealed_factor, account.factor_step = known.seal(secret.hex()), step
    return renew(account)


def renew(account: Account) -> tuple[str, ...]:
    """New codes to write down in the place of those before."""
    made = recovery()
    account.recovery = list(made.kept)
    return made.codes


def turn_off(account: Account) -> None:
    account.sealed_factor, account.recovery = None, []


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
    return str(known.signer(_PURPOSE).dumps([key(account), stamp_of(account), int((now + _LASTS).timestamp())]))


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
    """Whether the password is still the one that was given, and the factor the one that is asked for."""
    return stamp_of(account) == stamp


def stamp_of(account: Account) -> str:
    """Another as soon as the password or the second factor is."""
    return hashlib.sha256(f"{account.password_hash} {account.sealed_factor or ''}".encode()).hexdigest()[:16]
