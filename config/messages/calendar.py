"""Days, months and dates in a language."""

from datetime import date
from typing import Final

from config.messages.catalogue import Messages

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def weekday(day: date, words: Messages) -> str:
    """`Tuesday`."""
    return words.text(f"weekday.{_DAYS[day.weekday()]}")


def weekday_short(day: date, words: Messages) -> str:
    """`Tue`."""
    return words.text(f"weekday_short.{_DAYS[day.weekday()]}")


def span(first: date, last: date, words: Messages) -> str:
    """`9-15 November 2026`, with months and years only where they differ."""
    if first.year != last.year:
        return words.text("date.span", first=whole(first, words), last=whole(last, words))
    if first.month != last.month:
        return words.text("date.span", first=day_month(first, words), last=whole(last, words))
    return words.text("date.days", first=words.text("date.day", day=first.day), last=whole(last, words))


def day_month(day: date, words: Messages) -> str:
    """`9 November`."""
    return words.text("date.day_month", day=day.day, month=_month(day, words))


def short(day: date, words: Messages) -> str:
    """`9 Nov`, where there is little room."""
    return words.text("date.short", day=day.day, month=_month(day, words)[:3])


def whole(day: date, words: Messages) -> str:
    """`9 November 2026`."""
    return words.text("date.whole", day=day.day, month=_month(day, words), year=day.year)


def _month(day: date, words: Messages) -> str:
    return words.text(f"month.{_MONTHS[day.month - 1]}")
