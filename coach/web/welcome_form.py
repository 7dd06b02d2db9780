"""What somebody new has typed, read as `enrolment.details.Details`; each slip is told in the reader's language."""

from datetime import date, datetime, timedelta
from typing import Final

from coach.enrolment.details import MAX_HR, RESTING_HR, Details, is_address
from coach.errors import UsageError
from coach.names import LONGEST_NAME
from coach.plan import Relief
from coach.replies.model import Given, Number
from coach.signs import UNSEEN
from coach.web.forms import Sent
from coach.web.words import Words
from coach.weeks import OLDEST_YEARS

_TRAITS: Final = ("load_intolerant", "shoulder_injury", "swimmer", "beta_blocker")
_FLEXION: Final = {"yes": True, "no": False}
_EAST: Final = timedelta(hours=14)  # where a day begins first
_YEARS_AHEAD: Final = 366
_LONGEST_NUMBER: Final = 20  # to dial


def details(form: Sent, words: Words, now: datetime) -> Details:
    """
    Raises:
        UsageError: the first thing that cannot be meant. What remains is for `coach.enrolment.details.check`.
    """
    read = _Reader(form, words)
    latest = (now + _EAST).date()
    made_by, made_on = read.name("diagnosed_by"), read.day("diagnosed_on", latest, "welcome.future")
    if (made_by is None) != (made_on is None):
        raise UsageError(words.text("welcome.half_diagnosis"))
    resting, most = read.whole("resting_hr", *RESTING_HR), read.whole("max_hr", *MAX_HR)
    if resting is not None and most is not None and most <= resting:
        raise UsageError(words.text("welcome.hearts"))
    return Details(
        name=read.name("name", required=True),
        email=read.address(),
        timezone=form.text("timezone") or None,
        language=form.text("language") or None,
        units=form.text("units") or None,
        condition=read.required("condition"),
        diagnosed_by=made_by,
        diagnosed_on=made_on,
        relief=form.text("relief") if form.text("relief") in set(Relief) else Relief.UNKNOWN,
        flexion_tolerated=_FLEXION.get(form.text("flexion")),
        birth_year=read.whole("birth_year", now.year - OLDEST_YEARS, now.year),
        resting_hr=resting,
        max_hr=most,
        emergency_number=read.number_to_dial(),
        start=read.day("start", latest + timedelta(days=_YEARS_AHEAD), "welcome.too_late"),
        **{name: form.text(name) == "yes" for name in _TRAITS},
    )


def diagnosis(form: Sent, words: Words, now: datetime) -> Details:
    """Who made it and when, both of them.

    Raises:
        UsageError: one of them is missing, or cannot be meant.
    """
    read = _Reader(form, words)
    made_by = read.name("diagnosed_by", required=True)
    made_on = read.day("diagnosed_on", (now + _EAST).date(), "welcome.future")
    if made_on is None:
        raise UsageError(words.text("welcome.half_diagnosis"))
    return Details(diagnosed_by=made_by, diagnosed_on=made_on)


class _Reader:
    def __init__(self, form: Sent, words: Words) -> None:
        self._form, self._words = form, words

    def required(self, name: str) -> str:
        text = self._form.text(name)
        if not text:
            raise UsageError(self._words.text("reply.choose", label=self._words.text(f"welcome.{name}")))
        return text

    def name(self, field: str, *, required: bool = False) -> str | None:
        text = self._form.text(field)
        if (required and not text) or len(text) > LONGEST_NAME or UNSEEN.search(text):
            label = self._words.text(f"welcome.{field}")
            raise UsageError(self._words.text("welcome.no_name", label=label, most=LONGEST_NAME))
        return text or None

    def address(self) -> str | None:
        text = self._form.text("email")
        if text and not is_address(text):
            raise UsageError(self._words.text("join.no_address"))
        return text or None

    def day(self, name: str, latest: date, too_late: str) -> date | None:
        text, label = self._form.text(name), self._words.text(f"welcome.{name}")
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            raise UsageError(self._words.text("welcome.no_day", label=label)) from None
        if day is not None and day > latest:
            raise UsageError(self._words.text(too_late, label=label))
        return day

    def whole(self, name: str, least: int, most: int) -> int | None:
        if not self._form.text(name):
            return None
        asked = Number(name, self._words.text(f"welcome.{name}"), least, most)
        return Given(self._form.values, self._words.messages).number(asked)

    def number_to_dial(self) -> str | None:
        text = self._form.text("emergency_number")
        if text and (
            len(text) > _LONGEST_NUMBER
            or not all(sign in "0123456789+-/() " for sign in text)
            or not any(sign.isdigit() for sign in text)
        ):
            raise UsageError(self._words.text("welcome.no_number"))
        return text or None
