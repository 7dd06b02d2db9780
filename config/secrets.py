"""What this installation keeps to itself: one key, and from it a key for each purpose; and for a while those before.

Keys before lie in a file of their own beside the key, a line each: the key, and until when it was the one. So a program
that knows of none goes on with the key. Each file is there whole or as it was; what a new key takes the place of is
among those before first.
"""

import hashlib
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import URLSafeSerializer

from config.errors import SecretsError
from config.settings import Settings

FILE: Final = "secret.key"
BEFORE: Final = "secret.key.before"
# Of the text that keys are made of: as much as `secret_key` must have at least, twice.
_LENGTH_BYTES: Final = 32
_LEAST_CHARACTERS: Final = 32
_SEALING: Final = "sealing"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Seals texts, and derives keys. Both are the same each time that they are opened with the same key.

    With keys before: they open what they sealed and signed, and nothing is sealed or signed with them.
    """

    _key: bytes = field(repr=False)
    _before: tuple[bytes, ...] = field(default=(), repr=False)

    def derived(self, purpose: str) -> bytes:
        """32 bytes of their own for each purpose (HKDF with SHA-256, RFC 5869); one tells nothing of another."""
        return _derived(self._key, purpose)

    def signer(self, purpose: str) -> URLSafeSerializer:
        """Writes small values as text for an address, and reads back what nobody else wrote (HMAC with SHA-256)."""
        digest: Callable[[], object] = hashlib.sha256
        options = {"digest_method": digest, "key_derivation": "hmac"}
        keys = [_derived(each, purpose) for each in (*reversed(self._before), self._key)]  # the last one signs
        return URLSafeSerializer(keys, salt=purpose, signer_kwargs=options)

    def seal(self, text: str) -> str:
        """The text encrypted and signed (Fernet), as ASCII; another each time."""
        return _fernet(self._key).encrypt(text.encode()).decode("ascii")

    def unseal(self, sealed: str) -> str:
        """
        Raises:
            SecretsError: it was sealed with another key, or changed since.
        """
        try:
            return MultiFernet([_fernet(each) for each in (self._key, *self._before)]).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SecretsError(
                "What was sealed here was sealed with another key. Bring back the `secret_key` of then "
                f"(or `{FILE}` in the home), or set up anew what was sealed."
            ) from None

    @property
    def alone(self) -> "Secrets":
        """Without the keys before."""
        return Secrets(self._key)


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"sciatica-coach {purpose}".encode()).derive(key)


def _fernet(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(_derived(key, _SEALING)))


def open_secrets(settings: Settings) -> Secrets:
    """With `secret_key`, or else the key that lies in the home; the first to ask makes one.

    Raises:
        SecretsError: a file cannot be made or read, or holds no key.
    """
    earlier = tuple(each.key for each in before(settings.home))
    if settings.secret_key is not None:
        former = settings.secret_key_before
        set_before = () if former is None else (former.get_secret_value().encode(),)
        return Secrets(settings.secret_key.get_secret_value().encode(), (*set_before, *earlier))
    return Secrets(_in_home(settings.home / FILE), earlier)


def _in_home(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise SecretsError(f"The key {path} cannot be used: {error.strerror}. Or set COACH_SECRET_KEY.") from error
    if len(key) < _LEAST_CHARACTERS:
        raise SecretsError(f"{path} holds no key. Bring it back from a copy of the home; or delete it to begin anew.")
    return key


@dataclass(frozen=True, slots=True)
class Before:
    """A key that was the one until a moment."""

    key: bytes = field(repr=False)
    until: datetime


def before(home: Path) -> Sequence[Before]:
    """Those before the home's key, the last one first.

    Raises:
        SecretsError: the file cannot be read.
    """
    path = home / BEFORE
    try:
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        pairs = [line.split(" ") for line in lines]
        return [Before(key.encode("ascii"), datetime.fromisoformat(until)) for key, until in pairs]
    except (OSError, ValueError) as error:
        raise SecretsError(f"The keys before, {path}, cannot be read: {error}. Bring it back, or delete it.") from error


def renew(settings: Settings, now: datetime) -> Secrets:
    """Make a new key in the home; the one that is there is the first of those before.

    Raises:
        SecretsError: the files cannot be written; the key is as it was.
    """
    home = settings.home
    there = Before(_in_home(home / FILE), now)
    earlier = [each for each in before(home) if each.key != there.key]  # killed in between, it may be there already
    try:
        keep_before(home, [there, *earlier])
        _put(home / FILE, _new())
    except OSError as error:
        raise SecretsError(f"The key in {home} cannot be changed: {error.strerror}. It is as it was.") from error
    return open_secrets(settings)


def keep_before(home: Path, keys: Sequence[Before]) -> None:
    """These alone; none: the file goes."""
    if not keys:
        (home / BEFORE).unlink(missing_ok=True)
        return
    _put(home / BEFORE, b"".join(b"%s %s\n" % (each.key, each.until.isoformat().encode()) for each in keys))


def _put(path: Path, content: bytes) -> None:
    """In place of what is there, whole and on the disk, or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=".key-", delete=False) as made:  # 0600 from the beginning
        made.write(content)
        made.flush()
        os.fsync(made.fileno())
    Path(made.name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _new() -> bytes:
    return secrets.token_hex(_LENGTH_BYTES).encode("ascii") + b"\n"


def _make(path: Path) -> None:
    """A key of one's own, readable for nobody else. Of several who make one at the same moment the first one's stays:
    a link appears whole, and never replaces.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=".key-") as made:  # 0600 from the beginning
        made.write(_new())
        made.flush()
        with suppress(FileExistsError):
            path.hardlink_to(made.name)
