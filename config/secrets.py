"""What this installation keeps to itself: one key, and from it a key for each purpose."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import URLSafeSerializer

from config.errors import SecretsError
from config.settings import Settings

FILE: Final = "secret.key"
# Of the text that keys are made of: as much as `secret_key` must have at least, twice.
_LENGTH_BYTES: Final = 32
_LEAST_CHARACTERS: Final = 32
_SEALING: Final = "sealing"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Seals texts, and derives keys. Both are the same each time that they are opened with the same key."""

    _key: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """32 bytes of their own for each purpose (HKDF with SHA-256, RFC 5869); one tells nothing of another."""
        return HKDF(SHA256(), length=32, salt=None, info=f"sciatica-coach {purpose}".encode()).derive(self._key)

    def signer(self, purpose: str) -> URLSafeSerializer:
        """Writes small values as text for an address, and reads back what nobody else wrote (HMAC with SHA-256)."""
        digest: Callable[[], object] = hashlib.sha256
        options = {"digest_method": digest, "key_derivation": "hmac"}
        return URLSafeSerializer(self.derived(purpose), salt=purpose, signer_kwargs=options)

    def seal(self, text: str) -> str:
        """The text encrypted and signed (Fernet), as ASCII; another each time."""
        return self._fernet().encrypt(text.encode()).decode("ascii")

    def unseal(self, sealed: str) -> str:
        """
        Raises:
            SecretsError: it was sealed with another key, or changed since.
        """
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SecretsError(
                "What was sealed here was sealed with another key. Bring back the `secret_key` of then "
                f"(or `{FILE}` in the home), or set up anew what was sealed."
            ) from None

    def _fernet(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self.derived(_SEALING)))


def open_secrets(settings: Settings) -> Secrets:
    """With `secret_key`, or else the key that lies in the home; the first to ask makes one.

    Raises:
        SecretsError: the file cannot be made or read, or holds no key.
    """
    if settings.secret_key is not None:
        return Secrets(settings.secret_key.get_secret_value().encode())
    path = settings.home / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise SecretsError(f"The key {path} cannot be used: {error.strerror}. Or set COACH_SECRET_KEY.") from error
    if len(key) < _LEAST_CHARACTERS:
        raise SecretsError(f"{path} holds no key. Bring it back from a copy of the home; or delete it to begin anew.")
    return Secrets(key)


def _make(path: Path) -> None:
    """A key of one's own, readable for nobody else. Of several who make one at the same moment the first one's stays:
    a link appears whole, and never replaces.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=".key-") as made:  # 0600 from the beginning
        made.write(secrets.token_hex(_LENGTH_BYTES).encode("ascii") + b"\n")
        made.flush()
        with suppress(FileExistsError):
            path.hardlink_to(made.name)
