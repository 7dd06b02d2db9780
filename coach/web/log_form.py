"""What was typed of a session, read as `coach.manual.Told`; each slip is told in the reader's language."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from coach.errors import UsageError
from coach.labels import BORG, WATER_C
from coach.manual import FARTHEST_M, LONGEST_MIN, LONGEST_NOTE, Told
from coach.plan.exercises import Family, facts
from coach.plan.model import Exercise
from coach.replies.model import Given, Number
from coach.signs import UNSEEN
from coach.store.tables import Person
from coach.units import Quantity, Units, typed, unit
from coach.web.forms import Sent
from coach.web.words import Words
from coach.weeks import OLDEST_YEARS
from scheduler.clock import local_instant

_PARTS: Final = ("fast", "uphill")


def told(form: Sent, person: Person, now: datetime, words: Words) -> Told:
    """
    Raises:
        UsageError: the first thing that cannot be meant.
    """
    read = _Reader(form, person, words)
    exercise, minutes = read.exercise(), read.whole("minutes", 1, LONGEST_MIN)
    if minutes is None:
        raise UsageError(words.text("reply.number", label=words.text("log.minutes"), least=1, most=LONGEST_MIN))
    parts = {name: read.whole(name, 0, minutes) or 0 for name in _PARTS}
    if any(parts.values()) and facts(exercise).family is not Family.WALK:
        raise UsageError(words.text("log.only_walks"))
    water_c = read.quantity("water", Quantity.TEMPERATURE, *WATER_C)
    if water_c is not None and not facts(exercise).family.in_water:
        raise UsageError(words.text("log.only_water"))
    return Told(
        exercise,
        minutes,
        started_at=read.started_at(minutes, now),
        distance_m=read.quantity("distance", Quantity.DISTANCE, 1, FARTHEST_M),
        borg=read.whole("borg", *BORG),
        water_c=water_c,
        note=read.note(),
        **parts,
    )


class _Reader:
    def __init__(self, form: Sent, person: Person, words: Words) -> None:
        self._form, self._person, self._words = form, person, words
        self._units, self._zone = Units(person.units), ZoneInfo(person.timezone)

    def exercise(self) -> Exercise:
        try:
            return Exercise(self._form.text("exercise"))
        except ValueError:
            raise UsageError(self._words.text("reply.choose", label=self._words.text("reply.what"))) from None

    def whole(self, name: str, least: int, most: int) -> int | None:
        """None: nothing is typed."""
        if not self._form.text(name):
            return None
        asked = Number(name, self._words.text(f"log.{name}"), least, most)
        return Given(self._form.values, self._words.messages).number(asked)

    def quantity(self, name: str, quantity: Quantity, least: float, most: float) -> float | None:
        """In SI, from `least` to `most`; None: nothing is typed."""
        label, read = self._words.text(f"log.{name}"), unit(quantity, self._units)
        value = typed(self._form.text(name), quantity, self._units, label, self._words.messages)
        if value is not None and not least <= value <= most:
            low, high = (round(each * read.factor + read.offset, read.digits) for each in (least, most))
            fields = {"label": label, "least": f"{low:g}", "most": f"{high:g}", "unit": read.symbol}
            raise UsageError(self._words.text("log.between", **fields))
        return value

    def started_at(self, minutes: int, now: datetime) -> datetime | None:
        """None: it has just ended."""
        at, today = self._form.text("began"), now.astimezone(self._zone).date()
        try:
            day = date.fromisoformat(self._form.text("date")) if self._form.text("date") else today
            hour = time.fromisoformat(at) if at else None
        except ValueError:
            raise UsageError(self._words.text("log.no_time")) from None
        if hour is None:
            if day != today:
                raise UsageError(self._words.text("log.when"))
            return None
        if day.year < max(now.year - OLDEST_YEARS, self._person.birth_year or 0):
            raise UsageError(self._words.text("log.no_time"))
        begun = local_instant(day, hour.replace(tzinfo=None), self._zone)
        if begun + timedelta(minutes=minutes) > now:
            raise UsageError(self._words.text("log.future"))
        return begun

    def note(self) -> str | None:
        text = " ".join(self._form.text("note").split())
        if len(text) > LONGEST_NOTE or UNSEEN.search(text):
            raise UsageError(self._words.text("log.long_note", most=LONGEST_NOTE))
        return text or None
