"""Passwords: what is asked of one, and how it is kept."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

# NIST SP 800-63B asks for length and for nothing else; at most so that hashing one costs nobody their server.
LEAST: Final = 10
MOST: Final = 512


@cache
def _hashes() -> PasswordHash:
    return PasswordHash.recommended()  # Argon2id


@cache
def _nobodys() -> str:
    return hashed("of nobody, to take as long")


def hashed(password: str) -> str:
    return _hashes().hash(password)


def is_right(password: str, known: str | None) -> bool:
    """Whether it is the one that was hashed. Where there is none it takes as long to say no."""
    if len(password) > MOST:
        return False
    try:
        return _hashes().verify(password, known or _nobodys()) and known is not None
    except UnknownHashError:
        return False


def faults(password: str, repeated: str, email: str) -> Iterator[str]:
    """What keeps it from being taken, as names of texts."""
    if not LEAST <= len(password) <= MOST:
        yield "password.length"
    elif password.casefold() in {email, email.partition("@")[0]} or len(set(password)) < LEAST // 2:
        yield "password.guessable"
    elif password != repeated:
        yield "password.differs"
