"""A plan that a warning sign has locked, in words."""

from zoneinfo import ZoneInfo

from coach.safety.model import Lock
from coach.store.tables import Person
from config.messages import Messages, catalogue
from config.messages.calendar import weekday, whole


def lock_line(lock: Lock, person: Person, words: Messages | None = None, text: str = "lock.holds") -> str:
    """That it is locked, since when, and how it is opened again; in English unless `words` says otherwise.

    `lock.holds` names the command that opens it, `lock.holds_here` none.
    """
    words = words or catalogue()
    day = lock.raised_at.astimezone(ZoneInfo(person.timezone)).date()
    return words.text(text, day=f"{weekday(day, words)}, {whole(day, words)}")
