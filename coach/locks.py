"""A warning sign in words: what is told at once, and that the plan is locked."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from coach.safety.model import Lock, SignLevel
from coach.safety.signs import levels_told, signs
from coach.store.tables import Person
from config.messages import Messages, catalogue
from config.messages.calendar import weekday, whole


def told_at_once(signs: Iterable[str], emergency_number: str, words: Messages | None = None) -> tuple[str, ...]:
    """What a person is told of these signs on the spot, word by word, the most urgent first (clinical rules, 7)."""
    words = words or catalogue()
    return tuple(words.text(f"told.{level}", emergency_number=emergency_number) for level in levels_told(signs))


def questions(words: Messages | None = None) -> list[tuple[str, SignLevel, str]]:
    """Code, level and question of each sign, the most urgent first."""
    words = words or catalogue()
    return [(code, sign.level, words.text(f"sign.{code}")) for code, sign in signs().items()]


def lock_line(lock: Lock, person: Person, words: Messages | None = None, text: str = "lock.holds") -> str:
    """That it is locked, since when, and how it is opened again; in English unless `words` says otherwise.

    `lock.holds` names the command that opens it, `lock.holds_here` none.
    """
    words = words or catalogue()
    day = lock.raised_at.astimezone(ZoneInfo(person.timezone)).date()
    return words.text(text, day=f"{weekday(day, words)}, {whole(day, words)}")
